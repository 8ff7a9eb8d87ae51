using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>The permission matrix, grants and rules.</summary>
internal sealed partial class AccessPolicy(
    IServiceProvider services, WithdrawnIds withdrawn, TimeProvider time, ChannelsMetrics metrics, ILogger<AccessPolicy> logger)
{
    /// <summary>Decides by what is known without asking a rule.</summary>
    /// <returns><see langword="null"/> when rules must be asked.</returns>
    public AccessStatus? DecideWithoutRules(ChannelCaller caller, ResolvedChannel channel, in ChannelAddress address, ChannelOperations operation)
    {
        if (caller.Kind == CallerKind.Host)
        {
            return AccessStatus.Allowed;
        }

        if (IsOver(caller) || (caller.Instance is { } only && !string.Equals(only, address.Instance, StringComparison.Ordinal)))
        {
            return AccessStatus.Forbidden;
        }

        if (IsGranted(caller, address, operation))
        {
            return AccessStatus.Allowed;
        }

        if (IsTrusted(caller))
        {
            return operation == ChannelOperations.Publish && caller.Kind == CallerKind.Admin && caller.Role < AdminRole.Write
                ? AccessStatus.Forbidden
                : AccessStatus.Allowed;
        }

        if (!channel.IsVisibleTo(caller.FrontEnd))
        {
            return AccessStatus.NotFound;
        }

        if (channel.Access.NeedsGrant)
        {
            return AccessStatus.Forbidden;
        }

        var needed = operation == ChannelOperations.Publish ? ChannelPermission.Publish : ChannelPermission.Subscribe;
        if (PermissionOf(caller, channel.Descriptor, operation) >= needed)
        {
            return AccessStatus.Allowed;
        }

        return channel.Access.Rules.Count == 0 ? AccessStatus.Forbidden : null;
    }

    public ValueTask<AccessStatus> DecideAsync(
        ChannelCaller caller, ResolvedChannel channel, in ChannelAddress address, ChannelOperations operation, CancellationToken cancellationToken) =>
        DecideWithoutRules(caller, channel, address, operation) is { } decided
            ? new(decided)
            : AskRulesAsync(new(address, caller, operation, channel.Values), channel.Access.Rules, cancellationToken);

    public bool IsExpired(ChannelCaller caller) => caller.ExpiresAt is { } end && end <= time.GetUtcNow();

    /// <summary>Whether the caller's leave expired or its key was taken away.</summary>
    public bool IsOver(ChannelCaller caller) => IsExpired(caller) || withdrawn.Contains(caller);

    /// <summary>Whether the caller may look at everything of an instance: the host, administrators and API keys that ignore permissions.</summary>
    public bool IsOperator(ChannelCaller caller, string instance) =>
        caller.Kind == CallerKind.Host
        || (IsTrusted(caller) && !IsOver(caller) && (caller.Instance is not { } only || string.Equals(only, instance, StringComparison.Ordinal)));

    /// <summary>Administrators and API keys that ignore permissions.</summary>
    public static bool IsTrusted(ChannelCaller caller) => caller.Kind == CallerKind.Admin || caller.IgnoresPermissions;

    /// <summary>What the matrix gives a caller: the higher of what every user and what the members of the group may.</summary>
    public static ChannelPermission PermissionOf(ChannelCaller caller, ChannelDescriptor channel, ChannelOperations operation)
    {
        if (caller.Kind != CallerKind.User)
        {
            var counts = operation == ChannelOperations.Publish ? caller.PublishesAnonymously : caller.ReadsAnonymously;
            return counts ? channel.OtherPermission : ChannelPermission.None;
        }

        return channel.Group is { } group && channel.GroupPermission > channel.OtherPermission && caller.Groups.Contains(group)
            ? channel.GroupPermission
            : channel.OtherPermission;
    }

    private static bool IsGranted(ChannelCaller caller, in ChannelAddress address, ChannelOperations operation)
    {
        for (var i = 0; i < caller.Grants.Count; i++)
        {
            if ((caller.Grants[i].Operations & operation) == operation && caller.Grants[i].Address == address)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<AccessStatus> AskRulesAsync(
        ChannelRuleContext context, IReadOnlyList<AccessRule> rules, CancellationToken cancellationToken)
    {
        foreach (var rule in rules)
        {
            if ((rule.Operations & context.Operation) != 0 && await IsAllowedAsync(rule, context, cancellationToken).ConfigureAwait(false))
            {
                return AccessStatus.Allowed;
            }
        }

        return AccessStatus.Forbidden;
    }

    private async ValueTask<bool> IsAllowedAsync(AccessRule rule, ChannelRuleContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await rule.Decide(services, context, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // a rule is the application's code: whatever it throws denies
        catch (Exception exception)
#pragma warning restore CA1031
        {
            metrics.RuleFailed();
            Log.RuleFailed(logger, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A channel rule threw an exception; access was denied.", EventName = "RuleFailed")]
        public static partial void RuleFailed(ILogger logger, Exception exception);
    }
}
