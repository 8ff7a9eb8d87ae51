using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Tells in groups and worlds that users came and went, as the engine's presence sees it. Source: docs/protocols/bayeux.md#presence</summary>
internal sealed partial class EpicenterPresence : IAsyncDisposable
{
    private readonly IEpicenterDirectory _directory;
    private readonly EpicenterEvents _events;
    private readonly string _instance;
    private readonly ILogger _logger;
    private readonly IAsyncDisposable _subscription;

    public EpicenterPresence(
        IEpicenterDirectory directory, EpicenterEvents events, IChannelEvents engine, IOptions<BayeuxOptions> options, ILogger<EpicenterPresence> logger)
    {
        _directory = directory;
        _events = events;
        _instance = options.Value.Instance;
        _logger = logger;
        _subscription = engine.Subscribe(ChannelEventKinds.MemberAdded | ChannelEventKinds.MemberRemoved, TellAsync);
    }

    public ValueTask DisposeAsync() => _subscription.DisposeAsync();

    /// <summary>Makes a session's user present in the groups and worlds that the user belongs to.</summary>
    /// <returns>Where it is present now.</returns>
    public async ValueTask<IReadOnlyList<ChannelAddress>> JoinAsync(IChannelConnection connection, string? userName, CancellationToken cancellationToken)
    {
        if (await _directory.FindAttendanceAsync(connection.Caller, userName, cancellationToken) is not { } attendance)
        {
            return [];
        }

        var member = new PresenceMember(attendance.User.Id) { Info = EpicenterEventWriter.User(attendance.User) };
        if (!member.HasValidId)
        {
            return [];
        }

        var joined = new List<ChannelAddress>(attendance.Places.Count);
        foreach (var place in attendance.Places)
        {
            var address = new ChannelAddress(place.ChannelName, null, _instance);
            if ((await connection.JoinAsync(address, member, new JoinOptions { Watches = false }, cancellationToken)).Access == AccessStatus.Allowed)
            {
                joined.Add(address);
            }
        }

        return joined;
    }

    private static bool IsTold(string name) => EpicenterName.Read(name) is { Family: "group", Rest.Count: 1 } or { Family: "world", Rest.Count: 2 };

    private async ValueTask TellAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        if (occurred is not { Address: { Room: null } address, Member: { } member } || address.Instance != _instance || !IsTold(address.Channel))
        {
            return;
        }

        var isThere = occurred.Kind == ChannelEventKinds.MemberAdded;
        var status = await _events.TellUserAsync(address, isThere, member, occurred.At, cancellationToken);
        if (status != PublishStatus.Published)
        {
            Log.NotTold(_logger, status);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "That a user came or went was not told: {Status}.", EventName = "NotTold")]
        public static partial void NotTold(ILogger logger, PublishStatus status);
    }
}
