using System.Net.Sockets;

namespace Channels.LoadTest.Client;

/// <summary>Sockets of the client. Their callbacks run on the few threads that wait for the kernel, one for each core.</summary>
internal static class LoopbackSocket
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has to be called before the first socket is made.</summary>
    public static void CompleteInline() => Environment.SetEnvironmentVariable(InlineCompletions, "1");

    /// <summary>Servers run as they do by default.</summary>
    public static void RemoveSettings(IDictionary<string, string?> environment) => environment.Remove(InlineCompletions);

    /// <summary>Closing resets the connection, so that thousands of closed ones do not linger.</summary>
    public static Socket Create() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        LingerState = new(enable: true, seconds: 0),
    };
}
