using Channels.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.Storage.Tests;

public sealed class SqliteRegistrationTests : SqliteTests
{
    [Fact]
    public async Task Both_contracts_are_one_store_in_place_of_any_other()
    {
        var builder = new Builder();
        builder.Services.AddSingleton<IMessageStore>(_ => throw new InvalidOperationException("replaced"));
        builder.Services.AddSingleton<IChannelStore>(_ => throw new InvalidOperationException("replaced"));
        builder.Services.AddSingleton<TimeProvider>(Time);

        builder.UseSqliteStorage("Data Source=unused.db").UseSqliteStorage($"Data Source={Database}", options => options.MaxReaders = 2);

        await using (var services = builder.Services.BuildServiceProvider())
        {
            var messages = Assert.Single(services.GetServices<IMessageStore>());
            Assert.Same(messages, Assert.Single(services.GetServices<IChannelStore>()));
            await StoreAsync(Assert.IsType<SqliteStore>(messages), 1);
            Assert.Equal(2, services.GetRequiredService<IOptions<SqliteStorageOptions>>().Value.MaxReaders);
        }

        Assert.Equal(1, Assert.Single(await IdsAsync(NewStore())));
    }

    [Fact]
    public void Wrong_options_stop_the_host_at_start_with_all_their_names()
    {
        var builder = new Builder();
        builder.UseSqliteStorage("Data Source=:memory:", options =>
        {
            options.IdBlockSize = 0;
            options.MaxReaders = 0;
            options.BusyTimeout = TimeSpan.FromSeconds(-1);
            options.LockTimeout = TimeSpan.FromDays(1);
            options.Synchronous = (SqliteSynchronous)9;
            options.MaxDatabaseBytes = 1;
        });
        using var services = builder.Services.BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        foreach (var name in new[] { "ConnectionString", "IdBlockSize", "MaxReaders", "BusyTimeout", "LockTimeout", "Synchronous", "MaxDatabaseBytes" })
        {
            Assert.Contains(failure.Failures, text => text.Contains(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Data Source=:memory:", "UseMemoryStorage")]
    [InlineData("Data Source=x.db;Mode=Memory", "UseMemoryStorage")]
    [InlineData("Data Source=x.db;Mode=ReadOnly", "read-only")]
    [InlineData("Data Source=x.db;Cache=Shared", "shared cache")]
    [InlineData("Data Source=x.db;Password=secret", "encrypted")]
    [InlineData("Data Source=file:x.db", "URI")]
    [InlineData("Mode=ReadWrite", "Data Source")]
    [InlineData("", "Data Source")]
    [InlineData("nonsense", "cannot be read")]
    public void Connection_strings_that_cannot_work_are_refused(string connectionString, string reason)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => new SqliteStore(new() { ConnectionString = connectionString }, Time));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private sealed class Builder : IChannelsBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
