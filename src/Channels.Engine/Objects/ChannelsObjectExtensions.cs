using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Channels;

/// <summary>Publishes changes of objects that an application keeps in tables of its own, in the shapes in which changes of stored objects are published.</summary>
public static class ChannelsObjectExtensions
{
    private const string NotTrimSafe = "The type is serialized by reflection; pass a JsonTypeInfo in trimmed or ahead-of-time compiled applications.";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Publishes that an object was created; the payload is the whole object with its id.</summary>
    /// <typeparam name="T">Type of the object; it becomes a JSON object, in the web spelling of names.</typeparam>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="objectClass">Class of the object, such as the name of its table, 1–128 characters.</param>
    /// <param name="id">Its id; one that spells a whole number becomes one. It takes the place of a property <c>id</c> of the object.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ArgumentException"><paramref name="value"/> is not an object in JSON.</exception>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    [RequiresUnreferencedCode(NotTrimSafe)]
    [RequiresDynamicCode(NotTrimSafe)]
    public static ValueTask<ChannelMessage> PublishObjectCreatedAsync<T>(
        this IChannels channels, ChannelAddress address, string objectClass, string id, T value, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, address, MessageAction.Create, objectClass, id, JsonSerializer.SerializeToElement(value, JsonSerializerOptions.Web), cancellationToken);

    /// <inheritdoc cref="PublishObjectCreatedAsync{T}(IChannels, ChannelAddress, string, string, T, CancellationToken)"/>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="objectClass">Class of the object, such as the name of its table, 1–128 characters.</param>
    /// <param name="id">Its id; one that spells a whole number becomes one. It takes the place of a property <c>id</c> of the object.</param>
    /// <param name="value">The object.</param>
    /// <param name="typeInfo">How to write it.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    public static ValueTask<ChannelMessage> PublishObjectCreatedAsync<T>(
        this IChannels channels, ChannelAddress address, string objectClass, string id, T value, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, address, MessageAction.Create, objectClass, id, JsonSerializer.SerializeToElement(value, typeInfo), cancellationToken);

    /// <summary>Publishes that an object was changed; the payload is what changed, with the id.</summary>
    /// <typeparam name="T">Type of the changes; they become a JSON object, in the web spelling of names.</typeparam>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="objectClass">Class of the object, such as the name of its table, 1–128 characters.</param>
    /// <param name="id">Its id; one that spells a whole number becomes one.</param>
    /// <param name="changes">The properties that changed, with their new values.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ArgumentException"><paramref name="changes"/> is not an object in JSON.</exception>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    [RequiresUnreferencedCode(NotTrimSafe)]
    [RequiresDynamicCode(NotTrimSafe)]
    public static ValueTask<ChannelMessage> PublishObjectUpdatedAsync<T>(
        this IChannels channels, ChannelAddress address, string objectClass, string id, T changes, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, address, MessageAction.Update, objectClass, id, JsonSerializer.SerializeToElement(changes, JsonSerializerOptions.Web), cancellationToken);

    /// <inheritdoc cref="PublishObjectUpdatedAsync{T}(IChannels, ChannelAddress, string, string, T, CancellationToken)"/>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="objectClass">Class of the object, such as the name of its table, 1–128 characters.</param>
    /// <param name="id">Its id; one that spells a whole number becomes one.</param>
    /// <param name="changes">The properties that changed, with their new values.</param>
    /// <param name="typeInfo">How to write them.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    public static ValueTask<ChannelMessage> PublishObjectUpdatedAsync<T>(
        this IChannels channels, ChannelAddress address, string objectClass, string id, T changes, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, address, MessageAction.Update, objectClass, id, JsonSerializer.SerializeToElement(changes, typeInfo), cancellationToken);

    /// <summary>Publishes that an object was deleted; the payload is its id.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="address">Where to publish.</param>
    /// <param name="objectClass">Class of the object, such as the name of its table, 1–128 characters.</param>
    /// <param name="id">Its id; one that spells a whole number becomes one.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    public static ValueTask<ChannelMessage> PublishObjectDeletedAsync(
        this IChannels channels, ChannelAddress address, string objectClass, string id, CancellationToken cancellationToken = default) =>
        PublishAsync(channels, address, MessageAction.Delete, objectClass, id, null, cancellationToken);

    private static ValueTask<ChannelMessage> PublishAsync(
        IChannels channels, ChannelAddress address, MessageAction action, string objectClass, string id, JsonElement? properties, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentException.ThrowIfNullOrEmpty(objectClass);
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (properties is { ValueKind: not JsonValueKind.Object })
        {
            throw new ArgumentException("An object must be an object in JSON too.", nameof(properties));
        }

        var draft = new MessageDraft(PayloadOf(id, properties)) { Action = action, ObjectClass = objectClass };
        return channels.PublishAsync(address, draft, cancellationToken);
    }

    private static ReadOnlyMemory<byte> PayloadOf(string id, JsonElement? properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        json.WritePropertyName("id"u8);
        DataObjectJson.WriteId(json, id);
        if (properties is { } element)
        {
            foreach (var property in element.EnumerateObject().Where(property => !property.NameEquals("id"u8)))
            {
                property.WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
