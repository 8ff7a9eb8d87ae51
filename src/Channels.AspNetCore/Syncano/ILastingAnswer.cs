using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>An answer that takes long. It begins when the checks of its request are over, so that nothing of them is held meanwhile.</summary>
internal interface ILastingAnswer
{
    /// <returns>What is still to be answered; <see langword="null"/> when the answer was given.</returns>
    ValueTask<JsonAnswer?> ServeAsync(HttpContext http);
}
