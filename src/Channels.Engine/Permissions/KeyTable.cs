using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>The configured keys, tokens and users, immutable; a reload makes a new one.</summary>
internal sealed class KeyTable
{
    private readonly FrozenDictionary<string, ChannelKeyOptions> _keys;
    private readonly FrozenDictionary<string, ChannelUserOptions> _userKeys;
    private readonly FrozenDictionary<string, ChannelUserOptions> _tokens;

    public KeyTable(ChannelsOptions options)
    {
        _keys = Index(options.Keys, key => Hashes(key.Secret, key.Sha256, key.NextSha256));
        _userKeys = Index(options.Users, user => Hashes(user.Secret, user.Sha256, user.NextSha256));
        _tokens = Index(options.Users, user => user.Tokens.Select(SecretHash.Of));
    }

    /// <summary>SHA-256 of every secret and token that is valid.</summary>
    public IEnumerable<string> Credentials => _keys.Keys.Concat(_userKeys.Keys).Concat(_tokens.Keys);

    public ChannelKeyOptions? FindKey(string hash) => _keys.GetValueOrDefault(hash);

    public ChannelUserOptions? FindUser(string instance, string hash) => InInstance(_userKeys.GetValueOrDefault(hash), instance);

    public ChannelUserOptions? FindToken(string instance, string hash) => InInstance(_tokens.GetValueOrDefault(hash), instance);

    private static ChannelUserOptions? InInstance(ChannelUserOptions? user, string instance) =>
        user is not null && string.Equals(user.Instance, instance, StringComparison.Ordinal) ? user : null;

    private static IEnumerable<string> Hashes(string? secret, params string?[] hashes) =>
        hashes.Append(secret is null ? null : SecretHash.Of(secret)).OfType<string>().Select(SecretHash.Normalize);

    private static FrozenDictionary<string, T> Index<T>(IEnumerable<T> items, Func<T, IEnumerable<string>> hashes) =>
        items.SelectMany(item => hashes(item).Select(hash => KeyValuePair.Create(hash, item))).ToFrozenDictionary(StringComparer.Ordinal);
}
