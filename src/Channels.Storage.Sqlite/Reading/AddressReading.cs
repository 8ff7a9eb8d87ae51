namespace Channels.Storage.Sqlite.Reading;

/// <summary>What a reader finds of an address.</summary>
/// <param name="Id">Its number, 0 when it has never been written.</param>
/// <param name="RemovedThrough">Highest id that was removed or has expired.</param>
internal readonly record struct AddressReading(long Id, long RemovedThrough);
