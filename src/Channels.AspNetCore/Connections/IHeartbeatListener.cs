namespace Channels.AspNetCore.Connections;

/// <summary>Something that tells its client from time to time that it is there.</summary>
internal interface IHeartbeatListener
{
    /// <summary>Runs on the timer's thread: must not block.</summary>
    void OnBeat();
}
