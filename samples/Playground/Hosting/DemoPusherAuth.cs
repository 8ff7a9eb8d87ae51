using System.Text.Json;
using Channels;
using Channels.AspNetCore.Pusher;

namespace Playground.Hosting;

/// <summary>
/// The application's side of Pusher's private and presence channels: whoever is a demo user may, and is that user. The page and the libraries name
/// the user by a parameter, which an application of your own would take from its session.
/// </summary>
internal static class DemoPusherAuth
{
    public const string AppKey = "demo-key";

    private static readonly byte[] MasterKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal) { ["1"] = "Alice", ["2"] = "Bob" };

    public static void MapDemoPusherAuth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPusherAuth("/pusher/auth", Decide, AppKey, MasterKey);
        endpoints.MapPusherAuth("/pusher/user-auth", Decide, AppKey, MasterKey);
    }

    private static ValueTask<PusherAuthDecision> Decide(PusherAuthRequest request, CancellationToken cancellationToken)
    {
        var id = request.Http.Request.Query["user"].ToString();
        if (!Names.TryGetValue(id, out var name))
        {
            return new(PusherAuthDecision.Deny);
        }

        var member = new PresenceMember(id) { Info = JsonSerializer.SerializeToUtf8Bytes(new { name }) };
        string[]? watchlist = request.Channel is null ? [.. Names.Keys.Where(other => other != id)] : null;
        return new(PusherAuthDecision.AllowAs(member, watchlist));
    }
}
