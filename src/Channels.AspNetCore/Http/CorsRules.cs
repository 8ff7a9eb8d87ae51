using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Http;

/// <summary>Cross-origin headers: any origin without credentials, listed origins with credentials.</summary>
/// <param name="listed">Origins that may send credentials.</param>
/// <param name="allowAny">Whether every other origin may call too.</param>
/// <param name="maxAge">How long a browser may remember a preflight.</param>
/// <param name="namesAny">
/// Whether the others are named too, with leave to send credentials: for clients whose requests always carry some. A browser's credentials from an
/// origin that is not listed count for nothing, see <see cref="HostIdentity"/>.
/// </param>
/// <param name="headers">What is said; <see langword="null"/> for <see cref="CorsHeaders.Usual"/>.</param>
internal sealed class CorsRules(
    TrustedOrigins listed, bool allowAny, TimeSpan maxAge, bool namesAny = false, CorsHeaders? headers = null)
{
    private readonly CorsHeaders _words = headers ?? CorsHeaders.Usual;
    private readonly string _maxAge = ((long)maxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a request asks for leave to make another one.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey("Access-Control-Request-Method");

    /// <returns>Whether the origin, if there is one, may read the response.</returns>
    public bool Apply(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (!listed.IsEmpty || namesAny)
        {
            http.Response.Headers.Append("Vary", "Origin");
        }

        if (StringValues.IsNullOrEmpty(origin) && !_words.OnEveryAnswer)
        {
            return true;
        }

        var headers = http.Response.Headers;
        if (listed.Lists(origin) || (allowAny && namesAny))
        {
            headers.AccessControlAllowOrigin = origin;
            if (_words.AllowsCredentials)
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }
        else if (allowAny)
        {
            headers.AccessControlAllowOrigin = "*";
        }
        else
        {
            return StringValues.IsNullOrEmpty(origin);
        }

        headers.AccessControlExposeHeaders = _words.ExposedHeaders;
        if (_words.OnEveryAnswer)
        {
            headers.AccessControlAllowMethods = _words.Methods;
            headers.AccessControlAllowHeaders = _words.RequestHeaders;
        }

        return true;
    }

    /// <summary>Adds what a preflight asks for, once <see cref="Apply"/> allowed the origin.</summary>
    public void ApplyPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = _words.Methods;
        response.Headers.AccessControlAllowHeaders = _words.RequestHeaders;
        response.Headers.AccessControlMaxAge = _maxAge;
    }
}
