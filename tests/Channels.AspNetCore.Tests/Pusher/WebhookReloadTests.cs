using Channels.AspNetCore.Pusher;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>Receivers of webhooks that come, change and go while the server runs.</summary>
public sealed class WebhookReloadTests : IAsyncLifetime
{
    private readonly WebhookReceiver _receiver = new();
    private readonly ReloadableServer _server = new()
    {
        Configure = options =>
        {
            options.Webhooks.AllowHttp = true;
            options.Webhooks.AllowPrivateNetworks = true;
            options.Webhooks.Timeout = TimeSpan.FromMinutes(5);
        },
    };

    public async ValueTask InitializeAsync()
    {
        await _receiver.InitializeAsync();
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_new_receiver_is_told_what_happens_from_then_on()
    {
        using var client = await _server.ConnectAsync();
        await client.SubscribeAsync("private-early");
        Change(app => app.Webhooks.Add(new() { Url = _receiver.Url() }));
        await client.SubscribeAsync("private-late");
        await client.SendAsync("""{"event":"client-e","channel":"private-late","data":1}""");
        await _receiver.WaitAsync(2);

        Assert.Equal(["private-late", "private-late"], _receiver.Channels);
        Assert.Contains("client_event", _receiver.Events[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_taken_away_is_told_nothing_more_and_its_neighbour_is()
    {
        Change(app =>
        {
            app.Webhooks.Add(new() { Url = _receiver.Url("/one") });
            app.Webhooks.Add(new() { Url = _receiver.Url("/two") });
        });
        using var client = await _server.ConnectAsync();
        await client.SubscribeAsync("both");
        await _receiver.WaitAsync(2);

        Change(app => app.Webhooks.RemoveAt(0));
        await client.SubscribeAsync("second");
        await client.SubscribeAsync("third");
        await ChannelsTestHost.EventuallyAsync(() => PathsOf("third").Count == 1);

        Assert.Equal(["/two"], PathsOf("second"));
        Assert.Equal(["/two"], PathsOf("third"));
        Assert.Equal(["/one", "/two"], PathsOf("both").Order());
    }

    [Fact]
    public async Task What_waits_for_a_receiver_survives_a_change_and_is_signed_with_the_secret_of_then()
    {
        const string Next = "another-secret";
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = count => count == 1 ? answer.Task : Task.FromResult(200);
        Change(app => app.Webhooks.Add(new() { Url = _receiver.Url() }));
        using (var client = await _server.ConnectAsync())
        {
            await client.SubscribeAsync("first");
            await client.SubscribeAsync("second");
            await _receiver.WaitAsync(1);
        }

        Change(app => app.Secret = Next);
        answer.SetResult(200);
        await _receiver.WaitAsync(2);

        Assert.Equal(["first", "second"], _receiver.Channels);
        Assert.Equal([true, false], _receiver.Requests.Select(request => request.IsSignedBy(PusherTestServer.Authorizer)));
        Assert.True(_receiver.Requests.Last().IsSignedBy(new PusherAuthorizer(PusherTestServer.Key, Next)));
    }

    [Fact]
    public async Task What_happens_while_there_is_no_receiver_is_told_to_none()
    {
        Change(app => app.Webhooks.Add(new() { Url = _receiver.Url() }));
        using var client = await _server.ConnectAsync();
        await client.SubscribeAsync("told");
        await _receiver.WaitAsync(1);
        Change(app => app.Webhooks.Clear());
        await client.SubscribeAsync("untold");
        Change(app => app.Webhooks.Add(new() { Url = _receiver.Url() }));
        await client.SubscribeAsync("told-again");
        await _receiver.WaitAsync(2);

        Assert.Equal(["told", "told-again"], _receiver.Channels);
    }

    private List<string> PathsOf(string channel) =>
        [.. _receiver.Requests.Where(request => request.Body.Contains($"\"{channel}\"", StringComparison.Ordinal)).Select(request => request.Path)];

    private void Change(Action<PusherAppOptions> change) => _server.Change(apps => change(apps.Single(app => app.Key == PusherTestServer.Key)));
}
