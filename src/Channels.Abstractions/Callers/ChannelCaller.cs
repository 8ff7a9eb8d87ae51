namespace Channels;

/// <summary>Who acts on channels; immutable.</summary>
public sealed record ChannelCaller
{
    private ChannelCaller(CallerKind kind) => Kind = kind;

    /// <summary>The application itself, in process; above every permission.</summary>
    public static ChannelCaller Host { get; } = new(CallerKind.Host);

    /// <summary>Somebody without a name.</summary>
    public static ChannelCaller Anonymous { get; } = new(CallerKind.Anonymous);

    /// <summary>What kind of caller it is.</summary>
    public CallerKind Kind { get; private init; }

    /// <summary>Id of the administrator, if it is one.</summary>
    public string? AdminId { get; private init; }

    /// <summary>What the administrator may do.</summary>
    public AdminRole Role { get; init; }

    /// <summary>Id of the API key that was used, if any.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>Id of the user, one per person whatever the front end.</summary>
    public string? UserId { get; init; }

    /// <summary>Ids of the groups that the user belongs to.</summary>
    public IReadOnlySet<string> Groups { get; init; } = EmptyGroups;

    /// <summary>Whether channel permissions do not bind this caller (an API key of a trusted server).</summary>
    public bool IgnoresPermissions { get; init; }

    /// <summary>Whether a caller without a user may read what every user may read.</summary>
    public bool ReadsAnonymously { get; init; }

    /// <summary>Whether a caller without a user may publish where every user may publish.</summary>
    public bool PublishesAnonymously { get; init; }

    /// <summary>When the caller's leave ends, UTC; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the application granted beyond the permissions.</summary>
    public IReadOnlyList<ChannelGrant> Grants { get; init; } = [];

    /// <summary>Front end that the caller came through, such as <c>syncano</c>; <see langword="null"/> in process.</summary>
    public string? FrontEnd { get; init; }

    /// <summary>Opaque names of the credentials that it was authenticated by, not the secrets; what it does ends when one of them is withdrawn.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>The only instance that the caller's credentials are good for; <see langword="null"/> for any.</summary>
    public string? Instance { get; init; }

    private static IReadOnlySet<string> EmptyGroups { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Makes a user.</summary>
    /// <param name="id">Id of the person, at least one character.</param>
    /// <param name="groups">Ids of the groups the user belongs to.</param>
    public static ChannelCaller User(string id, params IEnumerable<string> groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new(CallerKind.User) { UserId = id, Groups = new HashSet<string>(groups, StringComparer.Ordinal) };
    }

    /// <summary>Makes an administrator.</summary>
    /// <param name="id">Id of the administrator, at least one character.</param>
    /// <param name="role">What the administrator may do.</param>
    public static ChannelCaller Admin(string id, AdminRole role = AdminRole.Owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new(CallerKind.Admin) { AdminId = id, Role = role };
    }

    /// <summary>Makes an API key without a user.</summary>
    /// <param name="id">Id of the key, at least one character; not its secret.</param>
    /// <param name="ignoresPermissions">Whether channel permissions do not bind it.</param>
    public static ChannelCaller ApiKey(string id, bool ignoresPermissions = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new(CallerKind.ApiKey) { ApiKeyId = id, IgnoresPermissions = ignoresPermissions };
    }

    /// <summary>The author of what this caller causes.</summary>
    public MessageAuthor ToAuthor() => Kind switch
    {
        CallerKind.Host or CallerKind.Anonymous => MessageAuthor.None,
        CallerKind.Admin => new(Admin: AdminId),
        _ => new(ApiKey: ApiKeyId, User: UserId),
    };
}
