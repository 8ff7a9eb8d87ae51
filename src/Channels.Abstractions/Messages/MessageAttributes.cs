namespace Channels;

/// <summary>Small facts that trusted front-end code attaches to a message and that no other front end's wire shows.</summary>
public sealed record MessageAttributes
{
    /// <summary>Largest permitted <see cref="WireExtras"/>, in bytes.</summary>
    public const int MaxWireExtrasBytes = 1024;

    /// <summary>Nothing attached.</summary>
    public static MessageAttributes None { get; } = new();

    /// <summary>How the publisher wrote the payload.</summary>
    public PayloadFormat Format { get; init; }

    /// <summary>Whether a client published the message itself, rather than the application's server for it.</summary>
    public bool FromClient { get; init; }

    /// <summary>Member id of the sender, where the front end has presence.</summary>
    public string? SenderMember { get; init; }

    /// <summary>Namespaced extras of one wire as a JSON object, at most <see cref="MaxWireExtrasBytes"/>; empty for none.</summary>
    public ReadOnlyMemory<byte> WireExtras { get; init; }
}
