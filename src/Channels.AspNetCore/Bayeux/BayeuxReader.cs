using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Reads requests and frames: an array of messages, or a single one. Source: docs/protocols/bayeux.md#messages</summary>
/// <param name="maxMessages">How many messages a request may have.</param>
internal sealed class BayeuxReader(int maxMessages)
{
    private const int MaxDepth = 64;
    private const int MaxFields = 1024;
    private const string FormField = "message";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>At least one message; <see langword="null"/> when it is not JSON, has no message or too many.</returns>
    public IReadOnlyList<BayeuxMessage>? Read(ReadOnlyMemory<byte> json)
    {
        var messages = new List<BayeuxMessage>(1);
        return TryAdd(json, messages) && messages.Count > 0 ? messages : null;
    }

    /// <summary>Reads a form whose <c>message</c> fields hold the messages.</summary>
    public IReadOnlyList<BayeuxMessage>? ReadForm(byte[] body)
    {
        try
        {
            using var form = new FormReader(Strict.GetString(body)) { ValueCountLimit = MaxFields, ValueLengthLimit = body.Length };
            var texts = new List<string>();
            while (form.ReadNextPair() is { } pair)
            {
                if (pair.Key == FormField)
                {
                    texts.Add(pair.Value);
                }
            }

            return ReadAll(texts);
        }
        catch (Exception exception) when (exception is InvalidDataException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Reads several texts, each an array of messages or a single one.</summary>
    public IReadOnlyList<BayeuxMessage>? ReadAll(IEnumerable<string?> texts)
    {
        var messages = new List<BayeuxMessage>(1);
        foreach (var text in texts)
        {
            if (text is null || !TryAdd(Encoding.UTF8.GetBytes(text), messages))
            {
                return null;
            }
        }

        return messages.Count > 0 ? messages : null;
    }

    private bool TryAdd(ReadOnlyMemory<byte> json, List<BayeuxMessage> messages)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                messages.Add(BayeuxMessage.Read(json));
                return messages.Count <= maxMessages;
            }

            return reader.TokenType == JsonTokenType.StartArray && TryAddElements(ref reader, json, messages);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryAddElements(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, List<BayeuxMessage> messages)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            messages.Add(isObject ? BayeuxMessage.Read(json[start..(int)reader.BytesConsumed]) : BayeuxMessage.Malformed);
            if (messages.Count > maxMessages)
            {
                return false;
            }
        }

        // Anything behind the array is an error.
        reader.Read();
        return true;
    }
}
