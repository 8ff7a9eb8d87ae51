namespace Channels;

/// <summary>Decides over access to the addresses of a template; resolved in a scope of its own for each decision.</summary>
/// <remarks>Asked at subscribe, publish, history, presence and refresh, never per delivery. An exception denies.</remarks>
public interface IChannelRule
{
    /// <summary>Decides.</summary>
    /// <param name="context">Who wants to do what.</param>
    /// <param name="cancellationToken">Abandons the decision.</param>
    /// <returns>Whether it is allowed.</returns>
    ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken);
}
