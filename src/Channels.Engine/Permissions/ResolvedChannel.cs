namespace Channels.Engine;

/// <summary>What rules a channel name: a stored descriptor, or a template with what its placeholders matched.</summary>
internal sealed class ResolvedChannel(ChannelDescriptor descriptor, ChannelAccess access, IReadOnlyDictionary<string, string> values)
{
    private static readonly Dictionary<string, string> NoValues = [];

    public ChannelDescriptor Descriptor { get; } = descriptor;

    public ChannelAccess Access { get; } = access;

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    /// <summary>What the name is to particular front ends, where they share a template.</summary>
    public IReadOnlyList<ResolvedChannel> Views { get; init; } = [];

    public bool IsStored => Descriptor.Version > 0;

    public static ResolvedChannel Stored(ChannelDescriptor descriptor) => new(descriptor, ChannelAccess.Open, NoValues);

    /// <summary>Whether a front end sees the name without a grant; what acts in process sees all.</summary>
    public bool IsVisibleTo(string? frontEnd) => frontEnd is null || Access.FrontEnds is not { } visible || visible.Contains(frontEnd);

    /// <summary>What the name is to a front end.</summary>
    /// <param name="frontEnd">Its name; <see langword="null"/> in process.</param>
    public ResolvedChannel For(string? frontEnd)
    {
        for (var i = 0; frontEnd is not null && i < Views.Count; i++)
        {
            if (Views[i].Access.FrontEnds!.Contains(frontEnd))
            {
                return Views[i];
            }
        }

        return this;
    }
}
