using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Decides who reads what: a token is good for an application, with all its channels and <c>ping</c>.</summary>
internal sealed class DashlyAccess(IOptionsMonitor<DashlyOptions> options)
{
    public bool MayRead(ChannelRuleContext context)
    {
        if (context.Values.Values.Any(number => !DashlyFamilies.IsNumber(number)))
        {
            return false;
        }

        var current = options.CurrentValue;
        if (current.Allow is { } allow)
        {
            return allow(context);
        }

        var app = context.Values.GetValueOrDefault(DashlyFamilies.App);
        return current.Apps.Any(known => (app is null || known.Id == app) && IsGoodFor(known, context.Caller));
    }

    private static bool IsGoodFor(DashlyAppOptions app, ChannelCaller caller) =>
        caller.UserId is { } user && (app.Users.Contains(user) || app.Groups.Any(caller.Groups.Contains));
}
