using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>
/// Requests about data objects, from this wire's words to the engine's. Values that forms and clients spell as text become what their field holds;
/// whether a value fits is the engine's to say. Source: docs/protocols/syncano.md#data-objects
/// </summary>
internal sealed class SyncanoObjectReader(BodyFields body, ObjectClass objectClass, FieldErrors errors) : SyncanoFieldReader(body, errors)
{
    private static readonly string[] PermissionNames = ["none", "read", "write", "full"];

    /// <summary>The body fields of a request about objects: those of every object, and those of the class.</summary>
    public static async ValueTask<byte[][]> FindFieldsAsync(SyncanoCall call) =>
        await call.FindClassAsync() is { } found
            ? [.. SyncanoFields.Object, .. found.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))]
            : SyncanoFields.Common;

    /// <summary>Reads what a request says about an object.</summary>
    /// <param name="body">Fields of the request.</param>
    /// <param name="objectClass">Class of the object.</param>
    /// <param name="errors">Where errors go that the engine does not find.</param>
    /// <returns>What was asked for. With errors, a draft that the engine refuses as invalid, so that missing rights are told first.</returns>
    public static ObjectDraft Read(BodyFields body, ObjectClass objectClass, FieldErrors errors) =>
        new SyncanoObjectReader(body, objectClass, errors).Read();

    private ObjectDraft Read()
    {
        var hasOwner = TryReadKey("owner", out var owner);
        var hasGroup = TryReadGroup(out var group);
        var draft = new ObjectDraft
        {
            Owner = hasOwner ? owner ?? "" : null,
            OwnerPermission = (ObjectPermission?)ReadChoice("owner_permissions", PermissionNames),
            Group = hasGroup ? group ?? "" : null,
            GroupPermission = (ObjectPermission?)ReadChoice("group_permissions", PermissionNames),
            OtherPermission = (ObjectPermission?)ReadChoice("other_permissions", PermissionNames),
            Channel = ReadName("channel"),
            Room = ReadName("channel_room"),
            ExpectedRevision = ReadRevision(),
        };

        // A choice that is none has been told; it must not look like one to the engine.
        return draft with
        {
            OwnerPermission = Choice(draft.OwnerPermission),
            GroupPermission = Choice(draft.GroupPermission),
            OtherPermission = Choice(draft.OtherPermission),
            Fields = ReadFields(),
        };
    }

    private static ObjectPermission? Choice(ObjectPermission? permission) => permission >= ObjectPermission.None ? permission : null;

    private string? ReadName(string name)
    {
        var field = Body.Find(Encoding.UTF8.GetBytes(name));
        return field.Exists && !field.IsNull && TryReadText(field, name, out var text) && text.Length > 0 ? text.ToLowerInvariant() : null;
    }

    private long? ReadRevision()
    {
        var field = Body.Find("expected_revision"u8);
        if (!field.Exists || field.IsNull)
        {
            return null;
        }

        if (field.TryGetText(out var text) && QueryValues.TryReadInteger(text, out var revision))
        {
            return revision;
        }

        Errors.Add("expected_revision", "A valid integer is required.");
        return null;
    }

    private byte[] ReadFields() => JsonBytes.Encode(this, static (json, reader) =>
    {
        json.WriteStartObject();
        foreach (var field in reader.ClassFields)
        {
            var value = reader.Body.Find(Encoding.UTF8.GetBytes(field.Name));
            if (value.Exists)
            {
                json.WritePropertyName(field.Name);
                SyncanoFieldValues.Write(json, field.Type, value);
            }
        }

        if (reader.Errors.Any || reader.Body.Problem != BodyProblem.None)
        {
            // No class has a field without a name: the engine says who may not, and what else is wrong, but does nothing.
            json.WriteNull(""u8);
        }

        json.WriteEndObject();
    });

    private IReadOnlyList<ObjectField> ClassFields => objectClass.Fields;
}
