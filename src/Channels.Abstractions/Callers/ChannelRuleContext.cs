namespace Channels;

/// <summary>What a rule decides about: who wants to do what on which address.</summary>
/// <param name="Address">The address, with its final name.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Operation">What is asked for; exactly one operation.</param>
/// <param name="Values">What the placeholders of the template matched, by name.</param>
public sealed record ChannelRuleContext(
    ChannelAddress Address,
    ChannelCaller Caller,
    ChannelOperations Operation,
    IReadOnlyDictionary<string, string> Values)
{
    /// <summary>What a placeholder of the template matched.</summary>
    /// <param name="placeholder">Its name, without braces.</param>
    /// <exception cref="KeyNotFoundException">The template has no such placeholder.</exception>
    public string this[string placeholder] => Values[placeholder];
}
