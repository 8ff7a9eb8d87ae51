using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>Who may use the names of a template, beyond what the permissions of its descriptor say.</summary>
/// <param name="FrontEnds">The only front ends that see the names; <see langword="null"/> for all.</param>
/// <param name="NeedsGrant">Whether everybody but administrators and the host needs an explicit grant.</param>
/// <param name="Rules">Rules that allow more.</param>
internal sealed record ChannelAccess(FrozenSet<string>? FrontEnds, bool NeedsGrant, IReadOnlyList<AccessRule> Rules)
{
    public static ChannelAccess Open { get; } = new(null, false, []);
}
