using Dapper;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite;

/// <summary>Tables of the database and the way there from every earlier version.</summary>
internal static class Schema
{
    /// <summary>"Chnl" in ASCII; tells this library's files from those of other applications.</summary>
    public const int ApplicationId = 0x43686E6C;

    // Step n leads from version n to n + 1. A released step never changes; a new version is a new step.
    private static readonly string[] Steps = [Version1, Version2];

    /// <summary>The version that this library reads and writes.</summary>
    public static int Version => Steps.Length;

    // Times are 100-ns ticks of UTC since year 1. messages.key holds instance and id (MessageKey); being the rowid it makes one tree of
    // the log of all instances, to whose right end an append goes. messages_by_address has the expiry so that filtering and counting
    // need not touch the rows. addresses.next_expiry is a lower bound, so that an append rarely writes it.
    private const string Version1 = """
        CREATE TABLE instances (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            head INTEGER NOT NULL DEFAULT 0,
            head_time INTEGER NOT NULL DEFAULT 0,
            reserved_through INTEGER NOT NULL DEFAULT 0,
            clean INTEGER NOT NULL DEFAULT 0,
            last_sequence INTEGER NOT NULL DEFAULT 0,
            last_version INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE holes (
            instance_id INTEGER NOT NULL,
            after_id INTEGER NOT NULL,
            before_id INTEGER NOT NULL,
            PRIMARY KEY (instance_id, after_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE channels (
            instance_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            version INTEGER NOT NULL,
            type INTEGER NOT NULL,
            description TEXT NOT NULL,
            group_id TEXT,
            group_permission INTEGER NOT NULL,
            other_permission INTEGER NOT NULL,
            clients_may_publish INTEGER NOT NULL,
            retain_age INTEGER,
            retain_count INTEGER,
            transient_by_default INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (instance_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX channels_by_sequence ON channels (instance_id, sequence);

        CREATE TABLE removed_channels (
            instance_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            removed_through INTEGER NOT NULL,
            PRIMARY KEY (instance_id, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE addresses (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance_id INTEGER NOT NULL,
            channel TEXT NOT NULL,
            room TEXT NOT NULL,
            removed_through INTEGER NOT NULL,
            next_expiry INTEGER NOT NULL,
            UNIQUE (instance_id, channel, room)
        ) STRICT;
        CREATE INDEX addresses_by_expiry ON addresses (next_expiry);

        CREATE TABLE messages (
            key INTEGER PRIMARY KEY,
            address_id INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            payload BLOB NOT NULL,
            event TEXT,
            object_class TEXT,
            author_admin TEXT,
            author_api_key TEXT,
            author_user TEXT,
            excluded_connection TEXT,
            sender_member TEXT,
            wire_extras BLOB
        ) STRICT;
        CREATE INDEX messages_by_address ON messages (address_id, key, expires_at);

        CREATE TABLE idempotency_keys (
            address_id INTEGER NOT NULL,
            author TEXT NOT NULL,
            key TEXT NOT NULL,
            message_key INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            message_expires_at INTEGER NOT NULL,
            payload_hash BLOB NOT NULL,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (address_id, author, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
        """;

    // objects.key holds class and id as messages.key holds instance and id, so that the objects of a class are one range without an index of its own. Ids
    // are one sequence for each instance: instances.last_object. classes.object_count is kept with each change.
    private const string Version2 = """
        ALTER TABLE instances ADD COLUMN last_object INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE classes (
            id INTEGER PRIMARY KEY,
            instance_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            version INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            description TEXT NOT NULL,
            fields TEXT NOT NULL,
            metadata BLOB NOT NULL,
            group_id TEXT,
            group_permission INTEGER NOT NULL,
            other_permission INTEGER NOT NULL,
            object_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (instance_id, name)
        ) STRICT;
        CREATE UNIQUE INDEX classes_by_sequence ON classes (instance_id, sequence);

        CREATE TABLE objects (
            key INTEGER PRIMARY KEY,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            owner TEXT,
            owner_permission INTEGER NOT NULL,
            group_id TEXT,
            group_permission INTEGER NOT NULL,
            other_permission INTEGER NOT NULL,
            channel TEXT,
            room TEXT,
            fields BLOB NOT NULL
        ) STRICT;
        CREATE INDEX objects_by_channel ON objects (channel, key) WHERE channel IS NOT NULL;
        """;

    /// <summary>Refuses a file that this library must not touch.</summary>
    /// <exception cref="ChannelStoreException">It is of a newer version, or of another application.</exception>
    public static void Check(SqliteConnection connection, string path)
    {
        var version = ReadVersion(connection);
        var application = connection.ExecuteScalar<long>("PRAGMA application_id");
        var isEmpty = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !(isEmpty && version == 0 && application == 0))
        {
            throw new ChannelStoreException($"The file '{path}' is the database of another application. Name another file.");
        }

        if (version > Version)
        {
            throw new ChannelStoreException(
                $"The database '{path}' has schema version {version}, but this version of the library knows {Version} at most. Update the " +
                "library, or restore a backup made before the update.");
        }
    }

    /// <summary>Brings a checked file to <see cref="Version"/>, each step in its own transaction.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        for (var version = ReadVersion(connection); version < Version; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            connection.Execute(Steps[version], transaction: transaction);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}", transaction: transaction);
            transaction.Commit();
        }
    }

    public static int ReadVersion(SqliteConnection connection) => (int)connection.ExecuteScalar<long>("PRAGMA user_version");
}
