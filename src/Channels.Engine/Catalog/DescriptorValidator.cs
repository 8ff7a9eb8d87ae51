using System.Text;

namespace Channels.Engine;

/// <summary>Checks a descriptor before it is stored.</summary>
internal static class DescriptorValidator
{
    private const int MaxDescriptionLength = 256;
    private const int MaxGroupLength = 255;

    public static bool IsValid(ChannelDescriptor descriptor) =>
        new ChannelAddress(descriptor.Name, Instance: descriptor.Instance).IsValid
        && Enum.IsDefined(descriptor.Type)
        && Enum.IsDefined(descriptor.GroupPermission)
        && Enum.IsDefined(descriptor.OtherPermission)
        && IsDescription(descriptor.Description)
        && descriptor.Group is not { Length: 0 or > MaxGroupLength }
        && descriptor.RetainAge is not { TotalSeconds: < 1 or > 315_532_800 }
        && descriptor.RetainCount is not (< 1 or > 10_000_000);

    private static bool IsDescription(string? text) =>
        text is { Length: <= MaxDescriptionLength } && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar || text.Contains('\uFFFD'));
}
