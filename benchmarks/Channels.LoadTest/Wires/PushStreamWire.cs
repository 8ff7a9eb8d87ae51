using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>Push streams of the same server, over many channels of which only the first gets messages.</summary>
/// <param name="resumeTime">Time of the position that clients resume from, if they do.</param>
internal sealed class PushStreamWire(string? resumeTime = null) : Wire
{
    /// <summary>Channels of each client.</summary>
    public const int Channels = 50;

    public override string Role => RoleNames.Channels;

    public override string Title => "Push stream";

    public override bool Greets => false;

    public static string ShortPollPath => Path("shortpoll");

    protected override string StreamPath(StreamStart start) =>
        Path("websocket") + (start.After is { } tag ? $"&tag={tag}&time={Uri.EscapeDataString(resumeTime!)}" : "");

    protected override string PollPath(string address) => Path("longpoll");

    protected override string PublishPath(string address) => throw new InvalidOperationException("Nothing is published over push streams here.");

    private static string Path(string transport) =>
        $"/{transport}/{string.Join('/', Enumerable.Range(0, Channels).Select(Address))}?auth_token={ChannelsRole.Token}";
}
