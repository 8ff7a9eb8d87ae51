using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.Storage.Tests;

public sealed class MemoryRegistrationTests
{
    private readonly Builder _builder = new();

    [Fact]
    public void Both_contracts_are_one_store()
    {
        _builder.UseMemoryStorage();
        using var provider = _builder.Services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IMessageStore>(), provider.GetRequiredService<IChannelStore>());
    }

    [Fact]
    public void The_last_choice_replaces_the_ones_before()
    {
        var store = new MemoryStore(TimeProvider.System);
        _builder.UseMemoryStorage().UseMemoryStorage(store).UseMemoryStorage(store);
        using var provider = _builder.Services.BuildServiceProvider();

        Assert.Same(store, Assert.Single(provider.GetServices<IMessageStore>()));
        Assert.Same(store, Assert.Single(provider.GetServices<IChannelStore>()));
    }

    [Fact]
    public async Task Two_providers_share_a_store_that_both_were_given()
    {
        var store = new MemoryStore(TimeProvider.System);
        var other = new Builder();
        _builder.UseMemoryStorage(store);
        other.UseMemoryStorage(store);
        await using var first = _builder.Services.BuildServiceProvider();
        await using var second = other.Services.BuildServiceProvider();

        await first.GetRequiredService<IChannelStore>().CreateAsync(new() { Name = "a" }, default).Within();

        Assert.NotNull(await second.GetRequiredService<IChannelStore>().GetAsync("default", "a", default).Within());
    }

    [Fact]
    public async Task The_clock_of_the_host_is_used()
    {
        var time = new ManualTimeProvider();
        _builder.Services.AddSingleton<TimeProvider>(time);
        _builder.UseMemoryStorage();
        await using var provider = _builder.Services.BuildServiceProvider();

        Assert.Equal(time.GetUtcNow(), (await provider.GetRequiredService<IMessageStore>().GetHeadAsync("default", default).Within()).LastCreatedAt);
    }

    [Fact]
    public void Every_value_out_of_range_is_named()
    {
        _builder.UseMemoryStorage(options => (options.MaxBytes, options.MaxIdempotencyKeys, options.MaxEmptyAddresses) = (1024 * 1024 - 1, 0, -1));
        using var provider = _builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<MemoryStorageOptions>>().Value);

        Assert.Equal(3, exception.Failures.Count());
        Assert.Contains(nameof(MemoryStorageOptions.MaxBytes), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MemoryStorageOptions.MaxIdempotencyKeys), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MemoryStorageOptions.MaxEmptyAddresses), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bounded_cache_expires_by_the_given_clock()
    {
        var time = new ManualTimeProvider();
        using var cache = BoundedCache.Create(time, 10);
        cache.Set("a", 1, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) });
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(cache.TryGetValue("a", out _));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(cache.TryGetValue("a", out _));
    }

    [Fact]
    public void A_bounded_cache_holds_no_more_than_its_limit()
    {
        using var cache = BoundedCache.Create(TimeProvider.System, 10);
        for (var i = 0; i < 100; i++)
        {
            cache.Set(i, i, new MemoryCacheEntryOptions { Size = 1 });
        }

        Assert.InRange(cache.Count, 0, 10);
    }

    private sealed class Builder : IChannelsBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
