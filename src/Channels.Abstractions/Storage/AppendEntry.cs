namespace Channels;

/// <summary>One validated message on its way into the log.</summary>
public sealed class AppendEntry
{
    /// <summary>Where it goes; its instance is that of the batch.</summary>
    public required ChannelAddress Address { get; init; }

    /// <summary>What was published. The store keeps the payload as it is and does not copy it.</summary>
    public required MessageDraft Draft { get; init; }

    /// <summary>Who published it.</summary>
    public required MessageAuthor Author { get; init; }

    /// <summary>From when on it is invisible, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many of the newest messages the address keeps, at least 1.</summary>
    public required int KeepCount { get; init; }

    /// <summary>Whether it gets an id only and is not kept.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long its idempotency key is remembered; counts only with a key.</summary>
    public TimeSpan KeyWindow { get; init; }

    /// <summary>
    /// Version of the stored descriptor that it was authorized by, 0 for none stored; when the stored one differs at the append, the
    /// entry is not stored. <see langword="null"/> does not check.
    /// </summary>
    public long? DescriptorVersion { get; init; }

    /// <summary>Makes the message that this entry becomes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="createdAt">Its time.</param>
    public ChannelMessage ToMessage(long id, DateTimeOffset createdAt) => new()
    {
        Id = id,
        Address = Address,
        CreatedAt = createdAt,
        ExpiresAt = ExpiresAt,
        Payload = Draft.Payload,
        Action = Draft.Action,
        Event = Draft.Event,
        Author = Author,
        Metadata = Draft.ObjectClass is null ? MessageMetadata.Message : new(Draft.ObjectClass),
        Attributes = Draft.Attributes,
        ExcludedConnection = Draft.ExcludedConnection,
        IsTransient = IsTransient,
    };
}
