using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>What the application's server answers a client that asks for leave. Source: docs/protocols/pusher.md#signatures</summary>
public sealed record PusherAuthorization
{
    internal PusherAuthorization(string auth) => Auth = auth;

    /// <summary>The app's key, a colon, and the signature.</summary>
    public string Auth { get; }

    /// <summary>Who the client is on a presence channel, as JSON, exactly as it was signed.</summary>
    public string? ChannelData { get; internal init; }

    /// <summary>Who the client signs in as, as JSON, exactly as it was signed.</summary>
    public string? UserData { get; internal init; }

    /// <summary>Key of an encrypted channel, in base 64.</summary>
    public string? SharedSecret { get; internal init; }

    /// <summary>Makes the body of the answer.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => Encoding.UTF8.GetString(ToUtf8Json());

    internal byte[] ToUtf8Json() => JsonBytes.Encode(this, static (json, authorization) =>
    {
        json.WriteStartObject();
        json.WriteString("auth"u8, authorization.Auth);
        WriteIfAny(json, "channel_data"u8, authorization.ChannelData);
        WriteIfAny(json, "user_data"u8, authorization.UserData);
        WriteIfAny(json, "shared_secret"u8, authorization.SharedSecret);
        json.WriteEndObject();
    });

    private static void WriteIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
