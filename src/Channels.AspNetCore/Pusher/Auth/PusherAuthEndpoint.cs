using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Auth;

/// <summary>Answers clients that ask for leave, as the application decides. Source: docs/protocols/pusher.md#signatures</summary>
/// <param name="services">The front end.</param>
/// <param name="appKey">Key of the app; <see langword="null"/> for the only one.</param>
/// <param name="masterKey">Master key of encrypted channels; empty for none.</param>
/// <param name="decide">The application's decision.</param>
internal sealed class PusherAuthEndpoint(
    PusherServices services, string? appKey, byte[] masterKey, Func<PusherAuthRequest, CancellationToken, ValueTask<PusherAuthDecision>> decide)
{
    private const int MaxBodyBytes = 16 * 1024;

    private static readonly byte[][] Fields = ["socket_id"u8.ToArray(), "channel_name"u8.ToArray()];

    private readonly TrustedOrigins _origins = new(services.Options.AllowedOrigins);

    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, async context => await (await AnswerAsync(context)).WriteAsync(context));

    private async ValueTask<JsonAnswer> AnswerAsync(HttpContext http)
    {
        services.Cors.Apply(http);
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return PusherErrors.MethodNotAllowed("POST");
        }

        var fields = await RequestBody.ReadAsync(http.Request, MaxBodyBytes, Fields, http.RequestAborted);
        if (fields.Problem != BodyProblem.None
            || !fields.Find("socket_id"u8).TryGetText(out var socketId)
            || !PusherSocketId.IsValid(socketId))
        {
            return PusherErrors.Invalid("A form with socket_id, and channel_name unless to sign in, is expected");
        }

        var channel = fields.Find("channel_name"u8).TryGetText(out var name) && name.Length > 0 ? name : null;
        if (channel is not null && !(PusherChannel.TryParse(channel, ChannelAddress.MaxNameLength, out var parsed) && parsed.NeedsSignature))
        {
            return PusherErrors.Invalid("The channel needs no authorization");
        }

        var user = HostIdentity.Of(http, _origins, allowAmbient: true).Principal;
        var decision = await decide(new(http, user, socketId, channel), http.RequestAborted);
        return decision.IsAllowed
            ? new(StatusCodes.Status200OK, Authorize(socketId, channel, decision).ToUtf8Json())
            : PusherErrors.Answer(StatusCodes.Status403Forbidden, "Forbidden");
    }

    private PusherAuthorization Authorize(string socketId, string? channel, PusherAuthDecision decision)
    {
        var app = FindApp();
        var authorizer = new PusherAuthorizer(app.Key, app.Options.Secret, masterKey);
        if (channel is null)
        {
            return decision.Member is { } user
                ? authorizer.AuthenticateUser(socketId, user, decision.Watchlist)
                : throw new InvalidOperationException("A client that signs in needs a name: answer with PusherAuthDecision.AllowAs.");
        }

        return decision.Member is { } member && channel.StartsWith(PusherChannel.PresencePrefix, StringComparison.Ordinal)
            ? authorizer.AuthorizePresence(socketId, channel, member)
            : authorizer.AuthorizeChannel(socketId, channel);
    }

    private PusherApp FindApp()
    {
        if (appKey is not null)
        {
            return services.Apps.FindByKey(appKey) ?? throw new InvalidOperationException("MapPusherAuth names an app key that is not configured.");
        }

        return services.Apps.All.Take(2).ToArray() is [var only]
            ? only
            : throw new InvalidOperationException("MapPusherAuth needs an app key where there is not exactly one app.");
    }
}
