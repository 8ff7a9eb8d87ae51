namespace Channels.AspNetCore.Bayeux;

/// <summary>Knows who belongs to the projects, groups and worlds. The default one reads <see cref="BayeuxOptions.Projects"/>.</summary>
/// <remarks>Called concurrently, at handshakes, subscriptions and publishes, never per delivery. Replace it by registering a singleton of your own.</remarks>
public interface IEpicenterDirectory
{
    /// <summary>Whether a caller's access token is good for a project.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    ValueTask<bool> BelongsAsync(ChannelCaller caller, EpicenterProject project, CancellationToken cancellationToken);

    /// <summary>Whether a user is in a group or world; asked only for projects that the user belongs to.</summary>
    /// <param name="caller">Who calls; always a user.</param>
    /// <param name="place">The group or world.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    ValueTask<bool> IsMemberAsync(ChannelCaller caller, EpicenterPlace place, CancellationToken cancellationToken);

    /// <summary>Finds the person of a handshake and where its coming and going is told.</summary>
    /// <param name="caller">Who calls; perhaps nobody known.</param>
    /// <param name="userName">The name or id that the client gave, which counts only when the caller is no user.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    /// <returns><see langword="null"/> when it is told nowhere.</returns>
    ValueTask<EpicenterAttendance?> FindAttendanceAsync(ChannelCaller caller, string? userName, CancellationToken cancellationToken);
}
