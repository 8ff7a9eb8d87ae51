using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>One message of a client, as it came. Source: docs/protocols/bayeux.md#messages</summary>
internal sealed class BayeuxMessage
{
    private static readonly byte[][] Names =
    [
        "channel"u8.ToArray(), "id"u8.ToArray(), "clientId"u8.ToArray(), "supportedConnectionTypes"u8.ToArray(),
        "subscription"u8.ToArray(), "data"u8.ToArray(), "advice"u8.ToArray(), "ext"u8.ToArray(),
    ];

    private readonly BodyFields? _fields;

    private BayeuxMessage(BodyFields? fields)
    {
        _fields = fields;
        Channel = Text("channel"u8);
        Id = Field("id"u8);
        Ext = new(Field("ext"u8));
    }

    /// <summary>What is not an object and so has no fields.</summary>
    public static BayeuxMessage Malformed { get; } = new(null);

    /// <summary>Channel; <see langword="null"/> unless it is text.</summary>
    public string? Channel { get; }

    /// <summary>What the reply repeats: text or number, as it was written.</summary>
    public BodyField Id { get; }

    public string? ClientId => Text("clientId"u8);

    public BayeuxExt Ext { get; }

    public BodyField Subscription => Field("subscription"u8);

    public BodyField Data => Field("data"u8);

    public BodyField ConnectionTypes => Field("supportedConnectionTypes"u8);

    public bool IsHandshake => Channel == BayeuxChannel.Handshake;

    public bool IsConnect => Channel == BayeuxChannel.Connect;

    public bool IsMeta => Channel?.StartsWith("/meta/", StringComparison.Ordinal) == true;

    /// <summary>Whether the client says what advice it follows, and so may need the server's again.</summary>
    public bool HasAdvice => Field("advice"u8).Kind == JsonTokenType.StartObject;

    /// <summary>How long the client wants a connect to be held, in milliseconds.</summary>
    public long? AdvisedTimeout => BayeuxExt.ReadNumber(Field("advice"u8), "timeout"u8);

    /// <exception cref="JsonException">It is not JSON, or nested too deep.</exception>
    public static BayeuxMessage Read(ReadOnlyMemory<byte> json)
    {
        var fields = BodyFields.FromJson(json, Names);
        return fields.Problem == BodyProblem.None ? new(fields) : throw new JsonException(fields.Detail);
    }

    /// <summary>Whether the id is absent, or letters and digits, or a number.</summary>
    public bool HasValidId() => Id.Kind switch
    {
        JsonTokenType.None or JsonTokenType.Number => true,
        JsonTokenType.String => Id.TryGetText(out var text) && text.Length > 0 && text.All(char.IsAsciiLetterOrDigit),
        _ => false,
    };

    private string? Text(ReadOnlySpan<byte> name) => Field(name) is { Kind: JsonTokenType.String } field && field.TryGetText(out var text) ? text : null;

    private BodyField Field(ReadOnlySpan<byte> name) => _fields?.Find(name) ?? default;
}
