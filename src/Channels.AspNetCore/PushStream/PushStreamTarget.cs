namespace Channels.AspNetCore.PushStream;

/// <summary>One channel of a path.</summary>
/// <param name="Name">As the client spells it, decoded, without the suffix.</param>
/// <param name="Backtrack">How many of its newest messages are wanted, whatever the cursor; 0 for none.</param>
internal readonly record struct PushStreamTarget(string Name, int Backtrack);
