using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class BayeuxOptionsValidator : IValidateOptions<BayeuxOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, BayeuxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        if (!new ChannelAddress("x", null, options.Instance).IsValid)
        {
            errors.AddError("is not a name of 1 to 64 characters.", nameof(options.Instance));
        }

        CheckSizes(options, errors);
        CheckTimes(options, errors);
        CheckNames(options, errors);
        foreach (var project in options.Projects)
        {
            CheckProject(project, errors);
        }

        return errors.Build();
    }

    private static void CheckSizes(BayeuxOptions options, ValidateOptionsResultBuilder errors)
    {
        errors.Check(nameof(options.MaxRequestBytes), options.MaxRequestBytes, 1024, 16 * 1024 * 1024);
        errors.Check(nameof(options.MaxBatchMessages), options.MaxBatchMessages, 1, 100_000);
        errors.Check(nameof(options.MaxSessions), options.MaxSessions, 1, 10_000_000);
        errors.Check(nameof(options.MaxQueuedMessages), options.MaxQueuedMessages, 1, 10_000_000);
        errors.Check(nameof(options.MaxQueuedBytes), options.MaxQueuedBytes, 1, 16L * 1024 * 1024 * 1024);
    }

    private static void CheckTimes(BayeuxOptions options, ValidateOptionsResultBuilder errors)
    {
        if (options.Timeout != TimeSpan.Zero)
        {
            errors.Check(nameof(options.Timeout), options.Timeout, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2));
        }

        // Where no connect is held, the pause is all that keeps clients from asking at full speed.
        errors.Check(nameof(options.Interval), options.Interval, options.Timeout == TimeSpan.Zero ? Second / 10 : TimeSpan.Zero, Minute);
        errors.Check(nameof(options.MaxInterval), options.MaxInterval, Second, Hour);
        errors.Check(nameof(options.MultiSessionInterval), options.MultiSessionInterval, TimeSpan.FromMilliseconds(100), Minute);
        errors.Check(nameof(options.PreflightMaxAge), options.PreflightMaxAge, TimeSpan.Zero, Day);
        errors.Check(nameof(options.SocketIdleTimeout), options.SocketIdleTimeout, TimeSpan.FromSeconds(10), Day);
        errors.Check(nameof(options.KeepAliveInterval), options.KeepAliveInterval, Second, Hour);
        errors.Check(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, Second, Hour);
        errors.Check(nameof(options.PresenceGrace), options.PresenceGrace, TimeSpan.Zero, Day);
        errors.Check(nameof(options.CloseTimeout), options.CloseTimeout, TimeSpan.FromMilliseconds(100), Minute);
    }

    private static void CheckNames(BayeuxOptions options, ValidateOptionsResultBuilder errors)
    {
        foreach (var text in options.ChannelsWithoutEcho)
        {
            if (!BayeuxChannel.TryParse(text, out var channel) || channel.Kind is BayeuxChannelKind.Meta or BayeuxChannelKind.Service)
            {
                errors.AddError($"'{text}' is not a broadcast channel such as /chat/**.", nameof(options.ChannelsWithoutEcho));
            }
        }

        errors.CheckOrigins(nameof(options.AllowedOrigins), options.AllowedOrigins);
        if (options.PublicUrl is { } url && !IsUrl(url))
        {
            errors.AddError("is not an address such as https://api.example.", nameof(options.PublicUrl));
        }
    }

    private static void CheckProject(BayeuxProjectOptions project, ValidateOptionsResultBuilder errors)
    {
        var name = $"{project.Account}/{project.Project}";
        if (!IsSegment(project.Account) || !IsSegment(project.Project))
        {
            errors.AddError($"'{name}': account and project are one path segment each.", nameof(BayeuxOptions.Projects));
        }

        foreach (var user in project.Users)
        {
            if (user.Id.Length == 0 || !user.Groups.All(IsSegment) || !user.Worlds.All(IsWorld))
            {
                errors.AddError($"'{name}': a user has an id, groups of one path segment and worlds such as group/world.", nameof(BayeuxOptions.Projects));
            }
        }
    }

    private static bool IsSegment(string text) => BayeuxChannel.TryParse("/" + text, out var channel) && channel.Path == "/" + text && !text.Contains('/', StringComparison.Ordinal) && !text.Contains('*', StringComparison.Ordinal);

    private static bool IsWorld(string text) => text.Split('/') is [var group, var world] && IsSegment(group) && IsSegment(world);

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0;
}
