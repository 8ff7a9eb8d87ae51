using System.Globalization;

namespace Channels.AspNetCore.PushStream;

/// <summary>
/// The position of this wire: a time in whole seconds and a tag, which is the id of a message. Source: docs/protocols/pushstream.md#cursor
/// </summary>
/// <param name="Time">The second.</param>
/// <param name="Tag">Last id seen within it; <see langword="null"/> when all of it was seen.</param>
internal readonly record struct PushStreamCursor(DateTimeOffset Time, long? Tag)
{
    private const string WeakMark = "W/";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Where a subscription starts.</summary>
    public SubscribeFrom From => SubscribeFrom.Within(Time, Second, new(Tag ?? long.MaxValue)).ContinueOverGaps();

    /// <summary>How the time is spelled.</summary>
    public string TimeText => PushStreamTime.Format(Time);

    /// <summary>How the tag is spelled in an <c>Etag</c>; none without a tag.</summary>
    public string? EntityTag => Tag is { } tag ? string.Create(CultureInfo.InvariantCulture, $"{WeakMark}{tag}") : null;

    /// <summary>How an event stream spells it.</summary>
    public string EventId => string.Create(CultureInfo.InvariantCulture, $"{Time.ToUnixTimeSeconds()}:{Tag ?? long.MaxValue}");

    public static PushStreamCursor Of(MessagePosition position) => new(PushStreamTime.SecondOf(position.CreatedAt), position.Cursor.Value);

    /// <summary>Whether more follows it than follows another.</summary>
    public bool IsBefore(in PushStreamCursor other) =>
        Time < other.Time || (Time == other.Time && (Tag ?? long.MaxValue) < (other.Tag ?? long.MaxValue));

    /// <summary>Reads a position; without a readable time there is none, whatever the tag.</summary>
    public static PushStreamCursor? Parse(string? time, string? tag) =>
        PushStreamTime.Parse(time) is { } second ? new(second, ParseTag(tag)) : null;

    /// <summary>Reads a position as <see cref="EventId"/> spells it.</summary>
    public static PushStreamCursor? ParseEventId(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0
            && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var tag)
            ? new(DateTimeOffset.FromUnixTimeSeconds(seconds), tag)
            : null;
    }

    /// <summary>Digits, also as they come back in headers: quoted, and marked as weak.</summary>
    private static long? ParseTag(string? text)
    {
        var digits = text.AsSpan();
        if (digits.StartsWith(WeakMark))
        {
            digits = digits[WeakMark.Length..];
        }

        if (digits.Length > 1 && digits[0] == '"' && digits[^1] == '"')
        {
            digits = digits[1..^1];
        }

        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var tag) ? tag : null;
    }
}
