namespace Channels.TestSupport;

/// <summary>Bounds an await, so that a test that hangs fails instead.</summary>
public static class TimeLimit
{
    /// <summary>How long an operation may take that needs no more than a moment, on a busy machine too.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Awaits a task for a limited time.</summary>
    /// <param name="task">The task.</param>
    /// <param name="limit">How long; <see cref="Default"/> when it is not given.</param>
    /// <exception cref="TimeoutException">It did not complete in time.</exception>
    public static Task Within(this Task task, TimeSpan? limit = null) => task.WaitAsync(limit ?? Default);

    /// <summary>Awaits a task for a limited time.</summary>
    /// <param name="task">The task.</param>
    /// <param name="limit">How long; <see cref="Default"/> when it is not given.</param>
    /// <exception cref="TimeoutException">It did not complete in time.</exception>
    public static Task<T> Within<T>(this Task<T> task, TimeSpan? limit = null) => task.WaitAsync(limit ?? Default);

    /// <summary>Awaits a task for a limited time.</summary>
    /// <param name="task">The task, which must not be awaited otherwise.</param>
    /// <param name="limit">How long; <see cref="Default"/> when it is not given.</param>
    /// <exception cref="TimeoutException">It did not complete in time.</exception>
    public static Task Within(this ValueTask task, TimeSpan? limit = null) => task.AsTask().Within(limit);

    /// <summary>Awaits a task for a limited time.</summary>
    /// <param name="task">The task, which must not be awaited otherwise.</param>
    /// <param name="limit">How long; <see cref="Default"/> when it is not given.</param>
    /// <exception cref="TimeoutException">It did not complete in time.</exception>
    public static Task<T> Within<T>(this ValueTask<T> task, TimeSpan? limit = null) => task.AsTask().Within(limit);
}
