namespace Channels;

/// <summary>What a message is about, set by the engine.</summary>
/// <param name="ObjectClass">Class of the data object whose change is reported; <see langword="null"/> for a plain message.</param>
public sealed record MessageMetadata(string? ObjectClass = null)
{
    /// <summary>Metadata of a plain message.</summary>
    public static MessageMetadata Message { get; } = new();
}
