using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Channels.Engine.Tests.Hosting;

public sealed class WiringTests
{
    [Fact]
    public async Task A_plain_service_collection_is_enough()
    {
        await using var services = new ServiceCollection().AddChannels().AddChannel("a").Services
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = false, ValidateScopes = true });
        var channels = services.GetRequiredService<IChannels>();
        var poll = channels.PollAsync("a").AsTask();

        var message = await channels.PublishAsync("a", new()).Within();

        Assert.Equal(message.Id, (await poll.Within()).Message?.Id);
    }

    [Fact]
    public async Task Services_may_end_without_an_asynchronous_end()
    {
        var services = new ServiceCollection().AddChannels().AddChannel("a").Services.BuildServiceProvider();
        var poll = services.GetRequiredService<IChannels>().PollAsync("a").AsTask();

        services.Dispose();

        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task Adding_channels_twice_is_harmless()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Keys:0:Id"] = "1",
            ["Channels:Keys:0:Secret"] = "0123456789abcdef",
            ["Channels:MaxPolls"] = "7",
        }).Build();
        var services = new ServiceCollection();
        services.AddChannels(configuration.GetSection("Channels")).AddChannel("a");
        services.AddChannels(configuration.GetSection("Channels"), o => o.MaxConnections = 8);
        services.AddChannels();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IChannels>().PublishAsync("a", new()).Within();

        var options = provider.GetRequiredService<IOptions<ChannelsOptions>>().Value;
        Assert.Equal((1, 7, 8), (options.Keys.Count, options.MaxPolls, options.MaxConnections));
        Assert.Single(provider.GetServices<IMessageStore>());
        Assert.Equal(1, services.Count(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(ChannelsOptions).Assembly));
    }

    [Fact]
    public void What_the_host_registered_before_wins()
    {
        var time = new ManualTimeProvider();
        var store = new ScriptedStore(new MemoryStore(time));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IMessageStore>(store);
        services.AddSingleton<IChannelStore>(store);
        services.AddSingleton<IChannelDirectory, AnyDirectory>();
        services.AddSingleton<IChannelAuthenticator, NoAuthenticator>();
        services.AddChannels().AddChannel("a");
        using var provider = services.BuildServiceProvider();

        Assert.Same(time, provider.GetRequiredService<TimeProvider>());
        Assert.Same(store, provider.GetRequiredService<IMessageStore>());
        Assert.IsType<AnyDirectory>(provider.GetRequiredService<IChannelDirectory>());
        Assert.IsType<NoAuthenticator>(provider.GetRequiredService<IChannelAuthenticator>());
        Assert.True(provider.GetRequiredService<IChannels>().In("whatever").PublishAsync("a", new()).IsCompletedSuccessfully);
        Assert.NotEmpty(store.Batches);
    }

    [Fact]
    public void A_later_choice_replaces_the_authenticator_and_the_directory()
    {
        var services = new ServiceCollection().AddChannels().UseDirectory<AnyDirectory>().UseAuthenticator<NoAuthenticator>().Services;
        using var provider = services.BuildServiceProvider();

        Assert.IsType<AnyDirectory>(Assert.Single(provider.GetServices<IChannelDirectory>()));
        Assert.IsType<NoAuthenticator>(Assert.Single(provider.GetServices<IChannelAuthenticator>()));
    }

    [Fact]
    public async Task An_empty_address_is_an_outcome_and_no_exception()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a"));

        Assert.Equal(PublishStatus.InstanceNotFound, (await host.Channels.TryPublishAsync(default, new()).Within()).Status);
        Assert.Equal(AccessStatus.InstanceNotFound, (await host.Channels.PollAsync(default).Within()).Access);
        Assert.Equal(PublishStatus.InvalidAddress, (await host.Channels.TryPublishAsync("", new()).Within()).Status);
    }

    [Fact]
    public async Task The_end_of_a_connection_survives_what_its_listeners_throw()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a"));
        var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        var ended = new TaskCompletionSource();
        connection.Ended.Register(() => ended.SetResult());
        connection.Ended.Register(() => throw new InvalidOperationException("broken"));

        connection.Close(ConnectionEnd.Closed);

        await ended.Task.Within();
        Assert.True(connection.Ended.IsCancellationRequested);
    }

    private sealed class AnyDirectory : IChannelDirectory
    {
        public bool InstanceExists(string instance) => true;

        public ValueTask<bool> GroupExistsAsync(string instance, string group, CancellationToken cancellationToken) => new(true);
    }

    private sealed class NoAuthenticator : IChannelAuthenticator
    {
        public ValueTask<AuthenticationResult> AuthenticateAsync(ChannelCredentials credentials, CancellationToken cancellationToken) =>
            new(AuthenticationResult.Anonymous(AuthenticationStatus.NoCredentials));
    }
}
