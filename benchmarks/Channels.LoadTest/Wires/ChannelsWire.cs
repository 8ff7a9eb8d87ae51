using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>The native stream, polls and publishing of Channels, as a user with a key.</summary>
/// <param name="alsoSubscribed">How many further channels a stream has.</param>
internal class ChannelsWire(int alsoSubscribed = 0) : Wire
{
    private const string Root = $"/v1.1/instances/{ChannelAddress.DefaultInstance}";

    public override string Role => RoleNames.Channels;

    public override string Title => "Channels";

    public override bool Resumes => true;

    protected override string Identity => $"X-API-KEY: {ChannelsRole.ApiKey}\r\nX-USER-KEY: {ChannelsRole.UserKey}\r\n";

    protected override (string Before, string After) Envelope => ("{\"payload\":", "}");

    protected override string StreamPath(StreamStart start) =>
        $"{Root}/stream/?channel={start.Address}{string.Concat(Enumerable.Range(1, alsoSubscribed).Select(i => $"&channel={Address(i)}"))}" +
        (start.After is { } id ? $"&last_id={id}" : "");

    protected override string PollPath(string address) => $"{Root}/channels/{address}/poll/";

    protected override string PublishPath(string address) => $"{Root}/channels/{address}/publish/";
}
