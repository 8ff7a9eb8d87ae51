using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Connections;

/// <summary>Tells which transport a request asks for.</summary>
internal static class RequestedTransport
{
    public static bool IsEventStream(HttpRequest request)
    {
        foreach (var accept in request.Headers.Accept)
        {
            if (accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
