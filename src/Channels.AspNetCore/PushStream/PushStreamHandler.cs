using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>Serves one transport.</summary>
/// <param name="call">The request.</param>
/// <returns>The answer, or <see langword="null"/> when the response was written already.</returns>
internal delegate ValueTask<JsonAnswer?> PushStreamHandler(PushStreamCall call);
