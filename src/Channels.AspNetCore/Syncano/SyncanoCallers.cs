using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Where this wire's secrets travel, and what kinds of caller may do at all. Source: docs/protocols/syncano.md#authentication</summary>
internal static class SyncanoCallers
{
    private const string ApiKeyHeader = "X-API-KEY";
    private const string UserKeyHeader = "X-USER-KEY";

    /// <summary>Collects what the request says about who calls.</summary>
    /// <returns><see langword="null"/> when it carries a ticket that is not valid.</returns>
    public static ChannelCredentials? ReadCredentials(SyncanoCall call, SyncanoServices services)
    {
        var request = call.Http.Request;
        if (call.IsSafe && RequestTokens.Query(request, "ticket") is { } ticket)
        {
            var redeemed = services.Tickets.Redeem(ticket);
            return redeemed?.Instance == call.Instance ? redeemed : null;
        }

        var identity = HostIdentity.Of(call.Http, services.Origins, AllowsAmbientIdentity(call));
        return new()
        {
            FrontEnd = SyncanoServices.FrontEnd,
            Instance = call.Instance,
            ApiKey = ReadApiKey(call, identity),
            UserKey = RequestTokens.Header(request, UserKeyHeader)
                ?? RequestTokens.Query(request, "user_key", "userkey")
                ?? RequestTokens.Field(call.Body, "_user_key"u8),
            Token = identity.Principal is null ? RequestTokens.Query(request, "access_token") : null,
            Principal = identity.Principal,
            PrincipalExpiresAt = identity.ExpiresAt,
        };
    }

    /// <summary>Takes the keys out of a request that will take long, so that they are not held as long.</summary>
    public static void ForgetKeys(HttpRequest request)
    {
        request.Headers.Remove(ApiKeyHeader);
        request.Headers.Remove(UserKeyHeader);
    }

    /// <summary>Refuses callers who may do nothing here, whatever the channel.</summary>
    public static JsonAnswer? Bar(ChannelCaller caller, bool isSafe) => caller.Kind switch
    {
        CallerKind.Admin or CallerKind.User or CallerKind.Host => null,
        _ when caller.IgnoresPermissions || (caller.ReadsAnonymously && isSafe) => null,
        _ => SyncanoErrors.Forbidden,
    };

    /// <summary>Whether a caller may create, change and delete channels and publish as a server.</summary>
    public static bool IsServer(ChannelCaller caller) =>
        caller.IgnoresPermissions || caller.Kind == CallerKind.Host || (caller.Kind == CallerKind.Admin && caller.Role >= AdminRole.Write);

    /// <summary>Whether a caller sees a channel over all its rooms.</summary>
    public static bool SeesAllRooms(ChannelCaller caller) =>
        caller.IgnoresPermissions || caller.Kind is CallerKind.Host or CallerKind.Admin;

    private static string? ReadApiKey(SyncanoCall call, in HostIdentity identity)
    {
        var request = call.Http.Request;
        var key = RequestTokens.Header(request, ApiKeyHeader) ?? RequestTokens.Query(request, "api_key", "apikey");

        if (key is null && !identity.ExplainsAuthorization(request))
        {
            key = RequestTokens.Authorization(request);
        }

        return key ?? RequestTokens.Field(call.Body, "_api_key"u8);
    }

    /// <summary>Forms and plain text are what a foreign page can send without asking first.</summary>
    private static bool AllowsAmbientIdentity(SyncanoCall call) =>
        !call.IsMethodFromBody
        && (!call.ReadsBody
            || string.IsNullOrEmpty(call.Http.Request.ContentType)
            || MediaTypes.Classify(call.Http.Request.ContentType) == MediaKind.Json);
}
