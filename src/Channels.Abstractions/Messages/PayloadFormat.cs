namespace Channels;

/// <summary>How a publisher wrote the payload, for front ends that give it back unchanged.</summary>
public enum PayloadFormat
{
    /// <summary>JSON, kept byte for byte.</summary>
    Json,

    /// <summary>Text that was stored as one JSON string.</summary>
    Text,
}
