namespace Playground.Hosting;

/// <summary>Somebody the page can act as.</summary>
internal sealed record DemoIdentity(string Name, string ApiKey, string? UserKey, string? Token = null);
