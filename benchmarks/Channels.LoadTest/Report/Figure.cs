namespace Channels.LoadTest.Report;

/// <summary>One number that a scenario measures for every server.</summary>
/// <param name="Name">What it is, with its unit.</param>
internal sealed record Figure(string Name)
{
    /// <summary>For the ratio to SignalR.</summary>
    public Target? OverSignalR { get; init; }

    /// <summary>For the ratio to the bare loop.</summary>
    public Target? OverBare { get; init; }

    /// <summary>For the ratio to SignalR of Channels that writes straight to sockets.</summary>
    public Target? DirectOverSignalR { get; init; }

    /// <summary>For the ratio to the bare loop of Channels that writes straight to sockets.</summary>
    public Target? DirectOverBare { get; init; }

    /// <summary>How much more than the bare loop Channels may take.</summary>
    public double? MostAboveBare { get; init; }

    /// <summary>For the number itself.</summary>
    public Target? Absolute { get; init; }

    /// <summary>Whether ratios say anything.</summary>
    public bool Compares { get; init; } = true;

    /// <summary>The same number of Channels that writes straight to sockets.</summary>
    public Figure ForDirect() => this with { Name = $"{Name}, straight to sockets", OverSignalR = DirectOverSignalR, OverBare = DirectOverBare };
}
