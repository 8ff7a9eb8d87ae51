using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Push streams beside the native wire of the same server.</summary>
internal abstract class PushStreamScenario : Scenario
{
    public override string? WhyNot(Wire wire) => wire is ChannelsWire ? null : "push streams are compared with the native wire of the same server";
}
