namespace Channels.Storage.Sqlite.Ids;

/// <summary>What readers know of an instance; immutable.</summary>
/// <param name="Row">Its number in the database, negative when the database does not know it.</param>
/// <param name="Head">Where its sequence stands.</param>
internal sealed record InstanceView(long Row, StoreHead Head);
