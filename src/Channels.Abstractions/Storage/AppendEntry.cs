namespace Channels;

/// <summary>One validated message on its way into the log, or a change of a data object with its notification.</summary>
public sealed class AppendEntry
{
    private static readonly MessageDraft NoDraft = new();

    /// <summary>Where it goes; its instance is that of the batch. Without meaning for a change that publishes nothing.</summary>
    public required ChannelAddress Address { get; init; }

    /// <summary>What was published, unless there is a <see cref="Change"/>. The store keeps the payload as it is and does not copy it.</summary>
    public MessageDraft Draft { get; init; } = NoDraft;

    /// <summary>
    /// The change of a data object that this entry makes, in one transaction with the notification that the change composes. Its id and time are given with
    /// those of the notification; a change that publishes nothing takes no id of the log.
    /// </summary>
    public ObjectChange? Change { get; init; }

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
    /// <param name="composed">The notification that its <see cref="Change"/> composed; <see langword="null"/> without a change.</param>
    public ChannelMessage ToMessage(long id, DateTimeOffset createdAt, MessageDraft? composed = null) => ToMessage(composed ?? Draft, id, createdAt);

    private ChannelMessage ToMessage(MessageDraft draft, long id, DateTimeOffset createdAt) => new()
    {
        Id = id,
        Address = Address,
        CreatedAt = createdAt,
        ExpiresAt = ExpiresAt,
        Payload = draft.Payload,
        Action = draft.Action,
        Event = draft.Event,
        Author = Author,
        Metadata = draft.ObjectClass is null ? MessageMetadata.Message : new(draft.ObjectClass),
        Attributes = draft.Attributes,
        ExcludedConnection = draft.ExcludedConnection,
        IsTransient = IsTransient,
    };
}
