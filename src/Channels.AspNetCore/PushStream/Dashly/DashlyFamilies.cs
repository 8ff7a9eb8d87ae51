namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Every channel that Dashly has. Source: docs/protocols/pushstream.md#dashly</summary>
internal static class DashlyFamilies
{
    /// <summary>Channel for watching the connection.</summary>
    public const string Ping = "ping";

    /// <summary>Name of the placeholder for the application.</summary>
    public const string App = "app";

    /// <summary>Name of the placeholder for the user.</summary>
    public const string User = "user";

    private static readonly Dictionary<DashlyEvent, DashlyFamily> Families = new()
    {
        [DashlyEvent.UserPresenceChanged] = new("user_presence_changed", HasApp: true, HasUser: false),
        [DashlyEvent.Conversation] = new("conversation", HasApp: true, HasUser: true),
        [DashlyEvent.ConversationStartedByUser] = new("conversation_started_user", HasApp: true, HasUser: false),
        [DashlyEvent.ConversationReply] = new("conversation_reply", HasApp: true, HasUser: true),
        [DashlyEvent.ConversationTyping] = new("conversation_typing", HasApp: true, HasUser: true),
        [DashlyEvent.ConversationRead] = new("conversation_read", HasApp: true, HasUser: true),
        [DashlyEvent.ConversationAssigned] = new("conversation_assigned", HasApp: true, HasUser: false),
        [DashlyEvent.ConversationClosed] = new("conversation_closed", HasApp: true, HasUser: false),
        [DashlyEvent.ConversationTagAdded] = new("conversation_tag_added", HasApp: true, HasUser: false),
        [DashlyEvent.ConversationTagDeleted] = new("conversation_tag_deleted", HasApp: true, HasUser: false),
        [DashlyEvent.UserPropertiesChanged] = new("user_props_changed", HasApp: false, HasUser: true),
        [DashlyEvent.UserEvent] = new("event", HasApp: false, HasUser: true),
    };

    /// <summary>The pattern of every channel but <see cref="Ping"/>.</summary>
    public static IEnumerable<string> Patterns =>
        Families.Values.Where(family => family.HasApp).Select(family => $"{family.Name}.{{{App}}}")
            .Concat(Families.Values.Where(family => family.HasUser).Select(family => $"{family.Name}.{{{App}}}.{{{User}}}"));

    public static DashlyFamily Of(DashlyEvent what) =>
        Families.TryGetValue(what, out var family) ? family : throw new ArgumentOutOfRangeException(nameof(what));

    public static bool IsNumber(string? text) => !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
