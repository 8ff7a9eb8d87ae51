namespace Channels.AspNetCore.Http;

/// <summary>Why a body has no fields to read.</summary>
internal enum BodyProblem
{
    /// <summary>It has.</summary>
    None,

    /// <summary>It exceeds the limit.</summary>
    TooLarge,

    /// <summary>Its content type is not served.</summary>
    UnsupportedMediaType,

    /// <summary>It is not what its content type says.</summary>
    Malformed,

    /// <summary>It is JSON, but not an object.</summary>
    NotAnObject,
}
