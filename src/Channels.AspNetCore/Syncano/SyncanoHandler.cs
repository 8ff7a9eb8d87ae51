using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Serves one method of one route.</summary>
/// <param name="call">The request; its instance exists.</param>
/// <returns>The answer, or <see langword="null"/> when the response was written already or is <see cref="SyncanoCall.Lasting"/>.</returns>
internal delegate ValueTask<JsonAnswer?> SyncanoHandler(SyncanoCall call);
