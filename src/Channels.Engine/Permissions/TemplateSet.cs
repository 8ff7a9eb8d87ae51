namespace Channels.Engine;

/// <summary>All templates, the most specific first.</summary>
internal sealed class TemplateSet
{
    private readonly ChannelTemplate[] _templates;

    public TemplateSet(IEnumerable<ChannelTemplate> templates)
    {
        _templates = Sorted([.. templates.GroupBy(template => template.Pattern.Text, StringComparer.Ordinal).Select(group => ChannelTemplate.Join([.. group]))]);
    }

    public bool TryMatch(string name, out ChannelTemplate template, out IReadOnlyDictionary<string, string> values)
    {
        foreach (var candidate in _templates)
        {
            if (candidate.Pattern.TryMatch(name, out values))
            {
                template = candidate;
                return true;
            }
        }

        template = null!;
        values = null!;
        return false;
    }

    /// <summary>Specificity is a partial order, so each template is placed before the first one that it is more specific than.</summary>
    private static ChannelTemplate[] Sorted(ChannelTemplate[] templates)
    {
        var sorted = new List<ChannelTemplate>(templates.Length);
        foreach (var template in templates)
        {
            if (sorted.Find(other => other.Pattern.TiesWith(template.Pattern)) is { } tied)
            {
                throw new InvalidOperationException(
                    $"The channel patterns '{tied.Pattern.Text}' and '{template.Pattern.Text}' match the same names and neither is more specific. Change one of them.");
            }

            var place = sorted.FindIndex(other => template.Pattern.CompareTo(other.Pattern) < 0);
            sorted.Insert(place < 0 ? sorted.Count : place, template);
        }

        return [.. sorted];
    }
}
