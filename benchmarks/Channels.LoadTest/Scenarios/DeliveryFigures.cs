using Channels.LoadTest.Client;
using Channels.LoadTest.Report;

namespace Channels.LoadTest.Scenarios;

/// <summary>The numbers of scenarios that count deliveries over WebSocket.</summary>
internal static class DeliveryFigures
{
    /// <param name="overSignalR">Least ratio of deliveries to SignalR's.</param>
    /// <param name="overBare">Least ratio to the bare loop's.</param>
    /// <param name="direct">Of both ratios when Channels writes straight to sockets.</param>
    public static IReadOnlyList<Figure> For(double overSignalR, double overBare, Target? direct = null) =>
    [
        new("deliveries/s")
        {
            OverSignalR = Target.AtLeast(overSignalR), OverBare = Target.AtLeast(overBare), DirectOverSignalR = direct, DirectOverBare = direct,
        },
        new("server CPU µs/delivery"),
        new("bytes allocated/delivery") { Compares = false },
        new("bytes of a frame") { Compares = false },
    ];

    public static IReadOnlyList<double> Of(Usage.PerOperation delivery, ConnectionSet clients) =>
        [delivery.Rate, delivery.CpuMicroseconds, delivery.AllocatedBytes, clients.BytesPerMessage];
}
