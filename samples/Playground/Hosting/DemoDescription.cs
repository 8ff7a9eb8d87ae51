namespace Playground.Hosting;

/// <summary>What the page knows about the server.</summary>
internal sealed record DemoDescription(string Instance, IReadOnlyList<DemoIdentity> Identities);
