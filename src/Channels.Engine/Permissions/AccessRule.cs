namespace Channels.Engine;

/// <summary>Allows some operations to whom a decision lets through.</summary>
/// <param name="Operations">What it decides about.</param>
/// <param name="Decide">The decision; gets the services of the engine.</param>
internal sealed record AccessRule(
    ChannelOperations Operations,
    Func<IServiceProvider, ChannelRuleContext, CancellationToken, ValueTask<bool>> Decide);
