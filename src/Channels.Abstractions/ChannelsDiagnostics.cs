namespace Channels;

/// <summary>Names under which the library reports metrics and traces.</summary>
public static class ChannelsDiagnostics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Channels";

    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "Channels";

    /// <summary>Name of the health check.</summary>
    public const string HealthCheckName = "channels";
}
