using System.Text.Json;
using Channels.AspNetCore.Bayeux.Epicenter;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>The extensions of a message that this server knows; whatever else is there is ignored. Source: docs/protocols/bayeux.md#extensions</summary>
internal readonly struct BayeuxExt(BodyField field)
{
    private static readonly byte[][] Names =
    [
        "ack"u8.ToArray(), "timesync"u8.ToArray(), "binary"u8.ToArray(), "userName"u8.ToArray(), "userId"u8.ToArray(),
        "authorization"u8.ToArray(), "com.forio.epicenter.token"u8.ToArray(),
    ];

    private static readonly byte[][] TimeSyncNames = ["tc"u8.ToArray(), "l"u8.ToArray(), "o"u8.ToArray()];

    /// <summary>Whether a handshake asks for acknowledgement.</summary>
    public bool AsksForAcknowledgement() => Find("ack"u8) switch
    {
        { Kind: JsonTokenType.True } => true,
        { Kind: JsonTokenType.StartObject } settings => Fields(settings, ["enabled"u8.ToArray()])?.Find("enabled"u8).Kind == JsonTokenType.True,
        _ => false,
    };

    /// <summary>The batch that a connect acknowledges.</summary>
    public long? AcknowledgedBatch() => NumberOf(Find("ack"u8));

    /// <summary>What is kept with an event: the mark of binary data.</summary>
    public BodyField Binary() => Find("binary"u8);

    public string? UserName() => TextOf(Find("userName"u8)) ?? TextOf(Find("userId"u8));

    /// <summary>The access token of a handshake, without its scheme.</summary>
    public string? Token() => EpicenterToken.Read(TextOf(Find("authorization"u8))) ?? TextOf(Find("com.forio.epicenter.token"u8));

    public BayeuxTimeSync? TimeSync(long receivedAt)
    {
        var values = Fields(Find("timesync"u8), TimeSyncNames);
        return values is not null && NumberOf(values.Find("tc"u8)) is { } sent
            ? new(sent, NumberOf(values.Find("l"u8)), NumberOf(values.Find("o"u8)) ?? 0, receivedAt)
            : null;
    }

    /// <summary>Reads one number of an object.</summary>
    public static long? ReadNumber(in BodyField from, ReadOnlySpan<byte> name)
    {
        byte[][] names = [name.ToArray()];
        return Fields(from, names) is { } fields ? NumberOf(fields.Find(names[0])) : null;
    }

    private static BodyFields? Fields(in BodyField field, byte[][] names)
    {
        if (field.Kind != JsonTokenType.StartObject)
        {
            return null;
        }

        var fields = BodyFields.FromJson(field.Json, names);
        return fields.Problem == BodyProblem.None ? fields : null;
    }

    private static string? TextOf(in BodyField field) => field.Kind == JsonTokenType.String && field.TryGetText(out var text) ? text : null;

    private static long? NumberOf(in BodyField field)
    {
        if (field.Kind != JsonTokenType.Number)
        {
            return null;
        }

        var reader = new Utf8JsonReader(field.Json.Span);
        reader.Read();
        if (reader.TryGetInt64(out var number))
        {
            return number;
        }

        return reader.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue ? (long)real : null;
    }

    private BodyField Find(ReadOnlySpan<byte> name) => Fields(field, Names) is { } fields ? fields.Find(name) : default;
}
