namespace Channels.AspNetCore.Http;

/// <summary>What a request says that its body is.</summary>
internal enum MediaKind
{
    /// <summary>It does not say, or says something that no reader knows.</summary>
    Other,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>A form in URL encoding.</summary>
    Form,

    /// <summary>A form in parts.</summary>
    Multipart,
}
