using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;

namespace Channels.Storage.Sqlite.Reading;

/// <summary>Finds the place of an instant by halving, since times never fall along ids; no index over times is needed.</summary>
internal sealed class TimeSearch(SqliteSession session)
{
    private readonly Statement _newest = session.Prepare(
        "SELECT key, created_at FROM messages WHERE key > ? AND key < ? ORDER BY key DESC LIMIT 1");

    private readonly Statement _firstFrom = session.Prepare(
        "SELECT key, created_at FROM messages WHERE key >= ? AND key < ? ORDER BY key LIMIT 1");

    /// <summary>Finds the position right before the first message that is later than an instant, or the head when none is.</summary>
    public MessageCursor Find(InstanceView view, long time)
    {
        var end = MessageKey.End(view.Row);
        var low = MessageKey.Of(view.Row, 0);
        if (Read(_newest, low, end) is not { } newest || newest.CreatedAt <= time)
        {
            return view.Head.Head;
        }

        // The first later message is the first one at or behind high, and not behind the first one at low.
        var high = newest.Key;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var found = Read(_firstFrom, middle, end)!.Value;
            if (found.CreatedAt > time)
            {
                high = middle;
            }
            else
            {
                low = found.Key + 1;
            }
        }

        return new MessageCursor(MessageKey.IdOf(Read(_firstFrom, high, end)!.Value.Key) - 1);
    }

    private static (long Key, long CreatedAt)? Read(Statement statement, long first, long end)
    {
        if (!statement.Bind(1, first).Bind(2, end).Step())
        {
            return null;
        }

        var row = (statement.Long(0), statement.Long(1));
        statement.Reset();
        return row;
    }
}
