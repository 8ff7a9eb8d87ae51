using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Benchmarks.Figures;

/// <summary>10,000 connections of 1,000 users; queries of an operator.</summary>
internal sealed class RegistryFigure : Figure
{
    private const int Connections = 10_000;
    private const int Users = 1_000;

    public override string Name => "registry of 10,000 connections";

    public override async Task<string> MeasureAsync(int rounds)
    {
        await using var services = Engines.Memory();
        var connections = services.GetRequiredService<IChannelConnections>();
        for (var i = 0; i < Connections; i++)
        {
            var connection = connections.TryOpen(new() { Protocol = i % 2 == 0 ? "sse" : "websocket", Caller = ChannelCaller.User($"u{i % Users}") })!;
            await connection.SubscribeAsync("news");
        }

        var byUser = new List<double>();
        var counts = new List<double>();
        for (var round = 0; round < rounds * 20; round++)
        {
            byUser.Add(Time(() => connections.List(new() { UserId = $"u{round}" }).Connections.Count, Connections / Users));
            counts.Add(Time(() => connections.CountOf(new() { Instance = "default", Protocol = "sse" }), Connections / 2));
        }

        return Row($"list by user {Milliseconds(byUser)} ms; count by instance and protocol {Milliseconds(counts)} ms", "", "", "below 1 ms");
    }

    private static double Time(Func<int> query, int expected)
    {
        var started = Stopwatch.GetTimestamp();
        var found = query();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return found == expected ? elapsed : throw new InvalidOperationException($"{found} found, {expected} expected.");
    }

    private static string Milliseconds(IEnumerable<double> values) => Median(values).ToString("0.000", CultureInfo.InvariantCulture);
}
