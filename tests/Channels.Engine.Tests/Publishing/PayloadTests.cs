using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bogus;
using Channels.Testing;
using Channels.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Publishing;

/// <summary>P8: what is accepted is one JSON value in strict UTF-8, and comes back byte for byte.</summary>
public sealed class PayloadTests : IAsyncLifetime
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(c => c.AddChannel("a"));

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Realistic_payloads_come_back_byte_for_byte()
    {
        var faker = new Faker { Random = new Randomizer(1) };
        for (var i = 0; i < 200; i++)
        {
            var json = new JsonObject
            {
                ["name"] = faker.Name.FullName(),
                ["text"] = faker.Lorem.Paragraph() + faker.Random.String2(3, "äß漢\"\\\n\u2028😀"),
                ["amount"] = JsonNode.Parse(faker.PickRandom("1", "-0", "1.0", "1E400", "123456789012345678901234567890", "0.1e-7")),
                ["tags"] = new JsonArray([.. faker.Lorem.Words(faker.Random.Int(0, 5)).Select(word => JsonValue.Create(word))]),
                ["nothing"] = null,
            }.ToJsonString(new JsonSerializerOptions { WriteIndented = faker.Random.Bool() });

            await AssertKeptAsync(Encoding.UTF8.GetBytes(json));
        }
    }

    [Theory]
    [InlineData("""{"a": 1.0}""", PayloadFormat.Json, """{"a": 1.0}""")]
    [InlineData(" 7 ", PayloadFormat.Json, " 7 ")]
    [InlineData("\"text\"", PayloadFormat.Json, "\"text\"")]
    [InlineData("hello \"world\"", PayloadFormat.Text, "\"hello \\\"world\\\"\"")]
    [InlineData("{\"a\":", PayloadFormat.Text, "\"{\\\"a\\\":\"")]
    [InlineData("", PayloadFormat.Text, "\"\"")]
    [InlineData("\"\\ud800\"", PayloadFormat.Text, "\"\\\"\\\\ud800\\\"\"")]
    public void Text_that_is_not_json_becomes_a_json_string(string text, PayloadFormat format, string payload)
    {
        var draft = MessageDraft.FromText(Encoding.UTF8.GetBytes(text));

        Assert.Equal(format, draft.Attributes.Format);
        Assert.Equal(payload, Encoding.UTF8.GetString(draft.Payload.Span));
    }

    [Fact]
    public void Any_text_survives_and_a_lone_surrogate_does_not()
    {
        Prop.ForAll<string>(text =>
        {
            var isWellFormed = !(text ?? "").EnumerateRunes().Any(rune => rune == Rune.ReplacementChar && !text!.Contains('\uFFFD', StringComparison.Ordinal));
            var escaped = string.Concat((text ?? "").Select(unit => $"\\u{(int)unit:x4}"));
            return IsAccepted(Encoding.UTF8.GetBytes($"\"{escaped}\"")) == isWellFormed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Changed_bytes_are_accepted_only_if_they_are_json_again()
    {
        var seeds = new[]
        {
            """{"a":[1,2.5e3,true,false,null,"x\u00e4\ud83d\ude00\"\\\/"],"\u0062":{}}""", """ [ [ ] , "äß漢😀" ] """, "\"\"", "-0.0",
        };
        var random = new System.Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[i % seeds.Length]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
            }

            Assert.True(IsAccepted(bytes) == IsJson(bytes), Convert.ToHexString(bytes));
        }
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\"")]
    [InlineData("\"\\ud800x\"")]
    [InlineData("\"\\ud800\\n\"")]
    [InlineData("\"\\ud800\\ud800\\udc00\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\uD800\":1}")]
    [InlineData("[\"x\",\"\\uDFFF\"]")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1 2")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("/**/1")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("'a'")]
    [InlineData("\uFEFF1")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x\"")]
    public void What_is_not_strict_json_is_refused(string json) => Assert.False(IsAccepted(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("\"\\uD83D\\uDE00\\uD83D\\uDE00\"")]
    [InlineData("\"\\\\ud800\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"\u2028\"")]
    [InlineData(" 1 ")]
    [InlineData("null")]
    public async Task What_is_strict_json_is_kept(string json) => await AssertKeptAsync(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("C080")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("FF")]
    [InlineData("C3")]
    [InlineData("E282")]
    public void Bytes_that_are_not_utf8_are_refused(string hex) =>
        Assert.False(IsAccepted([(byte)'"', .. Convert.FromHexString(hex), (byte)'"']));

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            Strict.GetString(bytes);
            using var document = JsonDocument.Parse(bytes);
            Touch(document.RootElement);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Unescapes every string, which a lone surrogate does not survive.</summary>
    private static void Touch(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                element.EnumerateArray().ToList().ForEach(Touch);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Touch(property.Value);
                }

                break;
            default:
                break;
        }
    }

    private bool IsAccepted(byte[] payload)
    {
        var publishing = _host.Channels.TryPublishAsync("a", new(payload.AsMemory()));
        var result = publishing.IsCompleted ? publishing.Result : publishing.AsTask().Within().GetAwaiter().GetResult();
        Assert.True(result.Status is PublishStatus.Published or PublishStatus.InvalidPayload);
        return result.Succeeded;
    }

    private async Task AssertKeptAsync(byte[] payload)
    {
        var id = (await _host.Channels.PublishAsync("a", new(payload.AsMemory())).Within()).Id;
        var page = await _host.Channels.ReadHistoryAsync("a", new() { After = new(id - 1) }).Within();
        Assert.Equal(payload, Assert.Single(page.Messages).Payload.ToArray());
    }
}
