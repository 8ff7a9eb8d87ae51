using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>A rule that gives undeclared channel names a descriptor, and says who may use them.</summary>
internal sealed class ChannelTemplate(TemplatePattern pattern, ChannelDescriptor facts, ChannelAccess access)
{
    public TemplatePattern Pattern { get; } = pattern;

    public ChannelDescriptor Facts { get; } = facts;

    public ChannelAccess Access { get; } = access;

    /// <summary>The templates of particular front ends that this one joins.</summary>
    public IReadOnlyList<ChannelTemplate> Views { get; private init; } = [];

    /// <summary>
    /// Joins templates of one pattern that different front ends brought along. Each front end sees its own; to everybody else the names take
    /// messages as soon as one of them lets them.
    /// </summary>
    /// <exception cref="InvalidOperationException">They do not agree on the facts, or one is not for particular front ends only.</exception>
    public static ChannelTemplate Join(IReadOnlyList<ChannelTemplate> templates)
    {
        var first = templates[0];
        if (templates.Count == 1)
        {
            return first;
        }

        var frontEnds = templates.SelectMany(template => template.Access.FrontEnds ?? []).ToList();
        if (templates.Any(template => template.Access.FrontEnds is null || !HasSameFacts(first.Facts, template.Facts))
            || frontEnds.Distinct(StringComparer.Ordinal).Count() < frontEnds.Count)
        {
            throw new InvalidOperationException(
                $"The channel pattern '{first.Pattern.Text}' is declared {templates.Count} times. Only different front ends may share a pattern, with the same type, retention and transience.");
        }

        var facts = new ChannelDescriptor
        {
            Name = first.Facts.Name,
            Type = first.Facts.Type,
            RetainAge = first.Facts.RetainAge,
            RetainCount = first.Facts.RetainCount,
            TransientByDefault = first.Facts.TransientByDefault,
            ClientsMayPublish = templates.Any(template => template.Facts.ClientsMayPublish),
        };
        var access = new ChannelAccess(
            frontEnds.ToFrozenSet(StringComparer.Ordinal),
            templates.All(template => template.Access.NeedsGrant),
            [.. templates.SelectMany(template => template.Access.Rules)]);
        return new(first.Pattern, facts, access) { Views = templates };
    }

    /// <summary>What a name that matches is.</summary>
    public ResolvedChannel Resolve(string instance, string name, IReadOnlyDictionary<string, string> values) =>
        new(Facts with { Name = name, Instance = instance }, Access, values)
        {
            Views = [.. Views.Select(view => view.Resolve(instance, name, values))],
        };

    private static bool HasSameFacts(ChannelDescriptor one, ChannelDescriptor other) =>
        one.Type == other.Type
        && one.RetainAge == other.RetainAge
        && one.RetainCount == other.RetainCount
        && one.TransientByDefault == other.TransientByDefault;
}
