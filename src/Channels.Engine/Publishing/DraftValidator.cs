namespace Channels.Engine;

/// <summary>Checks everything of a draft that needs no look at its channel.</summary>
internal static class DraftValidator
{
    private const int MaxEventLength = 200;
    private const int MaxKeyLength = 128;
    private const int MaxConnectionIdLength = 64;
    private const int MaxClassLength = 128;
    private const int MaxMemberLength = 255;

    public static PublishStatus Validate(MessageDraft draft, int maxPayloadBytes)
    {
        if (draft.Payload.Length > maxPayloadBytes)
        {
            return PublishStatus.PayloadTooLarge;
        }

        if (!MessagePayload.IsJson(draft.Payload.Span))
        {
            return PublishStatus.InvalidPayload;
        }

        return IsText(draft.Event, MaxEventLength)
            && IsText(draft.IdempotencyKey, MaxKeyLength)
            && IsText(draft.ExcludedConnection, MaxConnectionIdLength)
            && IsText(draft.ObjectClass, MaxClassLength)
            && (ReferenceEquals(draft.Attributes, MessageAttributes.None) || IsValid(draft.Attributes))
            && (draft.ObjectClass is null || draft.Action != MessageAction.Custom)
                ? PublishStatus.Published
                : PublishStatus.InvalidDraft;
    }

    private static bool IsValid(MessageAttributes attributes) =>
        IsText(attributes.SenderMember, MaxMemberLength)
        && attributes.WireExtras.Length <= MessageAttributes.MaxWireExtrasBytes
        && (attributes.WireExtras.IsEmpty || MessagePayload.IsJson(attributes.WireExtras.Span));

    private static bool IsText(string? text, int maxLength) =>
        text is null || (text.Length <= maxLength && new ChannelAddress(text).IsValid);
}
