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
        Admins = options.Keys.Where(key => key.IsAdmin).Select(key => key.Id).ToFrozenSet(StringComparer.Ordinal);
        ApiKeys = options.Keys.Where(key => !key.IsAdmin).Select(key => key.Id).ToFrozenSet(StringComparer.Ordinal);
    }

    public FrozenSet<string> Admins { get; }

    public FrozenSet<string> ApiKeys { get; }

    public ChannelKeyOptions? FindKey(string secret) => _keys.GetValueOrDefault(SecretHash.Of(secret));

    public ChannelUserOptions? FindUser(string instance, string secret) => InInstance(_userKeys.GetValueOrDefault(SecretHash.Of(secret)), instance);

    public ChannelUserOptions? FindToken(string instance, string token) => InInstance(_tokens.GetValueOrDefault(SecretHash.Of(token)), instance);

    private static ChannelUserOptions? InInstance(ChannelUserOptions? user, string instance) =>
        user is not null && string.Equals(user.Instance, instance, StringComparison.Ordinal) ? user : null;

    private static IEnumerable<string> Hashes(string? secret, params string?[] hashes) =>
        hashes.Append(secret is null ? null : SecretHash.Of(secret)).OfType<string>().Select(SecretHash.Normalize);

    private static FrozenDictionary<string, T> Index<T>(IEnumerable<T> items, Func<T, IEnumerable<string>> hashes) =>
        items.SelectMany(item => hashes(item).Select(hash => KeyValuePair.Create(hash, item))).ToFrozenDictionary(StringComparer.Ordinal);
}
