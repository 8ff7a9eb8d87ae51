namespace Channels.Clients.Tests.Processes;

/// <summary>The demo credentials of the Playground.</summary>
internal static class Keys
{
    public const string Account = "a000000000000000000000000000000000000000";
    public const string Api = "b000000000000000000000000000000000000001";
    public const string Trusted = "c000000000000000000000000000000000000001";
    public const string Alice = "e000000000000000000000000000000000000001";
    public const string Bob = "e000000000000000000000000000000000000002";

    public const string AliceToken = "alice-token";
    public const string BobToken = "bob-token";

    /// <summary>What scripts get.</summary>
    public static object For(Playground host, string name) => new
    {
        address = host.Address.GetLeftPart(UriPartial.Authority),
        instance = Playground.Instance,
        name,
        admin = new { accountKey = Account },
        trusted = new { apiKey = Trusted },
        alice = new { name = "alice", apiKey = Api, userKey = Alice, token = AliceToken },
        bob = new { name = "bob", apiKey = Api, userKey = Bob, token = BobToken },
    };
}
