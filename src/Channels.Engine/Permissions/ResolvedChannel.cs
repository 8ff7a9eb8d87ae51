namespace Channels.Engine;

/// <summary>What rules a channel name: a stored descriptor, or a template with what its placeholders matched.</summary>
internal sealed class ResolvedChannel(ChannelDescriptor descriptor, ChannelAccess access, IReadOnlyDictionary<string, string> values)
{
    private static readonly Dictionary<string, string> NoValues = [];

    public ChannelDescriptor Descriptor { get; } = descriptor;

    public ChannelAccess Access { get; } = access;

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    public bool IsStored => Descriptor.Version > 0;

    public static ResolvedChannel Stored(ChannelDescriptor descriptor) => new(descriptor, ChannelAccess.Open, NoValues);
}
