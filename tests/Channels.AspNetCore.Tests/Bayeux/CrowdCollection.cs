namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Tests with so many clients at once that they run by themselves, to starve no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CrowdCollection
{
    public const string Name = "Crowd";
}
