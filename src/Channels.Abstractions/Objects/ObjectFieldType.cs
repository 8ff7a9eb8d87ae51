namespace Channels;

#pragma warning disable CA1720 // they are called like types because they are types
/// <summary>What a field of a data object holds. <c>null</c> is a value of every type and means that the field is not set.</summary>
public enum ObjectFieldType
{
    /// <summary>Text of at most 128 characters.</summary>
    String,

    /// <summary>Text of at most 32,000 characters.</summary>
    Text,

    /// <summary>An integer of 64 bits.</summary>
    Integer,

    /// <summary>A finite floating point number of 64 bits.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An instant, ISO 8601; kept in UTC with six fractional digits.</summary>
    DateTime,

    /// <summary>Address of a file that is kept elsewhere, at most 2,048 characters.</summary>
    File,

    /// <summary>Id of another object.</summary>
    Reference,

    /// <summary>Ids of other objects, at most 1,000.</summary>
    Relation,

    /// <summary>A JSON object, kept as it was written.</summary>
    Object,

    /// <summary>A JSON array, kept as it was written.</summary>
    Array,

    /// <summary>A place: an object with <c>longitude</c> and <c>latitude</c> in degrees.</summary>
    GeoPoint,
}
