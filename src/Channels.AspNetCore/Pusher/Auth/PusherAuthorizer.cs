using System.Security.Cryptography;
using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>
/// The application's side of authorization: signs what clients show the service, and verifies webhooks. Needs nothing but an app's credentials, so
/// that it also works in an application that is not the one that serves the clients. Thread-safe.
/// </summary>
public sealed class PusherAuthorizer
{
    private const int MasterKeyBytes = 32;

    private readonly string _key;
    private readonly PusherSigner _signer;
    private readonly byte[] _masterKey;

    /// <summary>Makes an authorizer.</summary>
    /// <param name="key">Key of the app.</param>
    /// <param name="secret">Secret of the app.</param>
    /// <param name="encryptionMasterKey">Master key of encrypted channels, 32 bytes; empty for none.</param>
    /// <exception cref="ArgumentException">Key or secret is empty, or the master key has another length.</exception>
    public PusherAuthorizer(string key, string secret, ReadOnlySpan<byte> encryptionMasterKey = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentException.ThrowIfNullOrEmpty(secret);
        if (encryptionMasterKey.Length is not (0 or MasterKeyBytes))
        {
            throw new ArgumentException("A master key has 32 bytes.", nameof(encryptionMasterKey));
        }

        _key = key;
        _signer = new(secret);
        _masterKey = encryptionMasterKey.ToArray();
    }

    /// <summary>Lets a connection subscribe to a private or encrypted channel; or, once it is signed in, to a presence channel as the user it is signed in as.</summary>
    /// <param name="socketId">Id of the connection, as the client sent it.</param>
    /// <param name="channel">Name of the channel.</param>
    /// <exception cref="ArgumentException">Id or name is malformed.</exception>
    /// <exception cref="InvalidOperationException">The channel is encrypted and there is no master key.</exception>
    public PusherAuthorization AuthorizeChannel(string socketId, string channel)
    {
        var parsed = Check(socketId, channel);
        return Sign($"{socketId}:{channel}") with { SharedSecret = parsed.Kind == PusherChannelKind.Encrypted ? SecretOf(channel) : null };
    }

    /// <summary>Lets a connection subscribe to a presence channel.</summary>
    /// <param name="socketId">Id of the connection, as the client sent it.</param>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="member">Who the client is there.</param>
    /// <exception cref="ArgumentException">Id, name or member is malformed.</exception>
    public PusherAuthorization AuthorizePresence(string socketId, string channel, PresenceMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return AuthorizePresence(socketId, channel, Describe("user_id", member, watchlist: null));
    }

    /// <summary>Lets a connection subscribe to a presence channel.</summary>
    /// <param name="socketId">Id of the connection, as the client sent it.</param>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="channelData">A JSON object with <c>user_id</c> and perhaps <c>user_info</c>, signed as it is.</param>
    /// <exception cref="ArgumentException">Id or name is malformed.</exception>
    public PusherAuthorization AuthorizePresence(string socketId, string channel, string channelData)
    {
        ArgumentNullException.ThrowIfNull(channelData);
        return Check(socketId, channel).Kind == PusherChannelKind.Presence
            ? Sign($"{socketId}:{channel}:{channelData}") with { ChannelData = channelData }
            : throw new ArgumentException("The name is not that of a presence channel.", nameof(channel));
    }

    /// <summary>Signs a connection in as a user.</summary>
    /// <param name="socketId">Id of the connection, as the client sent it.</param>
    /// <param name="user">The user.</param>
    /// <param name="watchlist">Ids of the users that the client wants to know about.</param>
    /// <exception cref="ArgumentException">Id or user is malformed.</exception>
    public PusherAuthorization AuthenticateUser(string socketId, PresenceMember user, IEnumerable<string>? watchlist = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        return AuthenticateUser(socketId, Describe("id", user, watchlist));
    }

    /// <summary>Signs a connection in as a user.</summary>
    /// <param name="socketId">Id of the connection, as the client sent it.</param>
    /// <param name="userData">A JSON object with the string <c>id</c> and perhaps <c>user_info</c> and <c>watchlist</c>, signed as it is.</param>
    /// <exception cref="ArgumentException">The id is malformed.</exception>
    public PusherAuthorization AuthenticateUser(string socketId, string userData)
    {
        ArgumentNullException.ThrowIfNull(userData);
        CheckSocketId(socketId);
        return Sign($"{socketId}::user::{userData}") with { UserData = userData };
    }

    /// <summary>Tells whether a webhook comes from the service. Compares in a time that tells nothing about the right signature.</summary>
    /// <param name="key">Value of the header <c>X-Pusher-Key</c>.</param>
    /// <param name="signature">Value of the header <c>X-Pusher-Signature</c>.</param>
    /// <param name="body">The body, exactly as it was received.</param>
    public bool IsWebhook(string? key, string? signature, ReadOnlySpan<byte> body) =>
        string.Equals(key, _key, StringComparison.Ordinal) && signature is not null && _signer.Verifies(body, signature);

    private static void CheckSocketId(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        if (!PusherSocketId.IsValid(socketId))
        {
            throw new ArgumentException("A connection's id is digits, a dot, digits.", nameof(socketId));
        }
    }

    private static PusherChannel Check(string socketId, string channel)
    {
        CheckSocketId(socketId);
        ArgumentNullException.ThrowIfNull(channel);
        return PusherChannel.TryParse(channel, ChannelAddress.MaxNameLength, out var parsed) && parsed.NeedsSignature
            ? parsed
            : throw new ArgumentException("The name is not that of a private, encrypted or presence channel.", nameof(channel));
    }

    private static string Describe(string idField, PresenceMember member, IEnumerable<string>? watchlist)
    {
        if (!member.HasValidId || (!member.Info.IsEmpty && !MessagePayload.IsJson(member.Info.Span)))
        {
            throw new ArgumentException("A member has an id of 1 to 128 characters and one JSON value as its info, or none.", nameof(member));
        }

        return Encoding.UTF8.GetString(JsonBytes.Encode((idField, member, watchlist), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString(state.idField, state.member.Id);
            if (!state.member.Info.IsEmpty)
            {
                json.WritePropertyName("user_info"u8);
                json.WriteRawValue(state.member.Info.Span, skipInputValidation: true);
            }

            if (state.watchlist is not null)
            {
                json.WriteStartArray("watchlist"u8);
                foreach (var id in state.watchlist)
                {
                    json.WriteStringValue(id);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }));
    }

    private PusherAuthorization Sign(string text) => new($"{_key}:{_signer.Sign(text)}");

    private string SecretOf(string channel) => _masterKey.Length == 0
        ? throw new InvalidOperationException("Encrypted channels need the encryption master key that the publisher uses.")
        : Convert.ToBase64String(SHA256.HashData([.. Encoding.UTF8.GetBytes(channel), .. _masterKey]));
}
