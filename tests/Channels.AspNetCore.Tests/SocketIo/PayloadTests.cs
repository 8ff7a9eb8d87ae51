using System.Text;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.EngineIo;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Payloads by themselves.</summary>
public sealed class PayloadTests
{
    [Fact]
    public void Revision_3_counts_characters_and_may_be_binary()
    {
        Frame[] frames = [Text("hello"), Text("€🚀"), EngineIoFrames.Binary([1, 2, 3, 4], EngineIoRevision.V3, base64: false)];

        Assert.Equal("6:4hello4:4€🚀10:b4AQIDBA==", Encoding.UTF8.GetString(EngineIoV3Text.Encode(frames).Span));
        Assert.Equal(
            "0006FF3468656C6C6F" + "0008FF34E282ACF09F9A80" + "0105FF0401020304",
            Convert.ToHexString(EngineIoV3Binary.Encode(frames).Span));
    }

    [Fact]
    public void Revision_4_separates_packets()
    {
        Frame[] frames = [Text("hello"), Text("€"), EngineIoFrames.Binary([1, 2, 3, 4], EngineIoRevision.V4, base64: false)];

        Assert.Equal("4hello\u001e4€\u001ebAQIDBA==", Encoding.UTF8.GetString(EngineIoPayload.Encode(frames).Span));
    }

    [Theory]
    [InlineData("4plain")]
    [InlineData("4€ é ü 漢字 🚀")]
    [InlineData("4é")]
    public void A_payload_of_a_client_1_x_and_of_a_client_2_x_reads_alike(string packet)
    {
        var newer = $"{packet.Length}:{packet}1:2";
        var twice = PollingClient.AsOldClient(packet);
        var older = $"{twice.Length}:{twice}1:2";

        Assert.All([newer, older], payload =>
        {
            var packets = EngineIoV3Text.Decode(payload)!;
            Assert.Equal(packet[1..], Encoding.UTF8.GetString(packets[0].Data.Span));
            Assert.Equal(EngineIoPacketType.Ping, packets[1].Type);
        });
    }

    [Fact]
    public void Latin_text_that_is_no_utf8_stays_what_it_is()
    {
        var packet = EngineIoV3Text.Decode("4:4éÿü")!.Single();

        Assert.Equal("éÿü", Encoding.UTF8.GetString(packet.Data.Span));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData(":4a")]
    [InlineData("-1:4a")]
    [InlineData("+2:4a")]
    [InlineData(" 2:4a")]
    [InlineData("2.0:4a")]
    [InlineData("3:4a")]
    [InlineData("2:4a5")]
    [InlineData("1:7")]
    [InlineData("1:x")]
    [InlineData("3:b4*")]
    [InlineData("2:b9")]
    [InlineData("99999999999999999999:4a")]
    [InlineData("4294967298:4a")]
    [InlineData("2:4\ud83d\ude80")]
    public void Malformed_text_of_revision_3_is_refused(string payload) => Assert.Null(EngineIoV3Text.Decode(payload));

    [Theory]
    [InlineData("02FF3461")]
    [InlineData("0002")]
    [InlineData("00FF34")]
    [InlineData("000AFF34")]
    [InlineData("0003FF3461")]
    [InlineData("0001FF37")]
    [InlineData("0101FF07")]
    [InlineData("0100FF")]
    [InlineData("0002FF34FF")]
    [InlineData("000909090909090909090909FF34")]
    public void Malformed_bytes_of_revision_3_are_refused(string payload) => Assert.Null(EngineIoV3Binary.Decode(Convert.FromHexString(payload)));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("4a\u001e")]
    [InlineData("\u001e4a")]
    [InlineData("4a\u001e\u001e4b")]
    [InlineData("7")]
    [InlineData("bA")]
    [InlineData("b*")]
    public void Malformed_text_of_revision_4_is_refused(string payload) => Assert.Null(EngineIoPayload.Decode(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void Whatever_is_encoded_decodes_to_the_same()
    {
        var faker = new Bogus.Randomizer(7);
        for (var round = 0; round < 200; round++)
        {
            var texts = faker.ListItems([.. Enumerable.Range(0, 8).Select(_ => faker.Utf16String(0, 40))], 5);
            var frames = texts.Select(text => Text(text)).Append(EngineIoFrames.Binary(faker.Bytes(9), EngineIoRevision.V3, base64: false)).ToArray();

            var binary = EngineIoV3Binary.Decode(EngineIoV3Binary.Encode(frames))!;
            Assert.Equal(texts, binary.SkipLast(1).Select(packet => Encoding.UTF8.GetString(packet.Data.Span)));
            Assert.True(binary[^1].IsBinary);
            var clean = texts.Select(text => text.Replace('\u001e', ' ')).ToList();
            var separated = EngineIoPayload.Decode(EngineIoPayload.Encode([.. clean.Select(text => Text(text))]))!;
            Assert.Equal(clean, separated.Select(packet => Encoding.UTF8.GetString(packet.Data.Span)));
        }
    }

    private static Frame Text(string text) => EngineIoFrames.Packet(EngineIoPacketType.Message, Encoding.UTF8.GetBytes(text));
}
