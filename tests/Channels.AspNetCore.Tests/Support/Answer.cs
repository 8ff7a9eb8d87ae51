using System.Net;
using System.Text;
using System.Text.Json;

namespace Channels.AspNetCore.Tests.Support;

/// <summary>A response that was read to its end.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public long Id => Json.GetProperty("id").GetInt64();

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            // Decoded here: the answers have no charset parameter, and bytes that are not UTF-8 have to fail.
            var body = new UTF8Encoding(false, true).GetString(await response.Content.ReadAsByteArrayAsync().Within());
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new((int)response.StatusCode, body, headers);
        }
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public Answer Expect(int status, string? body = null)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        if (body is not null)
        {
            Assert.Equal(body, Body);
        }

        return this;
    }

    public Answer Expect(HttpStatusCode status) => Expect((int)status);
}
