using System.Diagnostics;
using System.Globalization;
using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>The engine's findings about an object draft in this wire's words. Source: docs/protocols/syncano.md#data-objects</summary>
internal static class ObjectProblemTexts
{
    private const string NotFieldBound = "non_field_errors";

    public static void AddTo(FieldErrors errors, IReadOnlyList<ObjectProblem> problems, ObjectDraft draft, ObjectClass objectClass, BodyFields body)
    {
        foreach (var problem in problems)
        {
            switch (problem)
            {
                case { Field: "" }:
                    // What makes the draft of a request with mistakes invalid; they have been told.
                    break;
                case { Field: "channel", Kind: ObjectProblemKind.NotFound }:
                    errors.Add(problem.Field, $"Object with name={draft.Channel} does not exist.");
                    break;
                case { Field: "channel_room", Kind: ObjectProblemKind.Required }:
                    errors.Add(NotFieldBound, "Channel room field is required for channels with separate rooms.");
                    break;
                case { Field: "group", Kind: ObjectProblemKind.NotFound }:
                    errors.Add(problem.Field, SyncanoFieldReader.NoSuchGroup(draft.Group));
                    break;
                default:
                    errors.Add(problem.Field, TextOf(problem, objectClass, body));
                    break;
            }
        }
    }

    private static string TextOf(ObjectProblem problem, ObjectClass objectClass, BodyFields body)
    {
        var type = objectClass.Fields.FirstOrDefault(field => field.Name == problem.Field)?.Type;
        return problem.Kind switch
        {
            ObjectProblemKind.WrongType => WrongType(type, problem.Field, body),
            ObjectProblemKind.TooLong when type == ObjectFieldType.Relation => string.Create(
                CultureInfo.InvariantCulture, $"Ensure this field has no more than {problem.Limit} elements."),
            ObjectProblemKind.TooLong => string.Create(
                CultureInfo.InvariantCulture, $"Ensure this field has no more than {problem.Limit} characters."),
            ObjectProblemKind.OutOfRange => type == ObjectFieldType.Integer ? "Integer out of range." : "Value out of range.",
            ObjectProblemKind.InvalidJson => "Not a valid JSON string.",
            ObjectProblemKind.UnknownField => "Invalid field.",
            ObjectProblemKind.NotFound => "Object does not exist.",
            ObjectProblemKind.Required => "This field is required.",
            ObjectProblemKind.InvalidName => "Enter a valid value.",
            _ => throw new UnreachableException(),
        };
    }

    private static string WrongType(ObjectFieldType? type, string field, BodyFields body) => type switch
    {
        ObjectFieldType.String or ObjectFieldType.Text or ObjectFieldType.File => "Not a valid string.",
        ObjectFieldType.Integer => "A valid integer is required.",
        ObjectFieldType.Float => "A valid number is required.",
        ObjectFieldType.Boolean => $"\"{ShownText(body.Find(Encoding.UTF8.GetBytes(field)))}\" is not a valid boolean.",
        ObjectFieldType.DateTime => "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
        ObjectFieldType.Reference => "Not a valid reference.",
        ObjectFieldType.Relation => "Not a valid list of references.",
        ObjectFieldType.Object => "Not a valid object.",
        ObjectFieldType.Array => "Not a valid array.",
        ObjectFieldType.GeoPoint => "Not a valid geopoint.",
        _ => "Enter a valid value.",
    };

    private static string ShownText(in BodyField field) => field.TryGetText(out var text) ? text : Encoding.UTF8.GetString(field.Json.Span);
}
