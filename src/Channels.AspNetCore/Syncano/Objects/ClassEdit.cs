namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>What a request says about a class; parts that it does not mention are <see langword="null"/>.</summary>
internal sealed record ClassEdit
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<ObjectField>? Fields { get; init; }

    public ReadOnlyMemory<byte>? Metadata { get; init; }

    /// <summary>Whether <see cref="Group"/> was mentioned.</summary>
    public bool HasGroup { get; init; }

    public string? Group { get; init; }

    public ClassPermission? GroupPermission { get; init; }

    public ClassPermission? OtherPermission { get; init; }

    /// <summary>Makes a new class; on this wire everybody may create objects unless the class says otherwise.</summary>
    public ObjectClass Create() => Apply(new()
    {
        Name = Name!,
        GroupPermission = ClassPermission.CreateObjects,
        OtherPermission = ClassPermission.CreateObjects,
    });

    /// <summary>Changes a class; its name stays.</summary>
    public ObjectClass Apply(ObjectClass objectClass) => objectClass with
    {
        Description = Description ?? objectClass.Description,
        Fields = Fields ?? objectClass.Fields,
        Metadata = Metadata ?? objectClass.Metadata,
        Group = HasGroup ? Group : objectClass.Group,
        GroupPermission = GroupPermission ?? objectClass.GroupPermission,
        OtherPermission = OtherPermission ?? objectClass.OtherPermission,
    };
}
