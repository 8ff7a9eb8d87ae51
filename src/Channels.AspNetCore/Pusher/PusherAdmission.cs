using System.Globalization;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>Decides whether somebody who connects is served. Source: docs/protocols/pusher.md#connecting</summary>
internal static class PusherAdmission
{
    private const int OldestVersion = 4;
    private const int NewestVersion = 7;

    /// <summary>Checks what a client says when it connects.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">Key that it names.</param>
    /// <param name="app">The app of the key, if there is one.</param>
    /// <returns>How it is closed, if it is not served.</returns>
    public static WebSocketClosure? Check(HttpRequest request, string key, PusherApp? app)
    {
        if (app is null)
        {
            return PusherErrors.UnknownKeyClosure(key);
        }

        if (app.Options.Disabled)
        {
            return PusherErrors.AppDisabled;
        }

        return app.Options.TlsOnly && !request.IsHttps ? PusherErrors.TlsRequired : CheckVersion(request.Query.Last("protocol"));
    }

    /// <summary>A client that names no version is taken for a new one.</summary>
    private static WebSocketClosure? CheckVersion(string? version)
    {
        if (version is null)
        {
            return null;
        }

        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return PusherErrors.InvalidVersion;
        }

        return number is >= OldestVersion and <= NewestVersion ? null : PusherErrors.UnsupportedVersion;
    }
}
