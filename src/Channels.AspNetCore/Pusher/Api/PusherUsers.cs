using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Acts on signed-in users. Source: docs/protocols/pusher.md#users</summary>
/// <param name="connections">The open connections.</param>
internal sealed class PusherUsers(IChannelConnections connections)
{
    /// <summary>Closes every connection that is signed in as a user of the app, not those that merely are that member of a presence channel.</summary>
    public async ValueTask<JsonAnswer> TerminateAsync(PusherCall call)
    {
        foreach (var protocol in PusherProtocols.All)
        {
            var query = new ConnectionQuery { Instance = call.App.Instance, UserId = call.UserId, Protocol = protocol, Limit = ConnectionQuery.MaxLimit };
            while (connections.List(query).Connections is { Count: > 0 } page)
            {
                foreach (var connection in page)
                {
                    await connections.DisconnectAsync(connection.Id, call.Aborted);
                }
            }
        }

        return PusherAnswers.Done;
    }
}
