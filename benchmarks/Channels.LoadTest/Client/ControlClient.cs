using System.Net.Http.Json;
using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Client;

/// <summary>Tells a server what to do, apart from what is measured.</summary>
internal sealed class ControlClient(int port) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = Patience.Limit };

    public void Dispose() => _http.Dispose();

    public async Task<ServerStats> ReadStatsAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<ServerStats>(ControlEndpoints.Stats, cancellationToken))!;

    /// <summary>Collects garbage first.</summary>
    public async Task<ServerStats> CollectAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri(ControlEndpoints.Collect, UriKind.Relative), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<ServerStats>(cancellationToken))!;
    }

    /// <summary>Publishes inside the server as fast as it accepts.</summary>
    /// <param name="channels">To how many channels.</param>
    /// <param name="first">First number in each.</param>
    /// <param name="count">How many messages to each.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task BurstAsync(int channels, long first, int count, CancellationToken cancellationToken) =>
        PostAsync(FormattableString.Invariant($"{ControlEndpoints.Burst}?channels={channels}&first={first}&count={count}"), cancellationToken);

    /// <summary>Publishes inside the server at a steady rate, from number 0, to one channel after the other.</summary>
    /// <param name="channels">To how many channels in turn.</param>
    /// <param name="count">How many messages in all.</param>
    /// <param name="perSecond">How many in a second.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PaceAsync(int channels, int count, int perSecond, CancellationToken cancellationToken) =>
        PostAsync(FormattableString.Invariant($"{ControlEndpoints.Paced}?channels={channels}&count={count}&perSecond={perSecond}"), cancellationToken);

    /// <summary>Asks a push stream where it stands.</summary>
    public async Task<(string Tag, string Time)> ReadPositionAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return (answer.Headers.GetValues("ETag").Single()["W/".Length..], answer.Content.Headers.GetValues("Last-Modified").Single());
    }

    private async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
