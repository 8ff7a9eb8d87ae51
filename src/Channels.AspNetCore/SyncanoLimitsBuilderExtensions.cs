using Channels;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Throttles the Syncano front end.</summary>
public static class SyncanoLimitsBuilderExtensions
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Limits requests as the original service did: 10 a second for each network address without credentials, 60 a second for an instance, and 240 polls
    /// a second for an instance. Limits of the same names that are configured already stay.
    /// </summary>
    /// <remarks>Source: docs/protocols/syncano.md#throttling</remarks>
    /// <param name="builder">The builder of the engine.</param>
    public static IChannelsBuilder AddSyncanoLimits(this IChannelsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.PostConfigure<ChannelsOptions>(static options =>
        {
            options.Limits.TryAdd(SyncanoLimits.Anonymous, FixedWindow(10, LimitScope.Remote));
            options.Limits.TryAdd(SyncanoLimits.Requests, FixedWindow(60, LimitScope.Instance));
            options.Limits.TryAdd(SyncanoLimits.Polls, FixedWindow(240, LimitScope.Instance));
        });
        return builder;
    }

    private static LimitOptions FixedWindow(int permits, LimitScope scope) =>
        new() { Kind = LimitKind.FixedWindow, Scope = scope, Permits = permits, Period = Window };
}
