namespace Channels;

/// <summary>Who caused a message; parts that do not apply are <see langword="null"/>.</summary>
/// <param name="Admin">Id of the administrator.</param>
/// <param name="ApiKey">Id of the API key.</param>
/// <param name="User">Id of the user.</param>
public sealed record MessageAuthor(string? Admin = null, string? ApiKey = null, string? User = null)
{
    /// <summary>The application itself, or somebody without a name.</summary>
    public static MessageAuthor None { get; } = new();
}
