namespace Channels.Engine;

/// <summary>Names what shares one budget of a policy.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Name">Who or what in it; <see langword="null"/> for all of it.</param>
/// <param name="Room">The room, where an address is meant.</param>
internal readonly record struct LimitPartition(string Instance, string? Name = null, string? Room = null)
{
    public static LimitPartition Of(LimitScope scope, in LimitRequest request) => scope switch
    {
        LimitScope.Address when request.Address is { } address => new(request.Instance, address.Channel, address.Room),
        LimitScope.Connection when request.ConnectionId is { } connection => new(request.Instance, connection),
        LimitScope.User or LimitScope.Connection => new(request.Instance, NameOf(request)),
        LimitScope.Remote => new(request.Instance, request.Remote),
        _ => new(request.Instance),
    };

    private static string? NameOf(in LimitRequest request) => request.Caller switch
    {
        { UserId: { } user } => $"user {user}",
        { AdminId: { } admin } => $"admin {admin}",
        { ApiKeyId: { } key } => $"key {key}",
        _ => request.Remote,
    };
}
