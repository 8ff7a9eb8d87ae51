namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>Tests that count the memory of the process run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "Memory";
}
