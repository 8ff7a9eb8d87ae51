using System.Globalization;

namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>The channels of one kind of event.</summary>
/// <param name="Name">First part of their names.</param>
/// <param name="HasApp">Whether there is a channel for the whole application.</param>
/// <param name="HasUser">Whether there is one for each user.</param>
internal sealed record DashlyFamily(string Name, bool HasApp, bool HasUser)
{
    public string OfApp(long app) => string.Create(CultureInfo.InvariantCulture, $"{Name}.{app}");

    public string OfUser(long app, long user) => string.Create(CultureInfo.InvariantCulture, $"{Name}.{app}.{user}");
}
