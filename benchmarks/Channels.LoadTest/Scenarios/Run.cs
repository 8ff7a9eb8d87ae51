using Channels.LoadTest.Client;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>One measurement of one server.</summary>
/// <param name="server">The server.</param>
/// <param name="settings">How much load.</param>
/// <param name="number">Which round it is, from 0.</param>
/// <param name="cancellationToken">Ends everything.</param>
internal sealed class Run(ServerProcess server, LoadSettings settings, int number, CancellationToken cancellationToken)
{
    private readonly List<string> _faults = [];

    public LoadSettings Settings => settings;

    /// <summary>Which round it is, from 0; the warm-up counts as the first one.</summary>
    public int Number => number;

    public Wire Wire => server.Wire;

    public ControlClient Control => server.Control;

    public CancellationToken Cancelled => cancellationToken;

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Connects clients that all subscribe to the first channel.</summary>
    public Task<ConnectionSet> ConnectAsync(int clients) => ConnectAsync(clients, _ => new(Wire.Address(0)));

    /// <summary>Connects clients.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="start">What each subscribes to.</param>
    /// <param name="firstTarget">How many messages each has to receive before this returns, if any.</param>
    public Task<ConnectionSet> ConnectAsync(int clients, Func<int, StreamStart> start, long? firstTarget = null) =>
        ConnectionSet.OpenAsync(Wire, server.Port, start, clients, firstTarget, cancellationToken);

    /// <summary>Connects clients that all subscribe to the first channel, over another wire of the same server.</summary>
    public Task<ConnectionSet> ConnectAsync(Wire wire, int clients) =>
        ConnectionSet.OpenAsync(wire, server.Port, _ => new(Wire.Address(0)), clients, firstTarget: null, cancellationToken);

    /// <summary>Connects clients by another wire of the same server, all in the same way.</summary>
    public Task<ConnectionSet> ConnectAsync(Wire wire, int clients, StreamStart start, long? firstTarget) =>
        ConnectionSet.OpenAsync(wire, server.Port, _ => start, clients, firstTarget, cancellationToken);

    public async Task<HttpLines> OpenLinesAsync(int lines) => await HttpLines.OpenAsync(server.Port, lines, cancellationToken);

    /// <summary>Begins to count what the server uses.</summary>
    public async Task<Usage> StartUsageAsync() => new(Control, await Control.ReadStatsAsync(cancellationToken));

    /// <summary>Notes what is wrong with what clients received.</summary>
    public void Check(ConnectionSet clients, long published)
    {
        if (clients.FindFault(published) is { } fault)
        {
            _faults.Add(fault);
        }
    }

    public void AddFault(string fault) => _faults.Add(fault);

    /// <summary>Waits until the server has noticed that all clients are gone.</summary>
    public Task SettleAsync() => Patience.UntilAsync(
        async () => await Control.ReadStatsAsync(cancellationToken) is { Connections: 0, ParkedPolls: 0 }, "all clients are gone", cancellationToken);

    /// <summary>Waits until all polls wait in the server.</summary>
    public Task ParkedAsync(int polls) => Patience.UntilAsync(
        async () => (await Control.ReadStatsAsync(cancellationToken)).ParkedPolls == polls, $"{polls} polls wait", cancellationToken);
}
