using Microsoft.Extensions.DependencyInjection;

namespace Channels.Testing;

/// <summary>Channels without a server, a port or real time, for tests of an application's channels.</summary>
public sealed class ChannelsTestHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ChannelsTestHost(ServiceProvider services, TimeProvider clock)
    {
        _services = services;
        Clock = clock;
    }

    /// <summary>The channels, acting as the application itself.</summary>
    public IChannels Channels => _services.GetRequiredService<IChannels>();

    /// <summary>Opens connections as a front end does.</summary>
    public IChannelConnections Connections => _services.GetRequiredService<IChannelConnections>();

    /// <summary>Tells what happens in the engine.</summary>
    public IChannelEvents Events => _services.GetRequiredService<IChannelEvents>();

    /// <summary>Sweeps and drains, which a server's host would do by itself.</summary>
    public ChannelsMaintenance Maintenance => _services.GetRequiredService<ChannelsMaintenance>();

    /// <summary>The clock that everything reads.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The clock, when the host was created without one of the caller's own.</summary>
    /// <exception cref="InvalidOperationException">The host was created with another clock.</exception>
    public ManualTimeProvider Time =>
        Clock as ManualTimeProvider ?? throw new InvalidOperationException("The host was created with a clock of your own; advance that one.");

    /// <summary>All services of the host.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Creates a host with messages in memory and a manual clock.</summary>
    /// <param name="configure">Adds channels and whatever else <c>AddChannels</c> returns a builder for.</param>
    /// <param name="options">Sets options of the engine.</param>
    /// <param name="time">A clock of your own instead of the manual one.</param>
    public static ChannelsTestHost Create(
        Action<IChannelsBuilder>? configure = null, Action<ChannelsOptions>? options = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        var clock = time ?? new ManualTimeProvider();
        services.AddSingleton(clock);
        var channels = services.AddChannels(options);
        configure?.Invoke(channels);
        return new(services.BuildServiceProvider(validateScopes: true), clock);
    }

    /// <summary>Waits until something has happened that runs on other threads; does not wait for the manual clock.</summary>
    /// <param name="condition">What shall become true.</param>
    /// <param name="limit">How much real time it may take; 10 seconds when nothing is given.</param>
    /// <exception cref="TimeoutException">It did not become true in time.</exception>
    public static async Task EventuallyAsync(Func<bool> condition, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(started) > (limit ?? TimeSpan.FromSeconds(10)))
            {
                throw new TimeoutException("What was waited for did not happen in time.");
            }

            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
