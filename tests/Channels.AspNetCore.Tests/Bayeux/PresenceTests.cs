namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>That users come and go is told in their groups and worlds. Source: docs/protocols/bayeux.md#presence</summary>
public sealed class PresenceTests
{
    private const string Group = "/group/acme/game/team";
    private const string World = "/world/acme/game/team/one";
    private const string ByName = ",\"userName\":\"alice\"";
    private const string User = """{"id":"1","userName":"alice","lastName":"Liddell","account":"acme"}""";

    [Theory]
    [InlineData(ByName)]
    [InlineData(",\"userId\":\"1\"")]
    [InlineData(",\"userName\":\"somebody else\",\"authorization\":\"Bearer alice-token\"")]
    public async Task The_first_session_of_a_user_comes_and_the_last_one_goes(string ext)
    {
        await using var server = await StartAsync();
        var watcher = await server.ConnectAsync();
        await watcher.SubscribeAsync(Group);
        var first = await server.ConnectAsync(ext: ext);
        Expect("connect", Assert.Single(await watcher.ReceiveAsync(1)));
        var second = await server.ConnectAsync(ext: ext);
        Replies.Succeeded(await first.SendAsync("/meta/disconnect"));
        await server.PublishAsync(Group[1..], "\"between\"");
        Assert.Equal(["\"between\""], await watcher.ReceiveAsync(1));

        Replies.Succeeded(await second.SendAsync("/meta/disconnect"));

        Expect("disconnect", Assert.Single(await watcher.ReceiveAsync(1)));
    }

    [Fact]
    public async Task Worlds_are_told_too_and_other_channels_are_not()
    {
        await using var server = await StartAsync();
        var watcher = await server.ConnectAsync();
        await watcher.SubscribeAsync("/**");

        await server.ConnectAsync(ext: ByName);

        var received = await watcher.ReceiveAsync(2);
        Assert.All(received, data => Expect("connect", data));
        Assert.Equal(2, (await server.Channels.Presence.CountAsync(Group[1..])).Members + (await server.Channels.Presence.CountAsync(World[1..])).Members);
    }

    [Fact]
    public async Task A_user_whose_session_expires_goes_after_a_while()
    {
        await using var server = await StartAsync();
        await using var told = server.Channels.SubscribeAsync(Group[1..]).GetAsyncEnumerator();
        var coming = told.MoveNextAsync().AsTask();
        await server.ConnectAsync(ext: ByName);
        Assert.True(await coming.Within());
        var came = told.Current;

        var going = told.MoveNextAsync().AsTask();
        await server.AdvanceUntilAsync(() => going.IsCompleted, TimeSpan.FromSeconds(1));

        Assert.True(await going);
        Expect("disconnect", System.Text.Encoding.UTF8.GetString(told.Current.Payload.Span));
        Assert.True(told.Current.CreatedAt - came.CreatedAt >= TimeSpan.FromSeconds(120));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"userName\":\"nobody\"")]
    [InlineData(",\"userName\":7")]
    public async Task Who_is_unknown_comes_silently(string ext)
    {
        await using var server = await StartAsync();
        var watcher = await server.ConnectAsync();
        await watcher.SubscribeAsync("/**");
        await server.ConnectAsync(ext: ext);
        await server.ConnectAsync(ext: ByName);

        Assert.All(await watcher.ReceiveAsync(2), data => Expect("connect", data));
    }

    private static void Expect(string subType, string data)
    {
        Assert.StartsWith($$"""{"type":"user","subType":"{{subType}}","user":{{User}},"date":"20""", data, StringComparison.Ordinal);
        Assert.EndsWith("+0000\"}", data, StringComparison.Ordinal);
    }

    private static Task<BayeuxServer> StartAsync() => BayeuxServer.StartAsync(options => options.Projects.Add(new()
    {
        Account = "acme",
        Project = "game",
        Users = { new() { Id = "1", UserName = "alice", LastName = "Liddell", Groups = { "team" }, Worlds = { "team/one" } } },
    }));
}
