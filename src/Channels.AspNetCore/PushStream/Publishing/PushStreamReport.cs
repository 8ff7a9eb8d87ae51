namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>What is reported, whatever its form.</summary>
/// <param name="Name">What the report itself is, where a form names it.</param>
/// <param name="Fields">Its values, in order.</param>
/// <param name="ListName">Name of its list; <see langword="null"/> when there is none.</param>
/// <param name="Items">What is in the list.</param>
internal sealed record PushStreamReport(string Name, PushStreamField[] Fields, string? ListName = null, PushStreamReport[]? Items = null)
{
    /// <summary>Name of the field that names a channel.</summary>
    public const string ChannelName = "channel";

    /// <summary>Name of the field that counts who receives a channel.</summary>
    public const string Subscribers = "subscribers";
}
