using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>Refuses settings out of range, all at once and by name.</summary>
internal sealed class ChannelsOptionsValidator : IValidateOptions<ChannelsOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ChannelsOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckTimes(options, errors);
        CheckCounts(options, errors);
        CheckLoad(options, errors);
        CheckNames(options, errors);
        CheckKeys(options, errors);
        return errors.Build();
    }

    private static void CheckTimes(ChannelsOptions o, ValidateOptionsResultBuilder errors)
    {
        Between(errors, nameof(o.PollWindow), o.PollWindow, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Between(errors, nameof(o.RetainAge), o.RetainAge, Second, TimeSpan.FromDays(3652));
        Between(errors, nameof(o.SweepInterval), o.SweepInterval, Second, Day);
        Between(errors, nameof(o.IdempotencyWindow), o.IdempotencyWindow, Second, Day);
        Between(errors, nameof(o.TailIdle), o.TailIdle, Second, Day);
        Between(errors, nameof(o.PositionCheckInterval), o.PositionCheckInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Between(errors, nameof(o.DrainTime), o.DrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    private static void CheckCounts(ChannelsOptions o, ValidateOptionsResultBuilder errors)
    {
        Between(errors, nameof(o.RetainCount), o.RetainCount, 1, 10_000_000);
        Between(errors, nameof(o.MaxPayloadBytes), o.MaxPayloadBytes, 1, 16 * 1024 * 1024);
        Between(errors, nameof(o.MaxObjectsPerClass), o.MaxObjectsPerClass, 1, long.MaxValue);
        Between(errors, nameof(o.MaxPublishMany), o.MaxPublishMany, 1, 100_000);
        Between(errors, nameof(o.MaxAppendQueueBytes), o.MaxAppendQueueBytes, 64 * 1024, long.MaxValue);
        Between(errors, nameof(o.MaxAppendBatch), o.MaxAppendBatch, 1, 100_000);
        Between(errors, nameof(o.TailMessages), o.TailMessages, 1, 100_000);
        Between(errors, nameof(o.TailBytes), o.TailBytes, 64 * 1024, long.MaxValue);
        Between(errors, nameof(o.TailTotalBytes), o.TailTotalBytes, 64 * 1024, long.MaxValue);
        Between(errors, nameof(o.MaxConnections), o.MaxConnections, 1, int.MaxValue);
        Between(errors, nameof(o.MaxSubscriptions), o.MaxSubscriptions, 1, int.MaxValue);
        Between(errors, nameof(o.MaxPatternMatches), o.MaxPatternMatches, 1, int.MaxValue);
        Between(errors, nameof(o.MaxPolls), o.MaxPolls, 1, int.MaxValue);
        Between(errors, nameof(o.MaxPollsPerAddress), o.MaxPollsPerAddress, 1, int.MaxValue);
        Between(errors, nameof(o.MaxActiveAddresses), o.MaxActiveAddresses, 1, int.MaxValue);
        Between(errors, nameof(o.MaxMembersPerAddress), o.MaxMembersPerAddress, 1, int.MaxValue);
        Between(errors, nameof(o.MaxMemberInfoBytes), o.MaxMemberInfoBytes, 1, 1024 * 1024);
        Between(errors, nameof(o.MaxLimitPartitions), o.MaxLimitPartitions, 1, int.MaxValue);
        Between(errors, nameof(o.EventQueueLength), o.EventQueueLength, 1, 1_000_000);
        Between(errors, nameof(o.MaxPresenceChanges), o.MaxPresenceChanges, 1, 100_000);
    }

    private static void CheckLoad(ChannelsOptions o, ValidateOptionsResultBuilder errors)
    {
        Between(errors, nameof(o.PresenceLease), o.PresenceLease, TimeSpan.FromTicks(Math.Max(3 * Second.Ticks, 3 * o.PositionCheckInterval.Ticks)), TimeSpan.FromHours(1));
        Between(errors, nameof(o.OverloadLag), o.OverloadLag, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Between(errors, nameof(o.OverloadEnter), o.OverloadEnter, 0, 1);
        if (!(o.OverloadLeave > 0 && o.OverloadLeave < o.OverloadEnter))
        {
            errors.AddError($"must be more than 0 and less than {nameof(o.OverloadEnter)}.", nameof(o.OverloadLeave));
        }

        foreach (var (name, limit) in o.Limits)
        {
            Between(errors, $"{nameof(o.Limits)}:{name}:{nameof(limit.Permits)}", limit.Permits, 1, int.MaxValue);
            Between(errors, $"{nameof(o.Limits)}:{name}:{nameof(limit.Period)}", limit.Period, TimeSpan.FromMilliseconds(1), Day);
            if (!Enum.IsDefined(limit.Kind) || !Enum.IsDefined(limit.Scope))
            {
                errors.AddError("has a kind or scope that does not exist.", $"{nameof(o.Limits)}:{name}");
            }
        }
    }

    private static void CheckNames(ChannelsOptions o, ValidateOptionsResultBuilder errors)
    {
        foreach (var instance in o.Instances)
        {
            if (!new ChannelAddress("x", Instance: instance).IsValid)
            {
                errors.AddError($"'{instance}' is not a name of 1 to 64 characters.", nameof(o.Instances));
            }
        }

        if (o.Groups.Any(string.IsNullOrEmpty))
        {
            errors.AddError("must not contain an empty id.", nameof(o.Groups));
        }
    }

    private static void CheckKeys(ChannelsOptions o, ValidateOptionsResultBuilder errors)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < o.Keys.Count; i++)
        {
            CheckSecret(errors, secrets, $"{nameof(o.Keys)}:{i}", o.Keys[i].Id, o.Keys[i].Secret, o.Keys[i].Sha256, o.Keys[i].NextSha256);
        }

        for (var i = 0; i < o.Users.Count; i++)
        {
            var user = o.Users[i];
            if (user.Tokens.Count == 0 || user.Secret is not null || user.Sha256 is not null)
            {
                CheckSecret(errors, secrets, $"{nameof(o.Users)}:{i}", user.Id, user.Secret, user.Sha256, user.NextSha256);
            }
            else if (string.IsNullOrEmpty(user.Id))
            {
                errors.AddError("must not be empty.", $"{nameof(o.Users)}:{i}:Id");
            }

            if (user.Tokens.Any(token => token is null or { Length: < 8 } || !secrets.Add(SecretHash.OfToken(token))))
            {
                errors.AddError("must be at least 8 characters each, and belong to one user only.", $"{nameof(o.Users)}:{i}:{nameof(user.Tokens)}");
            }
        }
    }

    private static void CheckSecret(
        ValidateOptionsResultBuilder errors, HashSet<string> seen, string path, string id, string? secret, params string?[] hashes)
    {
        if (string.IsNullOrEmpty(id))
        {
            errors.AddError("must not be empty.", $"{path}:Id");
        }

        if (secret is null == hashes[0] is null)
        {
            errors.AddError("needs either Secret or Sha256.", path);
        }

        if (secret is { Length: < 16 })
        {
            errors.AddError("must be at least 16 characters.", $"{path}:Secret");
        }

        if (hashes.Any(hash => hash is not null && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))))
        {
            errors.AddError("must be 64 hexadecimal digits.", $"{path}:Sha256");
        }
        else if (hashes.Append(secret is null ? null : SecretHash.Of(secret)).Any(hash => hash is not null && !seen.Add(SecretHash.Normalize(hash))))
        {
            errors.AddError("is the same secret as another key's.", path);
        }
    }

    private static void Between<T>(ValidateOptionsResultBuilder errors, string name, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            errors.AddError($"must be between {min} and {max}, but is {value}.", name);
        }
    }
}
