namespace Channels.Engine;

/// <summary>Makes append entries of what was authorized.</summary>
internal static class EntryBuilder
{
    /// <summary>Makes the entry of a message; its bytes are copied.</summary>
    public static AppendEntry OfMessage(EngineContext context, ChannelCaller caller, in AccessDecision decision, MessageDraft draft)
    {
        var descriptor = decision.Channel!.Descriptor;
        return new()
        {
            Address = decision.Address,
            Draft = draft with { Payload = draft.Payload.ToArray(), Attributes = Copy(draft.Attributes) },
            Author = caller.ToAuthor(),
            ExpiresAt = ExpiryOf(context, descriptor),
            KeepCount = descriptor.RetainCount ?? context.Options.RetainCount,
            IsTransient = draft.Transient ?? descriptor.TransientByDefault,
            KeyWindow = context.Options.IdempotencyWindow,
            DescriptorVersion = descriptor.Version,
        };
    }

    /// <summary>Makes the entry of a change whose notification goes to a channel.</summary>
    public static AppendEntry OfChange(EngineContext context, ChannelCaller caller, in AccessDecision decision, ObjectChange change)
    {
        var descriptor = decision.Channel!.Descriptor;
        return new()
        {
            Address = decision.Address,
            Change = change,
            Author = caller.ToAuthor(),
            ExpiresAt = ExpiryOf(context, descriptor),
            KeepCount = descriptor.RetainCount ?? context.Options.RetainCount,
            IsTransient = descriptor.TransientByDefault,
            DescriptorVersion = descriptor.Version,
        };
    }

    /// <summary>Makes the entry of a change that nobody is told of.</summary>
    public static AppendEntry OfChange(ChannelCaller caller, ObjectChange change) =>
        new() { Address = default, Change = change, Author = caller.ToAuthor(), ExpiresAt = default, KeepCount = 1 };

    private static DateTimeOffset ExpiryOf(EngineContext context, ChannelDescriptor descriptor) =>
        context.Time.GetUtcNow() + (descriptor.RetainAge ?? context.Options.RetainAge);

    private static MessageAttributes Copy(MessageAttributes attributes) =>
        attributes.WireExtras.IsEmpty ? attributes : attributes with { WireExtras = attributes.WireExtras.ToArray() };
}
