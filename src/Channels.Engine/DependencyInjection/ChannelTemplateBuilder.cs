using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Channels.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Channels;

/// <summary>Describes the channels whose names match a pattern. Without a permission or rule, only the host and administrators may use them.</summary>
public sealed class ChannelTemplateBuilder
{
    private readonly List<AccessRule> _rules = [];
    private readonly TemplatePattern _pattern;
    private readonly IServiceCollection _services;
    private ChannelDescriptor _facts;
    private HashSet<string>? _frontEnds;
    private bool _needsGrant;

    internal ChannelTemplateBuilder(IServiceCollection services, string pattern)
    {
        _services = services;
        _pattern = TemplatePattern.Parse(pattern);
        _facts = new() { Name = pattern };
    }

    /// <summary>Gives every room its own order and history; publishing and polling then need a room.</summary>
    public ChannelTemplateBuilder SeparateRooms() => With(_facts with { Type = ChannelType.SeparateRooms });

    /// <summary>Sets a text for people.</summary>
    /// <param name="text">At most 256 characters.</param>
    public ChannelTemplateBuilder Description(string text) => With(_facts with { Description = text });

    /// <summary>Says what every user may do.</summary>
    /// <param name="permission">The permission. Publishing also needs <see cref="ClientsMayPublish"/>.</param>
    public ChannelTemplateBuilder Others(ChannelPermission permission) => With(_facts with { OtherPermission = permission });

    /// <summary>Says what the members of a group may do.</summary>
    /// <param name="group">Id of the group.</param>
    /// <param name="permission">The permission. Publishing also needs <see cref="ClientsMayPublish"/>.</param>
    public ChannelTemplateBuilder Group(string group, ChannelPermission permission) =>
        With(_facts with { Group = group, GroupPermission = permission });

    /// <summary>Lets clients publish, as far as permissions, rules or grants allow it to them; otherwise only the host publishes.</summary>
    public ChannelTemplateBuilder ClientsMayPublish() => With(_facts with { ClientsMayPublish = true });

    /// <summary>Sets how long and how many messages are kept.</summary>
    /// <param name="age">How long, at least 1 second; <see langword="null"/> for the engine's default.</param>
    /// <param name="count">How many for each address, at least 1; <see langword="null"/> for the engine's default.</param>
    public ChannelTemplateBuilder Retain(TimeSpan? age = null, int? count = null)
    {
        if (age is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.FromSeconds(1), nameof(age));
        }

        if (count is { } many)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(many, 1, nameof(count));
        }

        return With(_facts with { RetainAge = age, RetainCount = count });
    }

    /// <summary>Makes messages transient unless their draft says otherwise: delivered in order, not kept.</summary>
    public ChannelTemplateBuilder Transient() => With(_facts with { TransientByDefault = true });

    /// <summary>Allows operations to those callers that a rule lets through.</summary>
    /// <param name="operations">What the rule decides about.</param>
    /// <param name="rule">Whether the caller may. An exception denies.</param>
    public ChannelTemplateBuilder Allow(ChannelOperations operations, Func<ChannelRuleContext, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rules.Add(new(operations, (_, context, _) => new(rule(context))));
        return this;
    }

    /// <summary>Allows operations to those callers that a rule lets through, which needs singletons of the application.</summary>
    /// <param name="operations">What the rule decides about.</param>
    /// <param name="rule">Whether the caller may. An exception denies.</param>
    public ChannelTemplateBuilder Allow(ChannelOperations operations, Func<IServiceProvider, ChannelRuleContext, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rules.Add(new(operations, (services, context, _) => new(rule(services, context))));
        return this;
    }

    /// <summary>Allows operations to those callers that a rule lets through, which is resolved in a scope of its own for each decision.</summary>
    /// <typeparam name="TRule">The rule; registered as scoped unless the application registered it itself.</typeparam>
    /// <param name="operations">What the rule decides about.</param>
    public ChannelTemplateBuilder Allow<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRule>(ChannelOperations operations)
        where TRule : class, IChannelRule
    {
        AddScopedRule<TRule>();
        _rules.Add(new(operations, async (services, context, cancellationToken) =>
        {
            var scope = services.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                return await scope.ServiceProvider.GetRequiredService<TRule>().IsAllowedAsync(context, cancellationToken).ConfigureAwait(false);
            }
        }));
        return this;
    }

    /// <summary>Hides the names from all other front ends, unless a stored channel has the name.</summary>
    /// <param name="frontEnds">Names such as <c>syncano</c>.</param>
    public ChannelTemplateBuilder OnlyThrough(params ReadOnlySpan<string> frontEnds)
    {
        _frontEnds ??= new(StringComparer.Ordinal);
        foreach (var frontEnd in frontEnds)
        {
            _frontEnds.Add(frontEnd);
        }

        return this;
    }

    /// <summary>Demands an explicit grant from everybody but the host, administrators and trusted API keys.</summary>
    public ChannelTemplateBuilder NeedsGrant()
    {
        _needsGrant = true;
        return this;
    }

    internal ChannelTemplate Build() => new(_pattern, _facts, new(_frontEnds?.ToFrozenSet(StringComparer.Ordinal), _needsGrant, [.. _rules]));

    private ChannelTemplateBuilder With(ChannelDescriptor facts)
    {
        _facts = facts;
        return this;
    }

    private void AddScopedRule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRule>()
        where TRule : class, IChannelRule
    {
        if (!_services.Any(service => service.ServiceType == typeof(TRule)))
        {
            _services.Add(ServiceDescriptor.Describe(typeof(TRule), typeof(TRule), ServiceLifetime.Scoped));
        }
    }
}
