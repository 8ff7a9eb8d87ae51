namespace Channels.Storage.Sqlite;

/// <summary>What the writing connection of an open store says of itself.</summary>
/// <param name="Path">Full path of the database file.</param>
/// <param name="Synchronous">What <c>PRAGMA synchronous</c> answers.</param>
/// <param name="JournalMode">What <c>PRAGMA journal_mode</c> answers, in lower case.</param>
/// <param name="SchemaVersion">What <c>PRAGMA user_version</c> answers.</param>
/// <param name="Commits">Transactions committed since the store was opened; one for each batch that was acknowledged after being stored alone.</param>
/// <param name="PreparedStatements">Statements prepared since then for appending; each is prepared once.</param>
public sealed record SqliteStoreDiagnostics(
    string Path,
    SqliteSynchronous Synchronous,
    string JournalMode,
    int SchemaVersion,
    long Commits,
    long PreparedStatements);
