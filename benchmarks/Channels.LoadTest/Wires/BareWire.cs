using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>Handwritten endpoints without any promise: the payload alone, as it is.</summary>
internal sealed class BareWire : Wire
{
    public override string Role => RoleNames.Bare;

    public override string Title => "bare Kestrel";

    protected override string StreamPath(StreamStart start) => $"{BareRole.StreamPath}/{start.Address}";

    protected override string PollPath(string address) => $"{BareRole.PollPath}/{address}";

    protected override string PublishPath(string address) => $"{BareRole.PublishPath}/{address}";
}
