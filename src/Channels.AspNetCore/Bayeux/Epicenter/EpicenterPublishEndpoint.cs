using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Publishing over REST. Source: docs/protocols/bayeux.md#rest-publish</summary>
internal sealed class EpicenterPublishEndpoint(BayeuxServices services)
{
    private const string Root = "/v2/channel/";
    private const string Publish = "publish";
    private const string Subscribe = "subscribe";

    private readonly ErrorBoundary _boundary = new(services.Logger, EpicenterErrors.StoreFailed, EpicenterErrors.Broken, EpicenterErrors.FromServer);

    public void Map(IEndpointRouteBuilder routes) => routes.Map("v2/channel/publish/{**channel}", (RequestDelegate)InvokeAsync);

    private Task InvokeAsync(HttpContext http) => _boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        var isAllowed = services.Cors.Apply(http);
        if (CorsRules.IsPreflight(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            if (isAllowed)
            {
                services.Cors.ApplyPreflight(http.Response);
            }

            return;
        }

        var answer = HttpMethods.IsPost(http.Request.Method) ? await PublishAsync(http) : EpicenterErrors.MethodNotAllowed;
        await answer.WriteAsync(http);
    }

    private async ValueTask<JsonAnswer> PublishAsync(HttpContext http)
    {
        var caller = await services.Callers.FindAsync(http, EpicenterToken.Read(RequestTokens.Header(http.Request, "Authorization")), IsJson(http));
        if (caller is null)
        {
            return EpicenterErrors.Unauthorized;
        }

        // A slash in a segment is still encoded here, and no channel has a per cent sign.
        if (!BayeuxChannel.TryParse($"/{http.GetRouteValue("channel")}", out var channel) || channel.Kind != BayeuxChannelKind.Broadcast)
        {
            return EpicenterErrors.ChannelInvalid;
        }

        var body = await BodyReader.ReadAsync(http.Request, services.Options.MaxRequestBytes, http.RequestAborted);
        if (body is null)
        {
            return EpicenterErrors.TooLarge;
        }

        if (BodyFields.FromJson(body, []).Problem != BodyProblem.None)
        {
            return EpicenterErrors.NotAnObject;
        }

        var address = await services.Addresses.FindAsync(channel, http.RequestAborted);
        var result = await services.Channels.As(caller).TryPublishAsync(address, new MessageDraft(WithoutByteOrderMark(body)), http.RequestAborted);
        return EpicenterErrors.From(result, caller.Kind == CallerKind.Anonymous) ?? Sent(http.Request, channel);
    }

    private static bool IsJson(HttpContext http) => MediaTypes.Classify(http.Request.ContentType) == MediaKind.Json;

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(byte[] body) => body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;

    private JsonAnswer Sent(HttpRequest request, BayeuxChannel channel)
    {
        var root = RootOf(request);
        return new(StatusCodes.Status200OK, JsonBytes.Encode((Root: root, Channel: channel.Path), static (json, sent) => WriteSent(json, sent.Root, sent.Channel)));
    }

    private static void WriteSent(Utf8JsonWriter json, string root, string channel)
    {
        json.WriteStartObject();
        json.WriteString("message"u8, "Message sent.");
        json.WriteString("publishUrl"u8, root + Publish);
        json.WriteString("cometUrl"u8, root + Subscribe);
        json.WriteString("channel"u8, channel);
        json.WriteEndObject();
    }

    /// <summary>The address of this front end as its clients know it.</summary>
    private string RootOf(HttpRequest request)
    {
        if (services.Options.PublicUrl is { } url)
        {
            return url.TrimEnd('/') + Root;
        }

        var path = request.PathBase.Value + request.Path.Value;
        var prefix = path[..path.IndexOf(Root + Publish, StringComparison.OrdinalIgnoreCase)];
        return $"{request.Scheme}://{request.Host}{prefix}{Root}";
    }
}
