namespace Channels;

/// <summary>Root of the exceptions that this library throws for situations an application can act on.</summary>
public class ChannelsException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ChannelsException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What happened and what to do.</param>
    public ChannelsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public ChannelsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
