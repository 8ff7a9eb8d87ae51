namespace Channels.AspNetCore.Tests.Support;

/// <summary>Secrets and ids of the callers that every test server knows.</summary>
public static class Keys
{
    public const string Instance = "demo-instance";
    public const string OtherInstance = "other-instance";

    /// <summary>Administrator 1, owner.</summary>
    public const string Admin = "a000000000000000000000000000000000000000";

    /// <summary>Administrator 2, who may only read.</summary>
    public const string Reader = "a000000000000000000000000000000000000002";

    /// <summary>API key 1.</summary>
    public const string Api = "b000000000000000000000000000000000000001";

    /// <summary>API key 2, which ignores permissions.</summary>
    public const string Trusted = "c000000000000000000000000000000000000001";

    /// <summary>API key 3, which reads anonymously.</summary>
    public const string Viewer = "d000000000000000000000000000000000000001";

    /// <summary>API key 4, of the other instance.</summary>
    public const string Foreign = "b000000000000000000000000000000000000003";

    /// <summary>User 1, member of group 1.</summary>
    public const string Alice = "e000000000000000000000000000000000000001";

    /// <summary>User 2, member of no group.</summary>
    public const string Bob = "e000000000000000000000000000000000000002";

    /// <summary>User <c>carol-x</c>, whose id is no number.</summary>
    public const string Carol = "e000000000000000000000000000000000000003";

    public static void Add(ChannelsOptions options)
    {
        options.Instances.Add(Instance);
        options.Instances.Add(OtherInstance);
        options.Groups.Add("1");
        options.Keys.Add(new() { Id = "1", Secret = Admin, IsAdmin = true });
        options.Keys.Add(new() { Id = "2", Secret = Reader, IsAdmin = true, Role = AdminRole.Read });
        options.Keys.Add(new() { Id = "1", Secret = Api, Instance = Instance });
        options.Keys.Add(new() { Id = "2", Secret = Trusted, Instance = Instance, IgnoreAcl = true });
        options.Keys.Add(new() { Id = "3", Secret = Viewer, Instance = Instance, AllowAnonymousRead = true });
        options.Keys.Add(new() { Id = "4", Secret = Foreign, Instance = OtherInstance });
        options.Users.Add(new() { Id = "1", Secret = Alice, Instance = Instance, Groups = { "1" } });
        options.Users.Add(new() { Id = "2", Secret = Bob, Instance = Instance });
        options.Users.Add(new() { Id = "carol-x", Secret = Carol, Instance = Instance });
    }
}
