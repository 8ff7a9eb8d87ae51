using Channels.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.Engine.Tests.Hosting;

public sealed class OptionsTests
{
    private static readonly string Hash = new('a', 64);

    public static TheoryData<string, Action<ChannelsOptions>> Wrong => new()
    {
        { nameof(ChannelsOptions.PollWindow), o => o.PollWindow = TimeSpan.FromMilliseconds(9) },
        { nameof(ChannelsOptions.PollWindow), o => o.PollWindow = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) },
        { nameof(ChannelsOptions.RetainAge), o => o.RetainAge = TimeSpan.FromMilliseconds(999) },
        { nameof(ChannelsOptions.SweepInterval), o => o.SweepInterval = TimeSpan.Zero },
        { nameof(ChannelsOptions.IdempotencyWindow), o => o.IdempotencyWindow = TimeSpan.FromDays(2) },
        { nameof(ChannelsOptions.TailIdle), o => o.TailIdle = TimeSpan.Zero },
        { nameof(ChannelsOptions.PositionCheckInterval), o => o.PositionCheckInterval = TimeSpan.FromMinutes(2) },
        { nameof(ChannelsOptions.DrainTime), o => o.DrainTime = TimeSpan.FromTicks(-1) },
        { nameof(ChannelsOptions.RetainCount), o => o.RetainCount = 0 },
        { nameof(ChannelsOptions.MaxPayloadBytes), o => o.MaxPayloadBytes = (16 * 1024 * 1024) + 1 },
        { nameof(ChannelsOptions.MaxPublishMany), o => o.MaxPublishMany = 0 },
        { nameof(ChannelsOptions.MaxAppendQueueBytes), o => o.MaxAppendQueueBytes = 65_535 },
        { nameof(ChannelsOptions.MaxAppendBatch), o => o.MaxAppendBatch = 0 },
        { nameof(ChannelsOptions.TailMessages), o => o.TailMessages = 0 },
        { nameof(ChannelsOptions.TailBytes), o => o.TailBytes = 0 },
        { nameof(ChannelsOptions.MaxConnections), o => o.MaxConnections = 0 },
        { nameof(ChannelsOptions.MaxSubscriptions), o => o.MaxSubscriptions = 0 },
        { nameof(ChannelsOptions.MaxPatternMatches), o => o.MaxPatternMatches = 0 },
        { nameof(ChannelsOptions.MaxPolls), o => o.MaxPolls = 0 },
        { nameof(ChannelsOptions.MaxPollsPerAddress), o => o.MaxPollsPerAddress = 0 },
        { nameof(ChannelsOptions.MaxActiveAddresses), o => o.MaxActiveAddresses = 0 },
        { nameof(ChannelsOptions.Instances), o => o.Instances.Add("") },
        { nameof(ChannelsOptions.Instances), o => o.Instances.Add(new('x', 65)) },
        { nameof(ChannelsOptions.Groups), o => o.Groups.Add("") },
        { "Keys:0:Id", o => o.Keys.Add(new() { Sha256 = Hash }) },
        { "Keys:0", o => o.Keys.Add(new() { Id = "1" }) },
        { "Keys:0", o => o.Keys.Add(new() { Id = "1", Secret = "0123456789abcdef", Sha256 = Hash }) },
        { "Keys:0:Secret", o => o.Keys.Add(new() { Id = "1", Secret = "short" }) },
        { "Keys:0:Sha256", o => o.Keys.Add(new() { Id = "1", Sha256 = "xyz" }) },
        { "Users:0", o => Same(o) },
        { "Users:0:Tokens", o => o.Users.Add(new() { Id = "1", Sha256 = Hash, Tokens = { "short" } }) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_value_stops_the_host_and_is_named(string name, Action<ChannelsOptions> set)
    {
        await using var host = ChannelsTestHost.Create(options: set);

        var exception = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(() => host.Channels);
    }

    [Fact]
    public async Task All_wrong_values_are_told_at_once()
    {
        await using var host = ChannelsTestHost.Create(options: o => (o.MaxPolls, o.TailMessages) = (0, 0));

        var exception = Assert.Throws<OptionsValidationException>(() => host.Channels);

        Assert.Contains(nameof(ChannelsOptions.MaxPolls), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ChannelsOptions.TailMessages), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_defaults_are_valid()
    {
        await using var host = ChannelsTestHost.Create();

        host.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    private static void Same(ChannelsOptions options)
    {
        options.Keys.Add(new() { Id = "1", Sha256 = Hash });
        options.Users.Add(new() { Id = "1", Sha256 = Hash.ToUpperInvariant() });
    }
}
