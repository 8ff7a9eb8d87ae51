using System.Globalization;

namespace Channels;

/// <summary>Position in an instance's sequence of ids: everything up to and including <paramref name="Value"/> has been seen.</summary>
/// <param name="Value">Id of the last message seen; 0 stands before every message.</param>
public readonly record struct MessageCursor(long Value) : IComparable<MessageCursor>
{
    /// <summary>The position before every message.</summary>
    public static MessageCursor Beginning => default;

    /// <summary>Whether the left position is before the right one.</summary>
    public static bool operator <(MessageCursor left, MessageCursor right) => left.Value < right.Value;

    /// <summary>Whether the left position is behind the right one.</summary>
    public static bool operator >(MessageCursor left, MessageCursor right) => left.Value > right.Value;

    /// <summary>Whether the left position is before the right one or equal to it.</summary>
    public static bool operator <=(MessageCursor left, MessageCursor right) => left.Value <= right.Value;

    /// <summary>Whether the left position is behind the right one or equal to it.</summary>
    public static bool operator >=(MessageCursor left, MessageCursor right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(MessageCursor other) => Value.CompareTo(other.Value);

    /// <summary>Spells the id in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
