using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Channels.Storage.Sqlite;

internal sealed class SqliteStorageOptionsValidator : IValidateOptions<SqliteStorageOptions>
{
    private const long SmallestDatabase = 131_072;
    private const int LargestIdBlock = 100_000_000;
    private const int MostReaders = 256;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SqliteStorageOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckConnectionString(errors, options.ConnectionString);
        CheckTimeout(errors, options.BusyTimeout, nameof(options.BusyTimeout));
        CheckTimeout(errors, options.LockTimeout, nameof(options.LockTimeout));
        if (!Enum.IsDefined(options.Synchronous))
        {
            errors.AddError("must be Full, Normal or Off.", nameof(options.Synchronous));
        }

        if (options.IdBlockSize is < 1 or > LargestIdBlock)
        {
            errors.AddError($"must be 1 to {LargestIdBlock}.", nameof(options.IdBlockSize));
        }

        if (options.MaxReaders is < 1 or > MostReaders)
        {
            errors.AddError($"must be 1 to {MostReaders}.", nameof(options.MaxReaders));
        }

        if (options.MaxDatabaseBytes < SmallestDatabase)
        {
            errors.AddError($"must be at least {SmallestDatabase}, or null for no limit.", nameof(options.MaxDatabaseBytes));
        }

        return errors.Build();
    }

    private static void CheckConnectionString(ValidateOptionsResultBuilder errors, string? connectionString)
    {
        SqliteConnectionStringBuilder parts;
        try
        {
            parts = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException exception)
        {
            errors.AddError($"cannot be read: {exception.Message}", nameof(SqliteStorageOptions.ConnectionString));
            return;
        }

        if (ProblemWith(parts) is { } problem)
        {
            errors.AddError(problem, nameof(SqliteStorageOptions.ConnectionString));
        }
    }

    private static string? ProblemWith(SqliteConnectionStringBuilder parts)
    {
        if (parts.DataSource == ":memory:" || parts.Mode == SqliteOpenMode.Memory)
        {
            return "names an in-memory database, which would lose everything at the end; use UseMemoryStorage() for that.";
        }

        if (string.IsNullOrWhiteSpace(parts.DataSource))
        {
            return "needs a Data Source, the path of the database file.";
        }

        if (parts.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return "names a URI; Data Source must be a plain path.";
        }

        return parts switch
        {
            { Mode: SqliteOpenMode.ReadOnly } => "opens read-only; messages could not be stored.",
            { Cache: SqliteCacheMode.Shared } => "asks for a shared cache, which the store does not support; leave Cache out.",
            { Password.Length: > 0 } => "has a Password; encrypted databases are not supported.",
            _ => null,
        };
    }

    private static void CheckTimeout(ValidateOptionsResultBuilder errors, TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero || value > LongestTimeout)
        {
            errors.AddError("must be 0 seconds to 1 hour.", name);
        }
    }
}
