namespace Channels;

/// <summary>Settings of the engine. Limits and keys are read again when the configuration is reloaded; the rest at start.</summary>
public sealed class ChannelsOptions
{
    /// <summary>Instances that exist. Default: <c>default</c> alone.</summary>
    public IList<string> Instances { get; init; } = [];

    /// <summary>Ids of the groups that channels may name, in every instance. Default: none.</summary>
    public IList<string> Groups { get; init; } = [];

    /// <summary>Keys of administrators and applications. Default: none.</summary>
    public IList<ChannelKeyOptions> Keys { get; init; } = [];

    /// <summary>Users with their keys. Default: none.</summary>
    public IList<ChannelUserOptions> Users { get; init; } = [];

    /// <summary>How long a poll waits. Default 5 minutes; 10 milliseconds to 1 hour.</summary>
    public TimeSpan PollWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long messages are kept unless their channel says otherwise. Default 24 hours; 1 second to 10 years.</summary>
    public TimeSpan RetainAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many messages an address keeps unless its channel says otherwise. Default 1,000; 1 to 10,000,000.</summary>
    public int RetainCount { get; set; } = 1000;

    /// <summary>How often expired messages are removed. They are invisible before. Default 30 seconds; 1 second to 1 day.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an idempotency key is remembered. Default 5 minutes; 1 second to 1 day.</summary>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Largest payload, in bytes. Default 65,536; 1 to 16,777,216.</summary>
    public int MaxPayloadBytes { get; set; } = 64 * 1024;

    /// <summary>Data objects that one class may have; each is at most as large as a payload. Default 1,000,000; at least 1.</summary>
    public long MaxObjectsPerClass { get; set; } = 1_000_000;

    /// <summary>Most drafts of one <see cref="IChannels.TryPublishManyAsync"/>. Default 1,000; 1 to 100,000.</summary>
    public int MaxPublishMany { get; set; } = 1000;

    /// <summary>Payload bytes that may wait to be stored, per instance; beyond it publishing is refused. Default 64 MiB; at least 64 KiB.</summary>
    public long MaxAppendQueueBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Messages that one commit takes at most. Default 1,000; 1 to 100,000.</summary>
    public int MaxAppendBatch { get; set; } = 1000;

    /// <summary>Messages that an active address holds in memory for its readers. Default 512; 1 to 100,000.</summary>
    public int TailMessages { get; set; } = 512;

    /// <summary>Payload bytes that an active address holds in memory for its readers. Default 1 MiB; at least 64 KiB.</summary>
    public long TailBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Memory of the messages that all active addresses together hold for their readers, in bytes; beyond it the addresses not used for
    /// longest let go of their oldest ones, which are then read from the store. Default 256 MiB; at least 64 KiB.
    /// </summary>
    public long TailTotalBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long an address without readers stays active in memory. Default 1 minute; 1 second to 1 day.</summary>
    public TimeSpan TailIdle { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Open connections, all front ends together. Default 100,000; at least 1.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Addresses and patterns of one connection; and counted by themselves, addresses whose members it is one of or watches. Default 1,000; at least 1.</summary>
    public int MaxSubscriptions { get; set; } = 1000;

    /// <summary>Concrete addresses that one pattern of a connection may attach. Default 10,000; at least 1.</summary>
    public int MaxPatternMatches { get; set; } = 10_000;

    /// <summary>Polls that wait at the same time, all addresses together. Default 200,000; at least 1.</summary>
    public int MaxPolls { get; set; } = 200_000;

    /// <summary>Polls that wait at the same time on one address. Default 200,000; at least 1.</summary>
    public int MaxPollsPerAddress { get; set; } = 200_000;

    /// <summary>Addresses of one instance that are active in memory at the same time. Default 1,000,000; at least 1.</summary>
    public int MaxActiveAddresses { get; set; } = 1_000_000;

    /// <summary>Members of one address. Default 100,000; at least 1.</summary>
    public int MaxMembersPerAddress { get; set; } = 100_000;

    /// <summary>Largest info of a member, in bytes. Default 16,384; 1 to 1,048,576.</summary>
    public int MaxMemberInfoBytes { get; set; } = 16 * 1024;

    /// <summary>How long the members of a node that does not answer any more stay for the others, where nodes share presence. Default 30 seconds; 3 seconds to 1 hour, and at least three times <see cref="PositionCheckInterval"/>.</summary>
    public TimeSpan PresenceLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Changes among the members of an address that are remembered for its watchers; who is further behind gets all members anew. Default 1,000; 1 to 100,000.</summary>
    public int MaxPresenceChanges { get; set; } = 1000;

    /// <summary>Events that may wait for one handler; what comes beyond is not told to it. Default 10,000; 1 to 1,000,000.</summary>
    public int EventQueueLength { get; set; } = 10_000;

    /// <summary>
    /// What may be done how often, by name: <see cref="ChannelLimits"/> has the engine's own, front ends have theirs. What is not named has no limit.
    /// Default: none. A reload begins to count anew.
    /// </summary>
    public IDictionary<string, LimitOptions> Limits { get; init; } = new Dictionary<string, LimitOptions>(StringComparer.Ordinal);

    /// <summary>Budgets that one limit counts at the same time; beyond that newcomers are refused. Default 100,000; at least 1.</summary>
    public int MaxLimitPartitions { get; set; } = 100_000;

    /// <summary>Load level from which on the engine is overloaded. Default 0.8; more than <see cref="OverloadLeave"/>, at most 1.</summary>
    public double OverloadEnter { get; set; } = 0.8;

    /// <summary>Load level below which it is not overloaded any more. Default 0.5; more than 0.</summary>
    public double OverloadLeave { get; set; } = 0.5;

    /// <summary>How long messages may wait to be stored or handed on; counts as load level 1. Default 5 seconds; 10 milliseconds to 1 hour.</summary>
    public TimeSpan OverloadLag { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a log that other nodes may write to is looked at, whatever was signalled. Default 1 second; 10 milliseconds to 1 minute.</summary>
    public TimeSpan PositionCheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Over how long the closes of many connections are spread at shutdown. Default 5 seconds; 0 to 5 minutes.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);
}
