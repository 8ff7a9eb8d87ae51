using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>The configured keys, tokens and users, immutable; a reload makes a new one.</summary>
internal sealed class KeyTable
{
    private readonly FrozenDictionary<string, ChannelKeyOptions> _keys;
    private readonly FrozenDictionary<string, ChannelUserOptions> _userKeys;
    private readonly FrozenDictionary<string, ChannelUserOptions> _tokens;

    // Only valid credentials get in, so that it stays as small as what is configured.
    private readonly ConcurrentDictionary<(string Credential, string? UserCredential, string FrontEnd), ChannelCaller> _callers = new();

    // The same callers by both keys at once, so that one hash is made for a request; for a key with an unknown user there is none, which may be anything.
    private readonly ConcurrentDictionary<(SecretPair Keys, string Instance, string FrontEnd), ChannelCaller> _known = new();

    public KeyTable(ChannelsOptions options)
    {
        _keys = Index(options.Keys, key => Hashes(key.Secret, key.Sha256, key.NextSha256));
        _userKeys = Index(options.Users, user => Hashes(user.Secret, user.Sha256, user.NextSha256));
        _tokens = Index(options.Users, user => user.Tokens.Select(SecretHash.OfToken));
        Admins = options.Keys.Where(key => key.IsAdmin).GroupBy(key => key.Id, StringComparer.Ordinal)
            .ToFrozenDictionary(keys => keys.Key, keys => RightsOf(keys), StringComparer.Ordinal);
        ApiKeys = options.Keys.Where(key => !key.IsAdmin).GroupBy(key => key.Id, StringComparer.Ordinal)
            .ToFrozenDictionary(keys => keys.Key, keys => RightsOf(keys), StringComparer.Ordinal);
        Users = options.Users.GroupBy(user => (user.Instance, user.Id)).ToFrozenDictionary(users => users.Key, users => RightsOf(users));
    }

    /// <summary>What the keys of each administrator give, by id.</summary>
    public FrozenDictionary<string, KeyRights> Admins { get; }

    /// <summary>What each API key gives, by id.</summary>
    public FrozenDictionary<string, KeyRights> ApiKeys { get; }

    /// <summary>What each user's key gives, by instance and id.</summary>
    public FrozenDictionary<(string Instance, string User), KeyRights> Users { get; }

    /// <summary>SHA-256 of every secret and token that is valid.</summary>
    public IEnumerable<string> Credentials => _keys.Keys.Concat(_userKeys.Keys).Concat(_tokens.Keys);

    /// <summary>Whether the SHA-256 of a secret or token is valid.</summary>
    public bool IsValid(string hash) => _keys.ContainsKey(hash) || _userKeys.ContainsKey(hash) || _tokens.ContainsKey(hash);

    public ChannelKeyOptions? FindKey(string hash) => _keys.GetValueOrDefault(hash);

    public ChannelUserOptions? FindUser(string instance, string hash) => InInstance(_userKeys.GetValueOrDefault(hash), instance);

    public ChannelUserOptions? FindToken(string instance, string hash) => InInstance(_tokens.GetValueOrDefault(hash), instance);

    /// <summary>The caller that was remembered for these keys, if there is one.</summary>
    public ChannelCaller? Recall(in SecretPair keys, ChannelCredentials credentials) =>
        _known.GetValueOrDefault((keys, credentials.Instance, credentials.FrontEnd));

    /// <summary>Remembers the caller of keys that are all valid.</summary>
    public void Remember(in SecretPair keys, ChannelCredentials credentials, ChannelCaller caller) =>
        _known.TryAdd((keys, credentials.Instance, credentials.FrontEnd), caller);

    /// <summary>The caller that valid credentials make; made once.</summary>
    /// <param name="credential">Hash of the key or token.</param>
    /// <param name="userCredential">Hash of the user key, if one counts.</param>
    /// <param name="frontEnd">Front end that they came through.</param>
    /// <param name="make">Makes it from what is configured.</param>
    public ChannelCaller CallerOf(string credential, string? userCredential, string frontEnd, Func<ChannelCaller> make)
    {
        var key = (credential, userCredential, frontEnd);
        return _callers.TryGetValue(key, out var known) ? known : _callers.GetOrAdd(key, make() with
        {
            FrontEnd = frontEnd,
            Credentials = userCredential is null ? [credential] : [credential, userCredential],
        });
    }

    private static ChannelUserOptions? InInstance(ChannelUserOptions? user, string instance) =>
        user is not null && string.Equals(user.Instance, instance, StringComparison.Ordinal) ? user : null;

    private static IEnumerable<string> Hashes(string? secret, params string?[] hashes) =>
        hashes.Append(secret is null ? null : SecretHash.Of(secret)).OfType<string>().Select(SecretHash.Normalize);

    private static FrozenDictionary<string, T> Index<T>(IEnumerable<T> items, Func<T, IEnumerable<string>> hashes) =>
        items.SelectMany(item => hashes(item).Select(hash => KeyValuePair.Create(hash, item))).ToFrozenDictionary(StringComparer.Ordinal);

    private static KeyRights RightsOf(IEnumerable<ChannelKeyOptions> keys) => new(
        string.Join('\n', keys.Select(key => $"{key.Role} {key.Instance} {key.IgnoreAcl} {key.AllowAnonymousRead}").Order(StringComparer.Ordinal)),
        keys.SelectMany(key => Hashes(key.Secret, key.Sha256, key.NextSha256)).ToFrozenSet(StringComparer.Ordinal));

    private static KeyRights RightsOf(IEnumerable<ChannelUserOptions> users) => new(
        string.Join('\n', users.Select(user => string.Join(' ', user.Groups.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal)),
        users.SelectMany(user => Hashes(user.Secret, user.Sha256, user.NextSha256).Concat(user.Tokens.Select(SecretHash.OfToken))).ToFrozenSet(StringComparer.Ordinal));
}
