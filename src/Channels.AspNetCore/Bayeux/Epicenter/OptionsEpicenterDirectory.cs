using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>The directory that the options describe.</summary>
internal sealed class OptionsEpicenterDirectory(IOptionsMonitor<BayeuxOptions> options) : IEpicenterDirectory
{
    public ValueTask<bool> BelongsAsync(ChannelCaller caller, EpicenterProject project, CancellationToken cancellationToken) =>
        new(Find(project) is { } known && Belongs(caller, known));

    public ValueTask<bool> IsMemberAsync(ChannelCaller caller, EpicenterPlace place, CancellationToken cancellationToken) =>
        new(Find(place.Project) is { } known && IsIn(caller, known, place));

    public ValueTask<EpicenterAttendance?> FindAttendanceAsync(ChannelCaller caller, string? userName, CancellationToken cancellationToken)
    {
        EpicenterUser? user = null;
        var places = new List<EpicenterPlace>();
        foreach (var project in options.CurrentValue.Projects.Where(project => project.PushChannel))
        {
            var listed = FindUser(project, caller, userName);
            if (listed is null && (caller.UserId is null || project.Users.Count > 0))
            {
                continue;
            }

            user ??= Describe(project, listed, caller.UserId!);
            places.AddRange(listed is null ? PlacesOf(caller, project) : PlacesOf(listed, project));
        }

        return new(user is null ? null : new EpicenterAttendance(user, places));
    }

    private static bool Belongs(ChannelCaller caller, BayeuxProjectOptions project) => caller.Kind switch
    {
        CallerKind.User => project.Users.Count == 0 || project.Users.Any(user => user.Id == caller.UserId),
        CallerKind.ApiKey => project.Keys.Contains(caller.ApiKeyId!),
        _ => false,
    };

    /// <summary>Without a list of users nobody knows of worlds, which are then those of their group.</summary>
    private static bool IsIn(ChannelCaller caller, BayeuxProjectOptions project, EpicenterPlace place) =>
        PlacesOf(caller, project).Contains(project.Users.Count == 0 ? place with { World = null } : place);

    private static EpicenterUser Describe(BayeuxProjectOptions project, BayeuxUserOptions? user, string id) =>
        new(user?.Id ?? id, user is null ? id : user.UserName ?? user.Id, user?.LastName, project.Account);

    private static BayeuxUserOptions? FindUser(BayeuxProjectOptions project, ChannelCaller caller, string? userName) =>
        caller.UserId is { } id
            ? project.Users.FirstOrDefault(user => user.Id == id)
            : project.Users.FirstOrDefault(user => userName is not null && (user.UserName == userName || user.Id == userName));

    private static IEnumerable<EpicenterPlace> PlacesOf(ChannelCaller caller, BayeuxProjectOptions project)
    {
        if (FindUser(project, caller, userName: null) is { } listed)
        {
            return PlacesOf(listed, project);
        }

        var name = NameOf(project);
        return project.Users.Count == 0 ? caller.Groups.Select(group => new EpicenterPlace(name, group)) : [];
    }

    private static IEnumerable<EpicenterPlace> PlacesOf(BayeuxUserOptions user, BayeuxProjectOptions project)
    {
        var name = NameOf(project);
        var groups = user.Groups.Select(group => new EpicenterPlace(name, group));
        return groups.Concat(user.Worlds.Select(world => world.Split('/')).Select(parts => new EpicenterPlace(name, parts[0], parts[1])));
    }

    private static EpicenterProject NameOf(BayeuxProjectOptions project) => new(project.Account, project.Project);

    private BayeuxProjectOptions? Find(EpicenterProject project) =>
        options.CurrentValue.Projects.FirstOrDefault(other => other.Account == project.Account && other.Project == project.Project);
}
