using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>An answer that takes long. It begins when the checks of its request are over, so that nothing of them is held meanwhile.</summary>
internal interface ILastingAnswer
{
    /// <summary>Answers.</summary>
    Task ServeAsync(HttpContext http);
}
