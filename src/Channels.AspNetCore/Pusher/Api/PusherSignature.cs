using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Checks that a request was signed with an app's secret, a short while ago. Source: docs/protocols/pusher.md#request-signing</summary>
/// <param name="time">The server's clock.</param>
/// <param name="tolerance">How far a timestamp may be from it, exclusively.</param>
internal sealed class PusherSignature(TimeProvider time, TimeSpan tolerance)
{
    private const string AppsSegment = "/apps/";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Checks what needs no look at the body.</summary>
    /// <returns>The refusal, if there is one.</returns>
    public JsonAnswer? CheckParameters(HttpRequest request, PusherApp app)
    {
        var query = request.Query;
        if (query.Last("auth_key") != app.Key)
        {
            return PusherErrors.UnknownKey;
        }

        if (query.Last("auth_version") is not { } version)
        {
            return PusherErrors.VersionRequired;
        }

        return version != "1.0" ? PusherErrors.VersionNotSupported : CheckTime(query.Last("auth_timestamp"));
    }

    /// <summary>Checks that body and parameters are those that were signed.</summary>
    /// <returns>The refusal, if there is one.</returns>
    public static JsonAnswer? CheckSignature(HttpRequest request, PusherApp app, ReadOnlySpan<byte> body)
    {
        if (body.Length > 0 && !IsDigestOf(body, request.Query.Last("body_md5")))
        {
            return PusherErrors.BodyDigestWrong;
        }

        var given = request.Query.Last("auth_signature") ?? "";
        var path = RequestPath.Raw(request);
        var query = CanonicalQuery(request.Query);
        return IsSigned(app, request.Method, path, query, given)
            ? null
            : PusherErrors.Answer(
                StatusCodes.Status401Unauthorized,
                $"Invalid signature: you should have sent HmacSHA256Hex(\"{request.Method}\\n{path}\\n{query}\", your_secret_key), but you sent \"{given}\"");
    }

    private JsonAnswer? CheckTime(string? text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return PusherErrors.TimestampRequired;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var given = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return (now - given).Duration() < tolerance
            ? null
            : PusherErrors.Answer(StatusCodes.Status401Unauthorized, string.Create(
                CultureInfo.InvariantCulture,
                $"Timestamp expired: Given timestamp ({given.ToString(TimeFormat, CultureInfo.InvariantCulture)}) not within {tolerance.TotalSeconds}s of server time ({now.ToString(TimeFormat, CultureInfo.InvariantCulture)})"));
    }

    private static bool IsDigestOf(ReadOnlySpan<byte> body, string? digest)
    {
        Span<byte> md5 = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // the protocol's own digest; what protects is the signature over it
        MD5.HashData(body, md5);
#pragma warning restore CA5351
        Span<char> right = stackalloc char[2 * MD5.HashSizeInBytes];
        Convert.TryToHexStringLower(md5, right, out _);
        return digest is not null && right.SequenceEqual(digest);
    }

    /// <summary>Clients sign the path that they call, or the one behind a prefix, and some before characters of it were escaped.</summary>
    private static bool IsSigned(PusherApp app, string method, string path, string query, string signature)
    {
        if (Verifies(path) || VerifiesDecoded(path))
        {
            return true;
        }

        var prefix = path.IndexOf(AppsSegment, StringComparison.Ordinal);
        return prefix > 0 && (Verifies(path[prefix..]) || VerifiesDecoded(path[prefix..]));

        bool Verifies(string signed) => app.Verifies($"{method}\n{signed}\n{query}", signature);

        bool VerifiesDecoded(string signed) => signed.Contains('%', StringComparison.Ordinal) && Verifies(Uri.UnescapeDataString(signed));
    }

    /// <summary>All parameters but the signature, by lower-case name, as <c>name=value</c> joined by ampersands, nothing escaped.</summary>
    private static string CanonicalQuery(IQueryCollection query)
    {
        var parameters = new KeyValuePair<string, StringValues>[query.Count];
        var count = 0;
        foreach (var (name, values) in query)
        {
            parameters[count++] = new(name.ToLowerInvariant(), values);
        }

        Array.Sort(parameters, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[512]);
        var separator = "";
        foreach (var (name, values) in parameters)
        {
            if (name == "auth_signature")
            {
                continue;
            }

            foreach (var value in values)
            {
                text.AppendLiteral(separator);
                text.AppendLiteral(name);
                text.AppendLiteral("=");
                text.AppendFormatted(value);
                separator = "&";
            }
        }

        return text.ToStringAndClear();
    }
}
