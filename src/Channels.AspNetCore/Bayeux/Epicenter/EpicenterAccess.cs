using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Who may use which channel of which project. Source: docs/protocols/bayeux.md#authorization</summary>
internal sealed class EpicenterAccess(IOptionsMonitor<BayeuxOptions> options, IEpicenterDirectory directory) : IChannelRule
{
    /// <summary>Whether somebody without a good token may handshake: where there is something to do for guests.</summary>
    public bool AdmitsGuests
    {
        get
        {
            var current = options.CurrentValue;
            return !current.AuthorizationRequired || current.Projects.Any(project => project is { PushChannel: true, AuthorizationRequired: false });
        }
    }

    /// <summary>Whether a caller whose token was accepted belongs to any project that is served.</summary>
    public async ValueTask<bool> IsWelcomeAsync(ChannelCaller caller, CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        if (!current.AuthorizationRequired || caller.Kind == CallerKind.Admin || caller.IgnoresPermissions || current.Projects.Count == 0)
        {
            return true;
        }

        foreach (var project in current.Projects.Where(project => project.PushChannel))
        {
            if (await directory.BelongsAsync(caller, new(project.Account, project.Project), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a caller may look for channels that match a pattern; each that does is decided over by itself.</summary>
    public async ValueTask<bool> MayLookAsync(ChannelCaller caller, string pattern, CancellationToken cancellationToken)
    {
        var name = EpicenterName.Read(pattern);
        if (!RequiresAuthorization(name, out var isServed))
        {
            return isServed;
        }

        return isServed && (caller.IgnoresPermissions || caller.Kind == CallerKind.Admin
            || (name is { } family && await directory.BelongsAsync(caller, family.Project, cancellationToken)));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Address.Instance != options.CurrentValue.Instance)
        {
            return false;
        }

        var name = EpicenterName.Read(context.Address.Channel);
        if (!RequiresAuthorization(name, out var isServed))
        {
            return isServed;
        }

        return isServed && name is { } family
            && await directory.BelongsAsync(context.Caller, family.Project, cancellationToken)
            && (context.Caller.Kind != CallerKind.User || await IsForAsync(context.Caller, family, cancellationToken));
    }

    /// <summary>What the families say beyond their project.</summary>
    private ValueTask<bool> IsForAsync(ChannelCaller user, EpicenterName name, CancellationToken cancellationToken)
    {
        var rest = name.Rest;
        return name.Family switch
        {
            "group" => rest.Count >= 1 ? directory.IsMemberAsync(user, new(name.Project, rest[0]), cancellationToken) : new(false),
            "world" => rest.Count >= 2 ? directory.IsMemberAsync(user, new(name.Project, rest[0], rest[1]), cancellationToken) : new(false),

            // Behind the group comes the user, or a world and then the user.
            "user" => new((rest.Count >= 2 && rest[1] == user.UserId) || (rest.Count >= 3 && rest[2] == user.UserId)),
            "data" => new(rest.Count >= 1),
            _ => new(true),
        };
    }

    private bool RequiresAuthorization(EpicenterName? name, out bool isServed)
    {
        var current = options.CurrentValue;
        var project = name is { } family
            ? current.Projects.FirstOrDefault(project => project.Account == family.Project.Account && project.Project == family.Project.Project)
            : null;
        isServed = project?.PushChannel ?? true;
        return project?.AuthorizationRequired ?? current.AuthorizationRequired;
    }
}
