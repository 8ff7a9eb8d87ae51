using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>
/// Lets nobody through to an address that acts as the application unless its mapping says who may: whoever forgets that must not open it to all.
/// </summary>
internal static class PushStreamGate
{
    public static JsonAnswer? Check(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        var isDecided = metadata is not null
            && (metadata.GetMetadata<IAuthorizeData>() is not null
                || metadata.GetMetadata<AuthorizationPolicy>() is not null
                || metadata.GetMetadata<IAllowAnonymous>() is not null);
        return isDecided ? null : PushStreamErrors.Unprotected;
    }
}
