using System.Buffers;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher;

/// <summary>Checks the settings of one app.</summary>
/// <param name="options">All settings.</param>
/// <param name="errors">Where to report.</param>
/// <param name="path">What the app is called in reports.</param>
internal readonly struct PusherAppValidator(PusherOptions options, ValidateOptionsResultBuilder errors, string path)
{
    private const int MaxNameLength = 100;
    private const int LeastSecretLength = 8;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public void Check(PusherAppOptions app)
    {
        CheckNames(app);
        CheckSecrets(app);
        CheckLimits(app.Limits);
        errors.Check(
            $"{path}:{nameof(app.AuthorizationTimeout)}", app.AuthorizationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (app.MaxConnections is < 1)
        {
            errors.AddError("must be at least 1.", $"{path}:{nameof(app.MaxConnections)}");
        }

        for (var i = 0; i < app.Webhooks.Count; i++)
        {
            CheckWebhook(app.Webhooks[i], $"{path}:{nameof(app.Webhooks)}:{i}");
        }
    }

    private void CheckNames(PusherAppOptions app)
    {
        if (app.Id is not { Length: > 0 and <= MaxNameLength } || app.Id.Contains('/', StringComparison.Ordinal) || app.Id.Any(char.IsControl))
        {
            errors.AddError("must be 1 to 100 characters without a slash.", $"{path}:{nameof(app.Id)}");
        }

        if (app.Key is not { Length: > 0 and <= MaxNameLength } || app.Key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            errors.AddError("must be 1 to 100 letters, digits, '-' or '_'.", $"{path}:{nameof(app.Key)}");
        }

        if (options.Apps.Count(other => other.Id == app.Id) > 1)
        {
            errors.AddError("belongs to several apps.", $"{path}:{nameof(app.Id)}");
        }

        if (options.Apps.Count(other => other.Key == app.Key) > 1)
        {
            errors.AddError("belongs to several apps.", $"{path}:{nameof(app.Key)}");
        }

        if (!new ChannelAddress("x", Instance: app.Instance).IsValid)
        {
            errors.AddError("must be the name of an instance.", $"{path}:{nameof(app.Instance)}");
        }
    }

    private void CheckSecrets(PusherAppOptions app)
    {
        if (app.Secret is not { Length: >= LeastSecretLength })
        {
            errors.AddError("must be at least 8 characters.", $"{path}:{nameof(app.Secret)}");
        }

        if (app.NextSecret is { Length: < LeastSecretLength })
        {
            errors.AddError("must be at least 8 characters.", $"{path}:{nameof(app.NextSecret)}");
        }
    }

    private void CheckLimits(PusherAppLimits limits)
    {
        var of = $"{path}:{nameof(PusherAppOptions.Limits)}:";
        errors.Check(of + nameof(limits.MaxChannelNameLength), limits.MaxChannelNameLength, 1, ChannelAddress.MaxNameLength);
        errors.Check(of + nameof(limits.MaxEventNameLength), limits.MaxEventNameLength, 1, 200);
        errors.Check(of + nameof(limits.MaxEventBytes), limits.MaxEventBytes, 1, 1024 * 1024);
        errors.Check(of + nameof(limits.MaxChannelsPerEvent), limits.MaxChannelsPerEvent, 1, 1000);
        errors.Check(of + nameof(limits.MaxEventsPerBatch), limits.MaxEventsPerBatch, 1, 1000);
        errors.Check(of + nameof(limits.MaxPresenceMembers), limits.MaxPresenceMembers, 1, 1_000_000);
        errors.Check(of + nameof(limits.MaxUserIdLength), limits.MaxUserIdLength, 1, 128);
        errors.Check(of + nameof(limits.MaxUserInfoBytes), limits.MaxUserInfoBytes, 2, 64 * 1024);
        errors.Check(of + nameof(limits.ClientEventsPerSecond), limits.ClientEventsPerSecond, 1, 10_000);
        errors.Check(of + nameof(limits.MaxWatchlist), limits.MaxWatchlist, 0, 1000);
    }

    private void CheckWebhook(PusherWebhookOptions webhook, string at)
    {
        var isUrl = Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && options.Webhooks.AllowHttp));
        if (!isUrl)
        {
            errors.AddError(options.Webhooks.AllowHttp ? "must be a URL." : "must be an https URL.", $"{at}:{nameof(webhook.Url)}");
        }

        foreach (var name in webhook.Events.Where(name => !PusherWebhookEvents.All.Contains(name)))
        {
            errors.AddError($"'{name}' is not the name of an event.", $"{at}:{nameof(webhook.Events)}");
        }
    }
}
