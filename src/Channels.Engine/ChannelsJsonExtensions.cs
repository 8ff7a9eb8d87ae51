using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Channels;

/// <summary>Publishes and reads payloads as objects.</summary>
public static class ChannelsJsonExtensions
{
    private const string NotTrimSafe = "The type is serialized by reflection; pass a JsonTypeInfo in trimmed or ahead-of-time compiled applications.";

    /// <summary>Publishes an object as JSON, in the web spelling of names.</summary>
    /// <typeparam name="T">Type of the payload.</typeparam>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="payload">What to publish.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    [RequiresUnreferencedCode(NotTrimSafe)]
    [RequiresDynamicCode(NotTrimSafe)]
    public static ValueTask<ChannelMessage> PublishAsync<T>(
        this IChannels channels, ChannelAddress address, T payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return channels.PublishAsync(address, new MessageDraft(JsonSerializer.SerializeToUtf8Bytes(payload, JsonSerializerOptions.Web).AsMemory()), cancellationToken);
    }

    /// <summary>Publishes an object as JSON.</summary>
    /// <typeparam name="T">Type of the payload.</typeparam>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="payload">What to publish.</param>
    /// <param name="typeInfo">How to write it.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishAsync<T>(
        this IChannels channels, ChannelAddress address, T payload, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return channels.PublishAsync(address, new MessageDraft(JsonSerializer.SerializeToUtf8Bytes(payload, typeInfo).AsMemory()), cancellationToken);
    }

    /// <summary>Reads the payload as an object, in the web spelling of names.</summary>
    /// <typeparam name="T">Type of the payload.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>The object; <see langword="null"/> for the JSON value <c>null</c>.</returns>
    /// <exception cref="JsonException">The payload is JSON of another shape.</exception>
    [RequiresUnreferencedCode(NotTrimSafe)]
    [RequiresDynamicCode(NotTrimSafe)]
    public static T? ReadPayload<T>(this ChannelMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return JsonSerializer.Deserialize<T>(message.Payload.Span, JsonSerializerOptions.Web);
    }

    /// <summary>Reads the payload as an object.</summary>
    /// <typeparam name="T">Type of the payload.</typeparam>
    /// <param name="message">The message.</param>
    /// <param name="typeInfo">How to read it.</param>
    /// <returns>The object; <see langword="null"/> for the JSON value <c>null</c>.</returns>
    /// <exception cref="JsonException">The payload is JSON of another shape.</exception>
    public static T? ReadPayload<T>(this ChannelMessage message, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(message);
        return JsonSerializer.Deserialize(message.Payload.Span, typeInfo);
    }
}
