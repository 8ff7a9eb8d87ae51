namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>What happened in Dashly: each has a family of channels.</summary>
public enum DashlyEvent
{
    /// <summary>Presence of a user changed: <c>user_presence_changed.{app}</c>.</summary>
    UserPresenceChanged,

    /// <summary>A conversation with a user was started: <c>conversation.{app}</c> and <c>conversation.{app}.{user}</c>.</summary>
    Conversation,

    /// <summary>A user started a conversation: <c>conversation_started_user.{app}</c>.</summary>
    ConversationStartedByUser,

    /// <summary>New message in a conversation: <c>conversation_reply.{app}</c> and <c>conversation_reply.{app}.{user}</c>.</summary>
    ConversationReply,

    /// <summary>Someone types: <c>conversation_typing.{app}</c> and <c>conversation_typing.{app}.{user}</c>.</summary>
    ConversationTyping,

    /// <summary>A user read a conversation: <c>conversation_read.{app}</c> and <c>conversation_read.{app}.{user}</c>.</summary>
    ConversationRead,

    /// <summary>A conversation was assigned: <c>conversation_assigned.{app}</c>.</summary>
    ConversationAssigned,

    /// <summary>A conversation was closed: <c>conversation_closed.{app}</c>.</summary>
    ConversationClosed,

    /// <summary>A tag was added to a conversation: <c>conversation_tag_added.{app}</c>.</summary>
    ConversationTagAdded,

    /// <summary>A tag was removed from a conversation: <c>conversation_tag_deleted.{app}</c>.</summary>
    ConversationTagDeleted,

    /// <summary>Properties of a user changed: <c>user_props_changed.{app}.{user}</c>.</summary>
    UserPropertiesChanged,

    /// <summary>A user performed an event: <c>event.{app}.{user}</c>.</summary>
    UserEvent,
}
