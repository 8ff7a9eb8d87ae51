using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Publishes what the application says happened.</summary>
internal sealed class EpicenterEvents(IChannels channels, IOptions<BayeuxOptions> options, TimeProvider time) : IEpicenterEvents
{
    public ValueTask<ChannelMessage> UsersAssignedAsync(
        EpicenterPlace world, IReadOnlyList<EpicenterUser> users, EpicenterUser? by, CancellationToken cancellationToken) =>
        PublishUsersAsync(world, "assign", users, by, cancellationToken);

    public ValueTask<ChannelMessage> UsersUnassignedAsync(EpicenterPlace world, IReadOnlyList<EpicenterUser> users, CancellationToken cancellationToken) =>
        PublishUsersAsync(world, "unassign", users, by: null, cancellationToken);

    public ValueTask<ChannelMessage> AssignmentsChangedAsync(
        EpicenterPlace world, IReadOnlyList<EpicenterUser> users, EpicenterUser? by, CancellationToken cancellationToken) =>
        PublishUsersAsync(world, "assignchange", users, by, cancellationToken);

    public ValueTask<ChannelMessage> RunCreatedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken) =>
        PublishRunAsync(world, "new", run, cancellationToken);

    public ValueTask<ChannelMessage> RunUpdatedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken) =>
        PublishRunAsync(world, "update", run, cancellationToken);

    public ValueTask<ChannelMessage> VariablesUpdatedAsync(
        EpicenterPlace world, ReadOnlyMemory<byte> run, ReadOnlyMemory<byte> variables, EpicenterUser by, CancellationToken cancellationToken) =>
        PublishRunAsync(world, "variables", run, cancellationToken, by, json => WriteRaw(json, "variables"u8, variables));

    public ValueTask<ChannelMessage> OperationCalledAsync(
        EpicenterPlace world, ReadOnlyMemory<byte> run, string name, ReadOnlyMemory<byte> result, EpicenterUser by, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return PublishRunAsync(world, "operation", run, cancellationToken, by, json =>
        {
            json.WriteStartObject("operation"u8);
            json.WriteString("name"u8, name);
            if (!result.IsEmpty)
            {
                WriteRaw(json, "result"u8, result);
            }

            json.WriteEndObject();
        });
    }

    public ValueTask<ChannelMessage> RunDeletedAsync(EpicenterPlace world, ReadOnlyMemory<byte> run, CancellationToken cancellationToken) =>
        PublishRunAsync(world, "delete", run, cancellationToken);

    public ValueTask<ChannelMessage> DataCreatedAsync(
        EpicenterProject project, string collection, string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        PublishDataAsync(project, collection, "new", path, data, cancellationToken);

    public ValueTask<ChannelMessage> DataUpdatedAsync(
        EpicenterProject project, string collection, string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        PublishDataAsync(project, collection, "update", path, data, cancellationToken);

    public ValueTask<ChannelMessage> DataDeletedAsync(EpicenterProject project, string collection, string path, CancellationToken cancellationToken) =>
        PublishDataAsync(project, collection, "delete", path, default, cancellationToken);

    /// <summary>Tells in a group or world that a user came or went.</summary>
    /// <param name="address">Channel of the group or world.</param>
    /// <param name="isThere">Whether the user came.</param>
    /// <param name="member">The user; what is told of it is the user as events name one, where a front end said so.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    public async ValueTask<PublishStatus> TellUserAsync(
        ChannelAddress address, bool isThere, PresenceMember member, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var user = member.Info.IsEmpty ? EpicenterEventWriter.User(new(member.Id)) : member.Info;
        var payload = EpicenterEventWriter.UserEvent(isThere ? "connect" : "disconnect", at, user);
        return (await channels.TryPublishAsync(address, new MessageDraft((ReadOnlyMemory<byte>)payload), cancellationToken)).Status;
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    private static string NameOf(EpicenterPlace world) =>
        world.World is null ? throw new ArgumentException("The place must name a world.", nameof(world)) : world.ChannelName;

    private ValueTask<ChannelMessage> PublishUsersAsync(
        EpicenterPlace world, string subType, IReadOnlyList<EpicenterUser> users, EpicenterUser? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        return PublishAsync(NameOf(world), "world", subType, WriteUsers, by, cancellationToken);

        void WriteUsers(Utf8JsonWriter json)
        {
            json.WriteStartArray("users"u8);
            foreach (var user in users)
            {
                EpicenterEventWriter.WriteUser(json, user);
            }

            json.WriteEndArray();
        }
    }

    private ValueTask<ChannelMessage> PublishRunAsync(
        EpicenterPlace world,
        string subType,
        ReadOnlyMemory<byte> run,
        CancellationToken cancellationToken,
        EpicenterUser? by = null,
        Action<Utf8JsonWriter>? writeMore = null) =>
        PublishAsync(
            NameOf(world),
            "run",
            subType,
            json =>
            {
                writeMore?.Invoke(json);
                WriteRaw(json, "run"u8, run);
            },
            by,
            cancellationToken);

    private ValueTask<ChannelMessage> PublishDataAsync(
        EpicenterProject project, string collection, string subType, string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentNullException.ThrowIfNull(path);
        return PublishAsync($"data/{project.Account}/{project.Project}/{collection}", "data", subType, WriteChange, user: null, cancellationToken);

        void WriteChange(Utf8JsonWriter json)
        {
            json.WriteString("path"u8, path);
            if (!data.IsEmpty)
            {
                WriteRaw(json, "data"u8, data);
            }
        }
    }

    private ValueTask<ChannelMessage> PublishAsync(
        string name, string type, string subType, Action<Utf8JsonWriter> writeData, EpicenterUser? user, CancellationToken cancellationToken)
    {
        var payload = EpicenterEventWriter.Event(type, subType, time.GetUtcNow(), writeData, user);
        return channels.PublishAsync(new(name, null, options.Value.Instance), new MessageDraft((ReadOnlyMemory<byte>)payload), cancellationToken);
    }
}
