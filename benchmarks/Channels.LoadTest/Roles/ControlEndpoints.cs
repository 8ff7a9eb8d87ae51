using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Channels.LoadTest.Roles;

/// <summary>How the load test tells a server to publish and asks what it used.</summary>
internal static class ControlEndpoints
{
    public const string Stats = "/control/stats";
    public const string Collect = "/control/collect";
    public const string Burst = "/control/burst";
    public const string Paced = "/control/paced";

    public static void Map(WebApplication app, IRole role)
    {
        app.MapGet(Stats, () => ServerStats.Read(role));
        app.MapPost(Collect, () =>
        {
            ServerStats.Collect();
            return ServerStats.Read(role);
        });
        app.MapPost(Burst, async (int channels, long first, int count) =>
        {
            await BurstAsync(role, channels, first, count);
            return Results.Ok();
        });
        app.MapPost(Paced, async (int channels, int count, int perSecond) =>
        {
            await PacedAsync(role, channels, count, TimeSpan.FromSeconds(1) / perSecond);
            return Results.Ok();
        });
    }

    /// <summary>As fast as the server accepts.</summary>
    private static async Task BurstAsync(IRole role, int channels, long first, int count)
    {
        var addresses = Enumerable.Range(0, channels).Select(Wires.Wire.Address).ToArray();
        for (var sequence = first; sequence < first + count; sequence++)
        {
            foreach (var address in addresses)
            {
                await role.PublishAsync(address, sequence);
            }
        }
    }

    /// <summary>To one channel after the other, all with one sequence of numbers.</summary>
    private static async Task PacedAsync(IRole role, int channels, int count, TimeSpan interval)
    {
        var addresses = Enumerable.Range(0, channels).Select(Wires.Wire.Address).ToArray();
        using var timer = new PeriodicTimer(interval);
        for (var sequence = 0; sequence < count && await timer.WaitForNextTickAsync(); sequence++)
        {
            await role.PublishAsync(addresses[sequence % channels], sequence);
        }
    }
}
