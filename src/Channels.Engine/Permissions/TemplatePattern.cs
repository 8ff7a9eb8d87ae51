namespace Channels.Engine;

/// <summary>
/// A pattern for channel names: literal characters, <c>{name}</c> for one or more characters except <c>: / . * { }</c>, and <c>*</c> at the
/// end for one or more of any.
/// </summary>
internal sealed class TemplatePattern : IComparable<TemplatePattern>
{
    private const string NotInPlaceholder = ":/.*{}";

    private readonly Element[] _elements;
    private readonly string[] _names;

    private TemplatePattern(string text, Element[] elements, string[] names)
    {
        Text = text;
        _elements = elements;
        _names = names;
    }

    private enum Kind
    {
        Literal,
        Placeholder,
        Rest,
    }

    public string Text { get; }

    /// <summary>Whether the pattern matches exactly one name.</summary>
    public bool IsLiteral => _elements.All(element => element.Kind == Kind.Literal);

    public static TemplatePattern Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var elements = new List<Element>();
        var names = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{':
                    var end = text.IndexOf('}', i);
                    var name = end < 0 ? "" : text[(i + 1)..end];
                    if (name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit) || names.Contains(name))
                    {
                        throw Malformed(text, "a placeholder is a unique name of letters and digits between braces");
                    }

                    if (elements.Count > 0 && elements[^1].Kind == Kind.Placeholder)
                    {
                        throw Malformed(text, "two placeholders need a literal between them");
                    }

                    names.Add(name);
                    elements.Add(new(Kind.Placeholder, '\0'));
                    i = end;
                    break;
                case '*' when i == text.Length - 1:
                    elements.Add(new(Kind.Rest, '\0'));
                    break;
                case '*' or '}':
                    throw Malformed(text, "'*' may only stand at the end and '}' only behind '{'");
                default:
                    elements.Add(new(Kind.Literal, text[i]));
                    break;
            }
        }

        return new(text, [.. elements], [.. names]);
    }

    /// <summary>Matches a name; placeholders take as much as they can.</summary>
    public bool TryMatch(string name, out IReadOnlyDictionary<string, string> values)
    {
        var ends = new int[_names.Length * 2];
        if (!Match(name, 0, 0, 0, new(ends, _names.Length > 2 ? [] : null)))
        {
            values = NoValues;
            return false;
        }

        values = _names.Length == 0
            ? NoValues
            : _names.Select((key, i) => KeyValuePair.Create(key, name[ends[2 * i]..ends[(2 * i) + 1]])).ToDictionary(StringComparer.Ordinal);
        return true;
    }

    /// <summary>The more specific pattern comes first: literal before placeholder before the rest, left to right.</summary>
    public int CompareTo(TemplatePattern? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _elements.Length && i < other._elements.Length; i++)
        {
            var byKind = _elements[i].Kind.CompareTo(other._elements[i].Kind);
            if (byKind != 0)
            {
                return byKind;
            }

            if (_elements[i].Character != other._elements[i].Character)
            {
                return 0;
            }
        }

        return other._elements.Length.CompareTo(_elements.Length);
    }

    /// <summary>Whether neither pattern is more specific although some name matches both.</summary>
    public bool TiesWith(TemplatePattern other) => CompareTo(other) == 0 && Intersects(other);

    private static IReadOnlyDictionary<string, string> NoValues { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static FormatException Malformed(string text, string rule) => new($"The channel pattern '{text}' is malformed: {rule}.");

    private bool Match(string name, int at, int element, int placeholder, in Attempt attempt)
    {
        for (; element < _elements.Length; element++)
        {
            switch (_elements[element].Kind)
            {
                case Kind.Rest:
                    return at < name.Length;
                case Kind.Placeholder:
                    return MatchPlaceholder(name, at, element, placeholder, attempt);
                default:
                    if (at == name.Length || name[at] != _elements[element].Character)
                    {
                        return false;
                    }

                    at++;
                    break;
            }
        }

        return at == name.Length;
    }

    private bool MatchPlaceholder(string name, int at, int element, int placeholder, in Attempt attempt)
    {
        // Without this the time would grow with the power of the number of placeholders, for a name that a client makes up.
        if (attempt.Failed?.Add((element, at)) == false)
        {
            return false;
        }

        var end = at;
        while (end < name.Length && !NotInPlaceholder.Contains(name[end]))
        {
            end++;
        }

        for (; end > at; end--)
        {
            if (Match(name, end, element + 1, placeholder + 1, attempt))
            {
                attempt.Ends[2 * placeholder] = at;
                attempt.Ends[(2 * placeholder) + 1] = end;
                return true;
            }
        }

        return false;
    }

    /// <summary>Walks both patterns together over sets of characters; a placeholder or rest may take one more or be left.</summary>
    private bool Intersects(TemplatePattern other)
    {
        var seen = new HashSet<(int, bool, int, bool)>();
        var open = new Stack<(int Left, bool LeftTook, int Right, bool RightTook)>();
        open.Push((0, false, 0, false));
        while (open.TryPop(out var state))
        {
            if (!seen.Add(state))
            {
                continue;
            }

            var (left, leftTook, right, rightTook) = state;
            if (left == _elements.Length && right == other._elements.Length)
            {
                return true;
            }

            if (leftTook)
            {
                open.Push((left + 1, false, right, rightTook));
            }

            if (rightTook)
            {
                open.Push((left, leftTook, right + 1, false));
            }

            if (left < _elements.Length && right < other._elements.Length && Overlap(_elements[left], other._elements[right]))
            {
                var (leftAfter, leftStays) = _elements[left].Kind == Kind.Literal ? (left + 1, false) : (left, true);
                var (rightAfter, rightStays) = other._elements[right].Kind == Kind.Literal ? (right + 1, false) : (right, true);
                open.Push((leftAfter, leftStays, rightAfter, rightStays));
            }
        }

        return false;
    }

    private static bool Overlap(Element left, Element right) => (left.Kind, right.Kind) switch
    {
        (Kind.Literal, Kind.Literal) => left.Character == right.Character,
        (Kind.Literal, Kind.Placeholder) => !NotInPlaceholder.Contains(left.Character),
        (Kind.Placeholder, Kind.Literal) => !NotInPlaceholder.Contains(right.Character),
        _ => true,
    };

    /// <summary>One matching: where placeholders begin and end, and from where they were tried before.</summary>
    private readonly record struct Attempt(int[] Ends, HashSet<(int Element, int At)>? Failed);

    private readonly record struct Element(Kind Kind, char Character);
}
