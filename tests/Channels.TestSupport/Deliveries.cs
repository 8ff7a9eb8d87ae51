namespace Channels.TestSupport;

/// <summary>Reads from connections in tests.</summary>
public static class Deliveries
{
    /// <summary>Reads a number of deliveries.</summary>
    public static async Task<List<Delivery>> ReadAsync(this IChannelConnection connection, int count)
    {
        var read = new List<Delivery>();
        await connection.ReadUntilAsync(delivery =>
        {
            read.Add(delivery);
            return read.Count == count;
        });
        return read;
    }

    /// <summary>Reads until a delivery is the last one that is wanted.</summary>
    /// <exception cref="InvalidOperationException">The connection ended before.</exception>
    public static async Task ReadUntilAsync(this IChannelConnection connection, Func<Delivery, bool> isLast)
    {
        while (true)
        {
            while (connection.TryRead(out var delivery))
            {
                if (isLast(delivery))
                {
                    return;
                }
            }

            if (!await connection.WaitToReadAsync().Within())
            {
                throw new InvalidOperationException($"The connection ended: {connection.End}.");
            }
        }
    }

    /// <summary>Reads everything until the connection ends.</summary>
    public static async Task ReadToEndAsync(this IChannelConnection connection, Action<Delivery> seen)
    {
        do
        {
            while (connection.TryRead(out var delivery))
            {
                seen(delivery);
            }
        }
        while (await connection.WaitToReadAsync().Within(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Whether nothing can be read now.</summary>
    public static bool IsSilent(this IChannelConnection connection)
    {
        var seen = 0;
        connection.ReadAvailable(_ => seen++);
        return seen == 0 && connection.End == ConnectionEnd.None;
    }

    /// <summary>Reads everything that can be read now.</summary>
    public static void ReadAvailable(this IChannelConnection connection, Action<Delivery> seen)
    {
        while (true)
        {
            while (connection.TryRead(out var delivery))
            {
                seen(delivery);
            }

            // A wake-up that is on its way may still answer the wait: it must be over before somebody waits again.
            using var leaving = new CancellationTokenSource();
            var wait = connection.WaitToReadAsync(leaving.Token).AsTask();
            leaving.Cancel();
            if (!SpinWait.SpinUntil(() => wait.IsCompleted, TimeLimit.Default))
            {
                throw new TimeoutException("A wait did not end with its token.");
            }

            if (!wait.IsCompletedSuccessfully || connection.End != ConnectionEnd.None)
            {
                return;
            }
        }
    }
}
