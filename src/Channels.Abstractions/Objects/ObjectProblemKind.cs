namespace Channels;

/// <summary>What is wrong with one part of an object draft.</summary>
public enum ObjectProblemKind
{
    /// <summary>The value is not of the field's type, or an increment does not go with it.</summary>
    WrongType,

    /// <summary>The text or list is longer than permitted.</summary>
    TooLong,

    /// <summary>The number leaves its range.</summary>
    OutOfRange,

    /// <summary>The JSON is nested too deep or not valid.</summary>
    InvalidJson,

    /// <summary>The class has no such field.</summary>
    UnknownField,

    /// <summary>The channel or group that it names does not exist.</summary>
    NotFound,

    /// <summary>It is missing: the room of a channel with rooms.</summary>
    Required,

    /// <summary>The name is empty, or has characters that names do not have.</summary>
    InvalidName,
}
