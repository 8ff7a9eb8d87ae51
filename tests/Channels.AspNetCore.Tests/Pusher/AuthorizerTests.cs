using System.Text;
using Channels.AspNetCore.Pusher;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>The documentation's own vectors, and what the node library makes of the same input.</summary>
public sealed class AuthorizerTests
{
    private const string Key = PusherTestServer.Key;
    private const string SocketId = "1234.1234";

    private static readonly PusherAuthorizer Authorizer = new(Key, PusherTestServer.Secret);

    [Fact]
    public void Private_channel_as_documented() => Assert.Equal(
        """{"auth":"278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"}""",
        Authorizer.AuthorizeChannel(SocketId, "private-foobar").ToJson());

    [Theory]
    [InlineData("Mr. Channels", "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80")]
    [InlineData("Mr. Pusher", "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c")]
    public void Presence_channel_as_documented(string name, string signature)
    {
        var channelData = $$$"""{"user_id":10,"user_info":{"name":"{{{name}}}"}}""";

        var authorization = Authorizer.AuthorizePresence(SocketId, "presence-foobar", channelData);

        Assert.Equal($"{Key}:{signature}", authorization.Auth);
        Assert.Equal(channelData, authorization.ChannelData);
    }

    [Fact]
    public void User_as_documented()
    {
        var authorization = Authorizer.AuthenticateUser(SocketId, new PresenceMember("12345"));

        Assert.Equal($"{Key}:4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba", authorization.Auth);
        Assert.Equal("""{"id":"12345"}""", authorization.UserData);
    }

    [Fact]
    public void Member_and_user_are_described_in_json()
    {
        var member = new PresenceMember("7") { Info = """{"name":"Zoë"}"""u8.ToArray() };

        Assert.Equal("""{"user_id":"7","user_info":{"name":"Zoë"}}""", Authorizer.AuthorizePresence(SocketId, "presence-a", member).ChannelData);
        Assert.Equal(
            """{"id":"7","user_info":{"name":"Zoë"},"watchlist":["8","9"]}""", Authorizer.AuthenticateUser(SocketId, member, ["8", "9"]).UserData);
    }

    [Fact]
    public void Encrypted_channel_gets_its_key()
    {
        var authorizer = new PusherAuthorizer(Key, PusherTestServer.Secret, PusherTestServer.MasterKey);

        var authorization = authorizer.AuthorizeChannel(SocketId, "private-encrypted-a");

        var secret = System.Security.Cryptography.SHA256.HashData([.. "private-encrypted-a"u8, .. PusherTestServer.MasterKey]);
        Assert.Equal(Convert.ToBase64String(secret), authorization.SharedSecret);
        Assert.Equal(authorization.Auth, Authorizer_WithoutMasterKeyOf("private-encrypted-a"));
        Assert.Throws<InvalidOperationException>(() => Authorizer.AuthorizeChannel(SocketId, "private-encrypted-a"));
        Assert.Throws<ArgumentException>(() => new PusherAuthorizer(Key, PusherTestServer.Secret, new byte[31]));
    }

    [Theory]
    [InlineData("1234", "private-a")]
    [InlineData("1234.", "private-a")]
    [InlineData(".1234", "private-a")]
    [InlineData("1.2.3", "private-a")]
    [InlineData("a.b", "private-a")]
    [InlineData("1.2:private-b", "private-a")]
    [InlineData(SocketId, "public")]
    [InlineData(SocketId, "#server-to-user-1")]
    [InlineData(SocketId, "private-a b")]
    [InlineData(SocketId, "")]
    public void Nothing_malformed_is_signed(string socketId, string channel) =>
        Assert.Throws<ArgumentException>(() => Authorizer.AuthorizeChannel(socketId, channel));

    [Fact]
    public void Webhook_is_known_by_its_signature()
    {
        var body = """{"time_ms":1327078148132,"events":[]}"""u8;
        var signature = PusherTestServer.Hmac(Encoding.UTF8.GetString(body), PusherTestServer.Secret);

        Assert.True(Authorizer.IsWebhook(Key, signature, body));
        Assert.False(Authorizer.IsWebhook("other", signature, body));
        Assert.False(Authorizer.IsWebhook(null, signature, body));
        Assert.False(Authorizer.IsWebhook(Key, null, body));
        Assert.False(Authorizer.IsWebhook(Key, signature[..^1], body));
        Assert.False(Authorizer.IsWebhook(Key, signature.ToUpperInvariant(), body));
        Assert.False(Authorizer.IsWebhook(Key, signature, "{}"u8));
    }

    private static string Authorizer_WithoutMasterKeyOf(string channel) =>
        $"{Key}:{PusherTestServer.Hmac($"{SocketId}:{channel}", PusherTestServer.Secret)}";
}
