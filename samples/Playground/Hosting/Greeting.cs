using Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Playground.Hosting;

/// <summary>Says at start where the server is, with what keys, and what to try.</summary>
internal sealed class Greeting(IServer server, IOptions<ChannelsOptions> channels, PlaygroundOptions options, IHostApplicationLifetime lifetime)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(Text()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Text()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "(no address)";
        var instance = channels.Value.Instances.FirstOrDefault() ?? ChannelAddress.DefaultInstance;
        var intro = $"""

            Channels Playground listens on {address}
              page      {address}/
              health    {address}/health
              instance  {instance}
              storage   {(options.IsInMemory ? "memory (messages are lost at the end)" : options.Database)}

            """;
        return options.HasDemoKeys ? intro + Keys + Examples($"{address}/v1.1/instances/{instance}") + PushStreamExamples(address) : intro;
    }

    private const string Keys = $"""

          account (admin) key    {DemoCredentials.Admin}
          API key                {DemoCredentials.ApiKey}
          API key, ignore_acl    {DemoCredentials.TrustedApiKey}
          API key, anonymous     {DemoCredentials.ReadOnlyApiKey}
          user key of alice      {DemoCredentials.Alice}   (user 1, group 1)
          user key of bob        {DemoCredentials.Bob}   (user 2)
          token of alice, bob    {DemoCredentials.AliceToken}, {DemoCredentials.BobToken}   (alice's is good for every channel family of Speakap and for Dashly app 100)
          Bayeux tokens          alice-token, bob-token, project-token   (account acme, project game, group team)


        """;

    private static string Examples(string root) => $$$"""
        Wait for a message as bob:
          curl -H 'X-API-KEY: {{{DemoCredentials.ApiKey}}}' -H 'X-USER-KEY: {{{DemoCredentials.Bob}}}' {{{root}}}/channels/playground/poll/

        Publish as alice:
          curl -H 'X-API-KEY: {{{DemoCredentials.ApiKey}}}' -H 'X-USER-KEY: {{{DemoCredentials.Alice}}}' -H 'Content-Type: application/json' -d '{"payload":{"content":"hello!"}}' {{{root}}}/channels/playground/publish/

        Publish as a server, to any channel:
          curl -H 'X-API-KEY: {{{DemoCredentials.Admin}}}' -H 'Content-Type: application/json' -d '{"channel":"notices","payload":{"content":"hello!"}}' {{{root}}}/messages/

        Follow as an event stream:
          curl -N -H 'Accept: text/event-stream' '{{{root}}}/stream/?channel=playground&channel=notices&api_key={{{DemoCredentials.ApiKey}}}&user_key={{{DemoCredentials.Bob}}}'

        Store an object, which publishes it to its channel:
          curl -H 'X-API-KEY: {{{DemoCredentials.Admin}}}' -H 'Content-Type: application/json' -d '{"channel":"playground","title":"first"}' {{{root}}}/classes/books/objects/

        Change it:
          curl -X PATCH -H 'X-API-KEY: {{{DemoCredentials.Admin}}}' -H 'Content-Type: application/json' -d '{"reads":{"_increment":1}}' {{{root}}}/classes/books/objects/1/

        Publish to CometD and Faye clients, as a project:
          curl -H 'Authorization: Bearer project-token' -H 'Content-Type: application/json' -d '{"type":"chat","data":"hello!"}' {{{root[..root.IndexOf("/v1.1", StringComparison.Ordinal)]}}}/v2/channel/publish/group/acme/game/team

        Read what was published:
          curl -H 'X-API-KEY: {{{DemoCredentials.Admin}}}' {{{root}}}/channels/playground/history/

        """;

    private static string PushStreamExamples(string address) => $"""
        Follow Dashly's channels as alice (push stream):
          curl -N '{address}/eventsource/conversation.100/conversation_reply.100/ping?auth_token={DemoCredentials.AliceToken}'

        """;
}
