using Channels.LoadTest.Report;
using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>One kind of load.</summary>
internal abstract class Scenario
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new BurstScenario(),
        new HttpScenario(),
        new PacedScenario(),
        new NarrowScenario(),
        new IdleScenario(),
        new ParkedScenario(),
        new WakeScenario(),
        new PublishScenario(),
        new ResumeScenario(),
        new SocketIoScenario(),
        new HeartbeatScenario(),
        new PusherScenario(),
        new PusherTriggerScenario(),
        new PushParkedScenario(),
        new PushWakeScenario(),
        new PushResumeScenario(),
    ];

    public abstract string Name { get; }

    /// <summary>What happens, in a sentence without a full stop.</summary>
    public abstract string Description { get; }

    /// <summary>What is measured, in the order of the numbers.</summary>
    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>Whether a server that has served before would spoil the numbers. Such a scenario has no warm-up of its own.</summary>
    public virtual bool NeedsFreshServer => false;

    /// <summary>Whether writing straight to sockets is measured too.</summary>
    public virtual bool ComparesDirect => false;

    /// <summary>How often a server is measured before that counts. Servers that are compared with themselves have to be as warm as they get.</summary>
    public virtual int WarmUps => 1;

    /// <summary>Whether it is measured when none is asked for by name.</summary>
    public virtual bool RunsByDefault => Wire.All.Count(Takes) > 1;

    /// <summary>Whether a server is measured.</summary>
    public bool Takes(Wire wire) => wire is DirectWire ? ComparesDirect : WhyNot(wire) is null;

    /// <summary>Why a server is left out, if it is.</summary>
    public virtual string? WhyNot(Wire wire) => null;

    /// <summary>Measures once.</summary>
    /// <returns>The numbers, one for each figure.</returns>
    public abstract Task<IReadOnlyList<double>> MeasureAsync(Run run);
}
