using System.Net;
using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Channels.AspNetCore.Tests.Http;

public sealed class Http2Tests(Http2Tests.Server server) : IClassFixture<Http2Tests.Server>
{
    [Fact]
    public async Task Polls_streams_and_sockets_work_over_http_2()
    {
        await server.CreateAsync("two", ChannelPermission.Subscribe);
        var message = await server.PublishAsync("two", "{}");
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var http = new HttpClient(handler)
        {
            BaseAddress = server.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var poll = await Answer.OfAsync(await http.GetAsync(new Uri($"{TestServer.Root}/channels/two/poll/?last_id=0&api_key={Keys.Admin}", UriKind.Relative)).Within());
        Assert.Equal(message.Id, poll.Expect(200).Id);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{TestServer.Root}/stream/?channel=two&last_id=0&api_key={Keys.Admin}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await EventReader.OpenAsync(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within());
        Assert.Equal("ready", (await events.ReadEventAsync()).Name);
        Assert.Equal("message", (await events.ReadEventAsync()).Name);

        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var address = new UriBuilder(new Uri(server.BaseAddress, request.RequestUri!.ToString())) { Scheme = "ws" }.Uri;
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(address, invoker, default).Within();
        Assert.Equal("ready", (await socket.ReadJsonAsync()).GetProperty("event").GetString());
        Assert.False((await socket.ReadJsonAsync()).TryGetProperty("event", out _));
        await socket.CloseAsync();
    }

    public sealed class Server : TestServer
    {
        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            builder.WebHost.ConfigureKestrel(options => options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
    }
}
