namespace Channels.AspNetCore.Pusher;

/// <summary>An app as it is served: immutable, made anew when its settings change.</summary>
internal sealed class PusherApp
{
    /// <summary>Name under which templates and callers know this front end.</summary>
    public const string FrontEnd = "pusher";

    private readonly PusherSigner? _next;
    private IChannels? _channels;

    public PusherApp(PusherAppOptions options)
    {
        Options = options;
        EventsPolicy = PusherLimits.PolicyOf(options.Id);
        Signer = new(options.Secret);
        _next = options.NextSecret is null ? null : new(options.NextSecret);
        Client = ChannelCaller.Anonymous with { FrontEnd = FrontEnd, ReadsAnonymously = true, Instance = options.Instance };
        Server = ChannelCaller.ApiKey(options.Key, ignoresPermissions: true) with { FrontEnd = FrontEnd, Instance = options.Instance };
    }

    public PusherAppOptions Options { get; }

    public PusherAppLimits Limits => Options.Limits;

    /// <summary>Name of the limit of its clients' events.</summary>
    public string EventsPolicy { get; }

    public string Key => Options.Key;

    public string Instance => Options.Instance;

    /// <summary>Signs with the app's own secret.</summary>
    public PusherSigner Signer { get; }

    /// <summary>Who an unknown client is: it counts as every user.</summary>
    public ChannelCaller Client { get; }

    /// <summary>Who a signed request is: the application's server, above permissions.</summary>
    public ChannelCaller Server { get; }

    /// <summary>The engine, acting for the application's server in the app's instance.</summary>
    /// <param name="channels">The engine, always the same one.</param>
    public IChannels ActAsServer(IChannels channels) => _channels ??= channels.In(Instance).As(Server);

    public ChannelAddress Address(string channel) => new(channel, null, Instance);

    public bool TryParse(string name, out PusherChannel channel) => PusherChannel.TryParse(name, Limits.MaxChannelNameLength, out channel);

    /// <summary>Whether clients of an earlier state of the app are this one's too: it is the same app, and takes every signature that was taken.</summary>
    public bool Continues(PusherApp earlier) =>
        string.Equals(Options.Id, earlier.Options.Id, StringComparison.Ordinal)
        && string.Equals(Instance, earlier.Instance, StringComparison.Ordinal)
        && HasSecret(earlier.Options.Secret)
        && (earlier.Options.NextSecret is not { } next || HasSecret(next));

    /// <summary>Whether a text was signed with one of the app's secrets.</summary>
    public bool Verifies(string text, ReadOnlySpan<char> signature) =>
        Signer.Verifies(text, signature) || (_next is not null && _next.Verifies(text, signature));

    /// <summary>Whether an authorization, <c>key:signature</c>, is this app's for a text.</summary>
    public bool Authorizes(string authorization, string text) =>
        authorization.Length == Key.Length + 1 + PusherSigner.SignatureLength
        && authorization.StartsWith(Key, StringComparison.Ordinal)
        && authorization[Key.Length] == ':'
        && Verifies(text, authorization.AsSpan(Key.Length + 1));

    /// <summary>For settings alone: what clients send is never compared here.</summary>
    private bool HasSecret(string secret) =>
        string.Equals(Options.Secret, secret, StringComparison.Ordinal) || string.Equals(Options.NextSecret, secret, StringComparison.Ordinal);
}
