namespace Channels;

/// <summary>A store could not be opened, read or written.</summary>
/// <param name="message">What failed, where, and what to do.</param>
/// <param name="innerException">The cause.</param>
public sealed class ChannelStoreException(string message, Exception? innerException = null)
    : ChannelsException(message, innerException);
