using Channels.AspNetCore.Http;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;
using Microsoft.AspNetCore.Routing;

namespace Channels.SocketIo.Conformance;

/// <summary>What the suites expect at their addresses, with the times that they are written for.</summary>
internal static class ConformanceServers
{
    public static EngineIoSettings Engine { get; } = new()
    {
        PingInterval = TimeSpan.FromMilliseconds(300),
        PingTimeout = TimeSpan.FromMilliseconds(200),
        UpgradeTimeout = TimeSpan.FromSeconds(10),
        PollingCloseTimeout = TimeSpan.FromSeconds(30),
        CloseTimeout = TimeSpan.FromSeconds(5),
        MaxPayloadBytes = 1_000_000,
        MaxSessions = 10_000,
        MaxQueuedFrames = 10_000,
        MaxQueuedBytes = 64 * 1024 * 1024,
        MaxLagMessages = 10_000,
        MaxLagBytes = 64 * 1024 * 1024,
        AllowUpgrades = true,
        AllowJsonp = true,
        RetryAfter = 1,
    };

    public static SocketIoSettings Packets { get; } = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        MaxAttachments = 10,
        MaxAttachmentBytes = 4 * 1024 * 1024,
        MaxDepth = 64,
        MaxPendingEvents = 100,
        MaxPendingBytes = 4 * 1024 * 1024,
    };

    /// <summary>Maps an echo of Engine.IO and the namespaces of Socket.IO.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, EngineIoSettings engine, SocketIoSettings packets)
    {
        Serve(endpoints, "/engine.io", engine, new EchoApplication());
        Serve(endpoints, "/socket.io", engine, new SocketIoApplication(new NamespacesApplication(), packets));
    }

    private static void Serve(IEndpointRouteBuilder endpoints, string path, EngineIoSettings settings, IEngineIoApplication application)
    {
        var server = new EngineIoServer(endpoints.ServiceProvider, settings, application, "conformance");
        new EngineIoEndpoint(server, new TrustedOrigins([]), allowAnyOrigin: true).Map(endpoints, path);
    }
}
