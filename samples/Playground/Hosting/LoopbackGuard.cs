using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Playground.Hosting;

/// <summary>Keeps the demo keys on this machine.</summary>
internal static class LoopbackGuard
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Listens on loopback by default, and refuses any other address before it is opened, wherever it is configured.</summary>
    public static void ListenOnLoopback(this IWebHostBuilder web, PlaygroundOptions options)
    {
        if (string.IsNullOrEmpty(web.GetSetting(WebHostDefaults.ServerUrlsKey))
            && string.IsNullOrEmpty(web.GetSetting(WebHostDefaults.HttpPortsKey))
            && string.IsNullOrEmpty(web.GetSetting(WebHostDefaults.HttpsPortsKey)))
        {
            web.UseUrls(DefaultUrl);
        }

        web.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => Check(endpoint, options)));
    }

    private static void Check(ListenOptions endpoint, PlaygroundOptions options)
    {
        if (endpoint.EndPoint is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address) || !options.HasDemoKeys)
        {
            return;
        }

        if (!options.AllowRemote || !options.RemoteUnderstood)
        {
            throw new InvalidOperationException(
                $"The Playground would listen on {ip} with keys that everybody knows. Listen on 127.0.0.1, or replace the keys in the section "
                + "'Channels'. If everybody who reaches this address may do everything, set both Playground:AllowRemote=true and "
                + "Playground:RemoteUnderstood=true.");
        }
    }
}
