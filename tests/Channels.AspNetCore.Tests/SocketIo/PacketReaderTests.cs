using System.Text;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Packets by themselves.</summary>
public sealed class PacketReaderTests
{
    [Theory]
    [InlineData("""2["a",1]""", "Event", "/", null, 0, "a", "1")]
    [InlineData("""2["a"]""", "Event", "/", null, 0, "a", "")]
    [InlineData("""2[ "a" , {"b" : 1} , [2] ]""", "Event", "/", null, 0, "a", """{"b" : 1} , [2] """)]
    [InlineData("""2/admin,12["a","€"]""", "Event", "/admin", 12L, 0, "a", "\"€\"")]
    [InlineData("""20[7,8]""", "Event", "/", 0L, 0, "7", "8")]
    [InlineData("""51-["a",{"_placeholder":true,"num":0}]""", "BinaryEvent", "/", null, 1, "a", """{"_placeholder":true,"num":0}""")]
    [InlineData("""52-/x,3["a",[{"num":1,"_placeholder":true}],{"b":{"_placeholder":true,"num":0}}]""", "BinaryEvent", "/x", 3L, 2, "a", """[{"num":1,"_placeholder":true}],{"b":{"_placeholder":true,"num":0}}""")]
    public void Events_are_read(string text, string type, string name, long? id, int attachments, string eventName, string arguments)
    {
        Assert.True(TryRead(text, EngineIoRevision.V4, out var packet));

        Assert.Equal(
            (type, name, id, attachments, eventName),
            (packet.Type.ToString(), packet.Namespace, packet.AckId, packet.Attachments, packet.Event));
        Assert.Equal(arguments.TrimEnd(), Encoding.UTF8.GetString(packet.Arguments.Span).TrimEnd());
    }

    [Theory]
    [InlineData("0", "/")]
    [InlineData("0/admin", "/admin")]
    [InlineData("0/admin,", "/admin")]
    [InlineData("""0{"token":"1"}""", "/")]
    [InlineData("""0/admin,{"token":"1"}""", "/admin")]
    [InlineData("1", "/")]
    [InlineData("1/admin,", "/admin")]
    [InlineData("3012[]", "/")]
    [InlineData("""4{"message":"x"}""", "/")]
    public void Other_packets_are_read(string text, string name)
    {
        Assert.True(TryRead(text, EngineIoRevision.V4, out var packet));
        Assert.Equal(name, packet.Namespace);
    }

    public static TheoryData<string> Malformed =>
    [
        "", "abc", "7", "x", "2", "2{", "2{}", "2[]", "2[1,2", "2[\"a\",]", "2[\"a\"]x", "2[null]", "2[true]", "2[{}]", "2[[\"a\"]]", "2\"a\"", "2abc[\"a\"]",
        "2/nsp[\"a\"]", "2[\"\\ud800\"]", "2[\"a\",\u0001]", "2[\"connect\"]", "2[\"connect_error\"]", "2[\"disconnect\"]", "2[\"disconnecting\"]", "2[\"newListener\"]",
        "2[\"removeListener\"]", "21234567890123456[\"a\"]", "0[]", "0\"x\"", "1{}", "1[]", "3", "3[]", "31{}", "31", "4", "4[1]", "5[\"a\"]", "5-[\"a\"]", "50-[\"a\"]",
        "5-1-[\"a\"]", "51[\"a\"]", "5a-[\"a\"]", "511-[\"a\"]", "59999999999-[\"a\"]", "51-[\"a\",{\"_placeholder\":true,\"num\":1}]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":-1}]", "51-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]", "51-[\"a\",{\"_placeholder\":true}]",
        "51-[\"a\",{\"x\":[{\"_placeholder\":true,\"num\":0.5}]}]", "61-[]", "2/" + new string('n', 300) + ",[\"a\"]",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_packets_are_refused(string text) => Assert.False(TryRead(text, EngineIoRevision.V4, out _));

    [Theory]
    [InlineData("""50-["a"]""")]
    [InlineData("0/admin?token=1,")]
    [InlineData("""0"x" """)]
    [InlineData("1{}")]
    [InlineData("4")]
    [InlineData("""2["connect"]""")]
    public void Older_clients_may_send_more(string text) => Assert.True(TryRead(text, EngineIoRevision.V3, out _));

    [Fact]
    public void Nesting_is_bounded()
    {
        var fits = $"2[\"a\",{new string('[', 63)}{new string(']', 63)}]";
        Assert.True(TryRead(fits, EngineIoRevision.V4, out _));
        Assert.False(TryRead($"2[\"a\",{new string('[', 64)}{new string(']', 64)}]", EngineIoRevision.V4, out _));
        Assert.False(TryRead($"2[\"a\",{new string('[', 20000)}{new string(']', 20000)}]", EngineIoRevision.V4, out _));
    }

    [Fact]
    public void Attachments_are_bounded()
    {
        Assert.True(TryRead("""510-["a"]""", EngineIoRevision.V4, out _));
        Assert.False(TryRead("""511-["a"]""", EngineIoRevision.V4, out _));
        Assert.False(TryRead("""511-["a"]""", EngineIoRevision.V3, out _));
    }

    [Fact]
    public void Noise_never_throws()
    {
        var faker = new Bogus.Randomizer(11);
        const string Alphabet = "0123456/-,[]{}\"\\:_placeholdernum tfu€";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, faker.Int(0, 24)).Select(_ => Alphabet[faker.Int(0, Alphabet.Length - 1)])]);
            TryRead(text, round % 2 == 0 ? EngineIoRevision.V3 : EngineIoRevision.V4, out _);
        }
    }

    [Fact]
    public void Older_clients_get_ascii_alone()
    {
        var packet = SocketIoPacketWriter.Event(EngineIoRevision.V3, "/", "é", """{"a":"€ 🚀 \\"}"""u8);

        Assert.Equal("""2["\u00e9",{"a":"\u20ac \ud83d\ude80 \\"}]""", Encoding.UTF8.GetString(packet.Span));
        Assert.Equal("""2/x,["é",1]""", Encoding.UTF8.GetString(SocketIoPacketWriter.Event(EngineIoRevision.V4, "/x", "é", "1"u8).Span));
        Assert.Equal("""62-/x,7[1]""", Encoding.UTF8.GetString(SocketIoPacketWriter.Ack(EngineIoRevision.V4, "/x", 7, "1"u8, 2).Span));
    }

    private static bool TryRead(string text, EngineIoRevision revision, out SocketIoPacket packet) =>
        SocketIoPacketReader.TryRead(Encoding.UTF8.GetBytes(text), revision, SocketIoServer.Packets, out packet);
}
