using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Reads who a client is from what the application's server signed. Source: docs/protocols/pusher.md#presence</summary>
internal static class PusherMember
{
    private static readonly byte[][] MemberFields = ["user_id"u8.ToArray(), "user_info"u8.ToArray()];
    private static readonly byte[][] UserFields = ["id"u8.ToArray(), "user_info"u8.ToArray(), "watchlist"u8.ToArray()];

    /// <summary>Reads <c>channel_data</c>; a numeric id is the same user as its digits.</summary>
    /// <returns><see langword="null"/> when it names nobody or is too large.</returns>
    public static PresenceMember? Read(string channelData, PusherAppLimits limits)
    {
        var fields = BodyFields.FromJson(Encoding.UTF8.GetBytes(channelData), MemberFields);
        return fields.Problem == BodyProblem.None && fields.Find("user_id"u8).TryGetText(out var id)
            ? Make(id, fields.Find("user_info"u8), limits)
            : null;
    }

    /// <summary>Reads <c>user_data</c>, whose id is a string.</summary>
    /// <returns><see langword="null"/> when it names nobody or is too large.</returns>
    public static PusherUser? ReadUser(string userData, PusherAppLimits limits)
    {
        var fields = BodyFields.FromJson(Encoding.UTF8.GetBytes(userData), UserFields);
        if (fields.Problem != BodyProblem.None || !PusherFrame.TryGetString(fields, "id"u8, out var id))
        {
            return null;
        }

        return Make(id, fields.Find("user_info"u8), limits) is { } member && PusherChannel.TryParse(PusherChannel.UserPrefix + id, ChannelAddress.MaxNameLength, out _)
            ? new(member, ReadIds(fields.Find("watchlist"u8)))
            : null;
    }

    private static PresenceMember? Make(string id, BodyField info, PusherAppLimits limits)
    {
        if (id.Length > limits.MaxUserIdLength || info.Json.Length > limits.MaxUserInfoBytes || (info.Exists && !MessagePayload.IsJson(info.Json.Span)))
        {
            return null;
        }

        var member = new PresenceMember(id) { Info = info.Exists ? info.Json.ToArray() : default };
        return member.HasValidId ? member : null;
    }

    private static List<string> ReadIds(BodyField list)
    {
        var ids = new List<string>();
        if (list.Kind == JsonTokenType.StartArray)
        {
            using var items = JsonDocument.Parse(list.Json);
            foreach (var item in items.RootElement.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String)
                {
                    ids.Add(item.GetString()!);
                }
            }
        }

        return ids;
    }
}
