namespace Channels.TestSupport.Storage;

/// <summary>An append entry with everything defaulted that a test does not speak of.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Payload">JSON text.</param>
public sealed record TestEntry(ChannelAddress Address, string Payload = "{}")
{
    public MessageAuthor Author { get; init; } = MessageAuthor.None;

    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromDays(1);

    public int KeepCount { get; init; } = 1000;

    public bool IsTransient { get; init; }

    public string? Key { get; init; }

    public TimeSpan KeyWindow { get; init; } = TimeSpan.FromMinutes(5);

    public long? DescriptorVersion { get; init; }

    public AppendEntry Build(DateTimeOffset now) => new()
    {
        Address = Address,
        Draft = new(Payload) { IdempotencyKey = Key },
        Author = Author,
        ExpiresAt = now + ExpiresIn,
        KeepCount = KeepCount,
        IsTransient = IsTransient,
        KeyWindow = KeyWindow,
        DescriptorVersion = DescriptorVersion,
    };
}
