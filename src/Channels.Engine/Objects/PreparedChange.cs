namespace Channels.Engine;

/// <summary>A change of an object that is ready for the store, or why it is not.</summary>
/// <param name="Refusal">Why it is not made.</param>
/// <param name="Entry">The entry that makes it.</param>
internal readonly record struct PreparedChange(ObjectResult? Refusal, AppendEntry? Entry = null)
{
    public static PreparedChange Refused(ObjectStatus status) => new(new ObjectResult(status));
}
