namespace Channels;

/// <summary>What users may do with a class; each value contains the ones before it. What they may do with an object is the object's own matter.</summary>
public enum ClassPermission
{
    /// <summary>Nothing: its objects are out of reach too.</summary>
    None,

    /// <summary>See the class and those of its objects that let them.</summary>
    Read,

    /// <summary>Also create objects.</summary>
    CreateObjects,
}
