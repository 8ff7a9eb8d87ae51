namespace Channels.LoadTest;

/// <summary>How much load, and for how long.</summary>
internal sealed record LoadSettings
{
    public int Rounds { get; init; } = 5;

    /// <summary>WebSocket subscribers.</summary>
    public int Clients { get; init; } = 1000;

    /// <summary>Idle WebSockets, and polls.</summary>
    public int IdleClients { get; init; } = 2000;

    /// <summary>Connections that publish over HTTP.</summary>
    public int Publishers { get; init; } = 32;

    /// <summary>How long one measurement lasts at least.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether this is only to see that everything works.</summary>
    public bool IsQuick { get; init; }

    /// <summary>No new round begins after this.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(8.5);

    /// <summary>Everything ends after this.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(9.5);

    public static LoadSettings Quick { get; } = new()
    {
        IsQuick = true,
        Rounds = 2,
        Clients = 200,
        IdleClients = 400,
        Duration = TimeSpan.FromSeconds(0.4),
        Budget = TimeSpan.FromSeconds(45),
        Limit = TimeSpan.FromSeconds(57),
    };

    /// <summary>Another budget, with as much time to finish as a round may need.</summary>
    public LoadSettings WithBudget(TimeSpan budget) => this with { Budget = budget, Limit = budget + TimeSpan.FromMinutes(1) };
}
