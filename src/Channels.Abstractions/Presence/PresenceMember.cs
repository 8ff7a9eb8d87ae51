namespace Channels;

/// <summary>Somebody who is present on an address. One user with three connections is one member.</summary>
/// <param name="Id">Id of the member, 1–128 characters without control characters, compared by code unit.</param>
public sealed record PresenceMember(string Id)
{
    /// <summary>Longest id, in UTF-16 code units.</summary>
    public const int MaxIdLength = 128;

    /// <summary>What everybody who may see the member is told about it: one JSON value in UTF-8; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Info { get; init; }

    /// <summary>Whether the id has a permitted length and holds neither control characters nor lone surrogates.</summary>
    public bool HasValidId => ChannelAddress.IsName(Id, MaxIdLength);
}
