using Channels;
using Microsoft.Extensions.Options;

namespace Playground.Hosting;

/// <summary>The secrets that everybody knows. Only these are ever printed or given to the page.</summary>
internal static class DemoCredentials
{
    public const string Admin = "a000000000000000000000000000000000000000";
    public const string ApiKey = "b000000000000000000000000000000000000001";
    public const string TrustedApiKey = "c000000000000000000000000000000000000001";
    public const string ReadOnlyApiKey = "d000000000000000000000000000000000000001";
    public const string Alice = "e000000000000000000000000000000000000001";
    public const string Bob = "e000000000000000000000000000000000000002";

    public const string AliceToken = "alice-token";
    public const string BobToken = "bob-token";

    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        Admin, ApiKey, TrustedApiKey, ReadOnlyApiKey, Alice, Bob, AliceToken, BobToken, "project-token",
    };

    /// <summary>Whether the settings accept any of them, in plain text or by hash.</summary>
    public static bool AreValid(IConfiguration channels) =>
        channels.AsEnumerable().Any(setting => setting.Value is { } value && (Secrets.Contains(value) || Hashes.Value.Contains(value)));

    /// <summary>Tells the page who it can act as. A secret of the host's own is not told.</summary>
    public static void MapDemoCredentials(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/demo.json", (IOptionsMonitor<ChannelsOptions> options) => Describe(options.CurrentValue));

    private static Lazy<HashSet<string>> Hashes { get; } = new(() => Secrets.Select(Sha256).ToHashSet(StringComparer.OrdinalIgnoreCase));

    private static DemoDescription Describe(ChannelsOptions options) => new(
        options.Instances.FirstOrDefault() ?? ChannelAddress.DefaultInstance,
        [.. Identities.Where(identity => IsKnown(options, identity.ApiKey) && (identity.UserKey is null || IsKnown(options, identity.UserKey)))]);

    private static DemoIdentity[] Identities { get; } =
    [
        new("alice", ApiKey, Alice, AliceToken),
        new("bob", ApiKey, Bob, BobToken),
        new("admin", Admin, null),
    ];

    private static bool IsKnown(ChannelsOptions options, string secret)
    {
        var hash = Sha256(secret);
        return options.Keys.Any(key => Matches(key.Secret, key.Sha256, key.NextSha256)) || options.Users.Any(user => Matches(user.Secret, user.Sha256, user.NextSha256));

        bool Matches(string? plain, string? sha256, string? nextSha256) =>
            string.Equals(plain, secret, StringComparison.OrdinalIgnoreCase)
            || string.Equals(sha256, hash, StringComparison.OrdinalIgnoreCase)
            || string.Equals(nextSha256, hash, StringComparison.OrdinalIgnoreCase);
    }

    private static string Sha256(string secret) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));
}
