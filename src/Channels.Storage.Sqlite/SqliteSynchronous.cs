namespace Channels.Storage.Sqlite;

/// <summary>What an acknowledged message survives; the values of <c>PRAGMA synchronous</c>.</summary>
public enum SqliteSynchronous
{
    /// <summary>Nothing is forced to disk: an end of the process loses nothing, a power failure may lose messages and damage the file.</summary>
    Off = 0,

    /// <summary>An end of the process loses nothing; a power failure may lose the last acknowledged messages, but never damages the file.</summary>
    Normal = 1,

    /// <summary>Every transaction is forced to disk before it is acknowledged.</summary>
    Full = 2,
}
