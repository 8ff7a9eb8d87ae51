using Channels.LoadTest.Wires;

namespace Channels.LoadTest.Scenarios;

/// <summary>Pusher clients with three subscriptions each.</summary>
internal sealed class PusherScenario() : PacedBesideNativeScenario("Pusher", new PusherWire(), new(alsoSubscribed: PusherWire.Channels - 1), PusherWire.Channels)
{
    public override string Name => "pusher";
}
