namespace Channels.AspNetCore.Bayeux;

/// <summary>
/// Publishes the events of groups, worlds, runs and data in the words of their clients, as the application itself. Data events of the engine's own
/// data objects and the coming and going of users need no call.
/// </summary>
/// <remarks>Source: docs/protocols/bayeux.md#events. Every call throws <see cref="ChannelPublishException"/> when the event was not published.</remarks>
public interface IEpicenterEvents
{
    /// <summary>Tells that users were assigned to a world.</summary>
    /// <param name="world">The world; must name one.</param>
    /// <param name="users">All users who are in the world now.</param>
    /// <param name="by">Who assigned them, if it is told.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> UsersAssignedAsync(
        EpicenterPlace world, IReadOnlyList<EpicenterUser> users, EpicenterUser? by = null, CancellationToken cancellationToken = default);

    /// <summary>Tells that users were taken out of a world.</summary>
    /// <param name="world">The world; must name one.</param>
    /// <param name="users">Those who were taken out.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> UsersUnassignedAsync(EpicenterPlace world, IReadOnlyList<EpicenterUser> users, CancellationToken cancellationToken = default);

    /// <summary>Tells that assignments to a world changed, such as a role.</summary>
    /// <param name="world">The world; must name one.</param>
    /// <param name="users">Those whose assignment changed.</param>
    /// <param name="by">Who changed them, if it is told.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> AssignmentsChangedAsync(
        EpicenterPlace world, IReadOnlyList<EpicenterUser> users, EpicenterUser? by = null, CancellationToken cancellationToken = default);

    /// <summary>Tells that a run was created.</summary>
    /// <param name="world">The world of the run; must name one.</param>
    /// <param name="run">The run, a JSON object in UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> RunCreatedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken = default);

    /// <summary>Tells that a run changed.</summary>
    /// <param name="world">The world of the run; must name one.</param>
    /// <param name="run">The run, a JSON object in UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> RunUpdatedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken = default);

    /// <summary>Tells that variables of a run changed.</summary>
    /// <param name="world">The world of the run; must name one.</param>
    /// <param name="run">The run, a JSON object in UTF-8.</param>
    /// <param name="variables">The variables that changed, a JSON object in UTF-8.</param>
    /// <param name="by">Who changed them.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> VariablesUpdatedAsync(
        EpicenterPlace world, ReadOnlyMemory<byte> run, ReadOnlyMemory<byte> variables, EpicenterUser by, CancellationToken cancellationToken = default);

    /// <summary>Tells that an operation of a run was called.</summary>
    /// <param name="world">The world of the run; must name one.</param>
    /// <param name="run">The run, a JSON object in UTF-8.</param>
    /// <param name="name">Name of the operation.</param>
    /// <param name="result">Its result, one JSON value in UTF-8; empty for none.</param>
    /// <param name="by">Who called it.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> OperationCalledAsync(
        EpicenterPlace world, ReadOnlyMemory<byte> run, string name, ReadOnlyMemory<byte> result, EpicenterUser by, CancellationToken cancellationToken = default);

    /// <summary>Tells that a run was deleted.</summary>
    /// <param name="world">The world of the run; must name one.</param>
    /// <param name="run">The run, a JSON object in UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> RunDeletedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken = default);

    /// <summary>Tells that an item of a collection was created.</summary>
    /// <param name="project">The project.</param>
    /// <param name="collection">Id of the collection, one path segment.</param>
    /// <param name="path">Where it is in the collection; starts with a slash.</param>
    /// <param name="data">The whole item, one JSON value in UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> DataCreatedAsync(
        EpicenterProject project, string collection, string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Tells that a part of a collection changed.</summary>
    /// <param name="project">The project.</param>
    /// <param name="collection">Id of the collection, one path segment.</param>
    /// <param name="path">The part that was written; starts with a slash.</param>
    /// <param name="data">What was written, one JSON value in UTF-8.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> DataUpdatedAsync(
        EpicenterProject project, string collection, string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Tells that a part of a collection was deleted.</summary>
    /// <param name="project">The project.</param>
    /// <param name="collection">Id of the collection, one path segment.</param>
    /// <param name="path">The part that was deleted; starts with a slash.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<ChannelMessage> DataDeletedAsync(EpicenterProject project, string collection, string path, CancellationToken cancellationToken = default);
}
