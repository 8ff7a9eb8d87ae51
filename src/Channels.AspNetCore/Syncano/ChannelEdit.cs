namespace Channels.AspNetCore.Syncano;

/// <summary>What a request says about a channel; parts that it does not mention are <see langword="null"/>.</summary>
internal sealed record ChannelEdit
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public ChannelType? Type { get; init; }

    /// <summary>Whether <see cref="Group"/> was mentioned.</summary>
    public bool HasGroup { get; init; }

    public string? Group { get; init; }

    public ChannelPermission? GroupPermission { get; init; }

    public ChannelPermission? OtherPermission { get; init; }

    public bool? ClientsMayPublish { get; init; }

    /// <summary>Makes a new channel.</summary>
    public ChannelDescriptor Create() => Apply(new() { Name = Name!, Type = Type ?? default }, replacesPermissions: false);

    /// <summary>Changes a channel; its name and type stay.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="replacesPermissions">Whether permissions that were not mentioned fall back to none.</param>
    public ChannelDescriptor Apply(ChannelDescriptor channel, bool replacesPermissions) => channel with
    {
        Description = Description ?? channel.Description,
        Group = HasGroup ? Group : channel.Group,
        GroupPermission = GroupPermission ?? (replacesPermissions ? ChannelPermission.None : channel.GroupPermission),
        OtherPermission = OtherPermission ?? (replacesPermissions ? ChannelPermission.None : channel.OtherPermission),
        ClientsMayPublish = ClientsMayPublish ?? channel.ClientsMayPublish,
    };
}
