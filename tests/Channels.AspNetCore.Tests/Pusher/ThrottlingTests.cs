using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>An application whose host limits what may be published.</summary>
public sealed class ThrottlingTests : IAsyncLifetime
{
    private readonly Limited _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Who_publishes_too_much_is_told_when_to_come_back()
    {
        await _server.TriggerAsync("a", "e", "1");
        await _server.TriggerAsync("a", "e", "2");
        var refused = (await TriggerAsync("events", """{"name":"e","channels":["a"],"data":"3"}""")).Expect(429, """{"error":"Too many requests","code":429}""");
        Assert.Equal("30", refused.Header("Retry-After"));

        _server.Time.Advance(TimeSpan.FromSeconds(11.5));
        refused = (await TriggerAsync("batch_events", """{"batch":[{"name":"e","channel":"a","data":"4"}]}""")).Expect(429);
        Assert.Equal("19", refused.Header("Retry-After"));
        _server.Time.Advance(TimeSpan.FromSeconds(18.5));
        await _server.TriggerAsync("a", "e", "5");
        Assert.Equal(3, (await _server.Channels.ReadHistoryAsync("a")).Messages.Count);
    }

    private Task<Answer> TriggerAsync(string path, string json) => _server.CallAsync("POST", path, json);

    private sealed class Limited : PusherTestServer
    {
        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            options.Limits[ChannelLimits.Publish] = new() { Kind = LimitKind.FixedWindow, Permits = 2, Period = TimeSpan.FromSeconds(30) };
        }
    }
}
