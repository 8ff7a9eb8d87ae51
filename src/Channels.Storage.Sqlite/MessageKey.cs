namespace Channels.Storage.Sqlite;

/// <summary>
/// Instance and id in one integer, the rowid of a message: the number of the instance in the high bits, its id in the low 47. The first
/// instance has number 0, so its keys are its ids and take few bytes. The rowid of a data object holds its class and id in the same way.
/// </summary>
internal static class MessageKey
{
    public const int IdBits = 47;
    public const long MaxId = (1L << IdBits) - 1;
    public const long MaxInstance = (1L << (63 - IdBits)) - 1;

    public static long Of(long instance, long id) => (instance << IdBits) | Math.Clamp(id, 0, MaxId);

    public static long IdOf(long key) => key & MaxId;

    /// <summary>The greatest key of an instance; no message has it.</summary>
    public static long End(long instance) => Of(instance, MaxId);
}
