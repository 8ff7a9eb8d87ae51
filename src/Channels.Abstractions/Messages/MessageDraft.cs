using System.Text;

namespace Channels;

/// <summary>What a publisher supplies; the engine adds id, time and author.</summary>
public sealed record MessageDraft
{
    /// <summary>Makes a draft with the payload <c>{}</c>.</summary>
    public MessageDraft()
    {
    }

    /// <summary>Makes a draft from UTF-8 JSON.</summary>
    /// <param name="payload">One JSON value, UTF-8; copied when it is published.</param>
    public MessageDraft(ReadOnlyMemory<byte> payload) => Payload = payload;

    /// <summary>Makes a draft from UTF-8 JSON.</summary>
    /// <param name="payload">One JSON value, UTF-8.</param>
    public MessageDraft(ReadOnlySpan<byte> payload) => Payload = payload.ToArray();

    /// <summary>Makes a draft from JSON text.</summary>
    /// <param name="json">One JSON value. A lone surrogate becomes invalid UTF-8 and is refused on publish.</param>
    public MessageDraft(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Payload = Encoding.UTF8.GetBytes(json);
    }

    /// <summary>
    /// Makes a draft of a text that may or may not be JSON: JSON becomes the payload byte for byte; anything else a JSON string that is marked as
    /// <see cref="PayloadFormat.Text"/>.
    /// </summary>
    /// <param name="text">The text, UTF-8; copied when it is published. Bytes that are not UTF-8 become replacement characters.</param>
    public static MessageDraft FromText(ReadOnlyMemory<byte> text) => MessagePayload.IsJson(text.Span)
        ? new(text)
        : new(MessagePayload.FromText(text.Span)) { Attributes = AsText };

    private static MessageAttributes AsText { get; } = new() { Format = PayloadFormat.Text };

    private static ReadOnlyMemory<byte> EmptyObject { get; } = "{}"u8.ToArray();

    /// <summary>One JSON value, UTF-8; kept byte for byte.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; } = EmptyObject;

    /// <summary>What the message reports.</summary>
    public MessageAction Action { get; init; }

    /// <summary>Event name for front ends that have names, at most 200 characters; <see langword="null"/> for their default.</summary>
    public string? Event { get; init; }

    /// <summary>Class of the data object that changed; only with an <see cref="Action"/> other than <see cref="MessageAction.Custom"/>.</summary>
    public string? ObjectClass { get; init; }

    /// <summary>Key that makes repeating the publish harmless, 1–128 characters, per address and author.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Public id of a connection that shall not receive the message.</summary>
    public string? ExcludedConnection { get; init; }

    /// <summary>Whether the message is delivered but not kept; <see langword="null"/> takes the channel's default.</summary>
    public bool? Transient { get; init; }

    /// <summary>Facts attached by front-end code.</summary>
    public MessageAttributes Attributes { get; init; } = MessageAttributes.None;
}
