using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Syncano;

/// <summary>One request on its way through the checks.</summary>
internal sealed class SyncanoCall(HttpContext http, SyncanoServices services, SyncanoRoute route)
{
    private BodyFields? _body;
    private SyncanoLinks? _links;
    private ObjectClass? _class;

    public HttpContext Http => http;

    public IQueryCollection Query => http.Request.QueryString.HasValue ? http.Request.Query : QueryCollection.Empty;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Method of the request, or the one that its body asks for.</summary>
    public string Method { get; private set; } =
        HttpMethods.IsConnect(http.Request.Method) && http.WebSockets.IsWebSocketRequest ? HttpMethods.Get : http.Request.Method;

    /// <summary>Whether the body named the method.</summary>
    public bool IsMethodFromBody { get; private set; }

    /// <summary>Whether the method changes nothing.</summary>
    public bool IsSafe => HttpMethods.IsGet(Method) || HttpMethods.IsHead(Method);

    /// <summary>Whether the body counts: clients send one with GET too, which means nothing.</summary>
    public bool ReadsBody => !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

    public string Instance { get; } = (http.GetRouteValue("instance") as string ?? "").ToLowerInvariant();

    /// <summary>The channel that the path names, in lower case.</summary>
    public string ChannelName { get; } = (http.GetRouteValue("channel") as string ?? "").ToLowerInvariant();

    /// <summary>Who calls; anonymous until <see cref="AuthenticateAsync"/>.</summary>
    public ChannelCaller Caller { get; private set; } = ChannelCaller.Anonymous;

    /// <summary>The credentials that <see cref="Caller"/> came from.</summary>
    public ChannelCredentials? Credentials { get; private set; }

    /// <summary>The engine, acting for the caller.</summary>
    public IChannels Channels { get; private set; } = services.Channels;

    /// <summary>The class of data objects that the path names, in lower case.</summary>
    public string ClassName => field ??= (http.GetRouteValue("class") as string ?? "").ToLowerInvariant();

    public IDataObjects Objects => Channels.In(Instance).Objects;

    public IChannelCatalog Catalog => Channels.In(Instance).Catalog;

    /// <summary>The catalogue as the application itself sees it.</summary>
    public IChannelCatalog HostCatalog => services.Channels.In(Instance).Catalog;

    public SyncanoLinks Links => _links ??= route.LinksOf(http.Request, Instance);

    /// <summary>What answers once the checks are over, if it takes long.</summary>
    public ILastingAnswer? Lasting { get; set; }

    /// <summary>Fields of the body; without any for a method that has none.</summary>
    public BodyFields Body => _body ?? NoBody;

    private static BodyFields NoBody { get; } = new([]);

    public ChannelAddress Address(string? room = null) => new(ChannelName, room, Instance);

    /// <summary>Reads the method that a plain text POST stands for; browsers send these without asking first.</summary>
    public async ValueTask<JsonAnswer?> ReadMethodAsync()
    {
        if (!HttpMethods.IsPost(http.Request.Method) || MediaTypes.Classify(http.Request.ContentType) != MediaKind.Text)
        {
            return null;
        }

        if (await ReadBodyAsync() is { } refusal)
        {
            return refusal;
        }

        if (Body.Find("_method"u8).TryGetText(out var method) && method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE")
        {
            Method = method;
            IsMethodFromBody = true;
        }

        return null;
    }

    /// <summary>Reads the body and finds out who calls and whether such a caller may do anything here.</summary>
    /// <param name="onlyReads">Whether an unsafe method counts as safe here.</param>
    public async ValueTask<JsonAnswer?> EnterAsync(bool onlyReads = false)
    {
        if (ReadsBody && await ReadBodyAsync() is { } tooLarge)
        {
            return tooLarge;
        }

        return await AuthenticateAsync() ?? Throttle() ?? SyncanoCallers.Bar(Caller, IsSafe || onlyReads);
    }

    /// <summary>Finds the channel that a nested path names, as far as this front end sees it, whoever calls.</summary>
    public async ValueTask<ChannelDescriptor?> FindParentAsync()
    {
        var (_, channel) = await HostCatalog.GetAsync(ChannelName, Aborted);
        if (channel is null || channel.Version > 0)
        {
            return channel;
        }

        var nobody = services.Channels.As(ChannelCaller.Anonymous with { FrontEnd = SyncanoServices.FrontEnd });
        var access = await nobody.CheckAccessAsync(Address(), ChannelOperations.History, Aborted);
        return access == AccessStatus.NotFound ? null : channel;
    }

    /// <summary>Finds the class that a nested path names, whoever calls.</summary>
    public async ValueTask<ObjectClass?> FindClassAsync() =>
        _class ??= (await services.Channels.In(Instance).Objects.Classes.GetAsync(ClassName, Aborted)).Class;

    /// <summary>What is wrong with the body, if anything.</summary>
    public JsonAnswer? CheckBody() => SyncanoErrors.From(Body, route.BodyLimit);

    /// <summary>Counts the request: without credentials for the client's address, otherwise for the instance.</summary>
    private JsonAnswer? Throttle()
    {
        var request = new LimitRequest(route.Limit, Caller, Instance);
        if (Caller.Kind == CallerKind.Anonymous)
        {
            request = request with { Policy = SyncanoLimits.Anonymous, Remote = http.Connection.RemoteIpAddress?.ToString() };
        }

        return services.Limiter.TryAcquire(request, out var retryAfter) ? null : SyncanoErrors.ThrottledFor(retryAfter);
    }

    private async ValueTask<JsonAnswer?> AuthenticateAsync()
    {
        var credentials = SyncanoCallers.ReadCredentials(this, services);
        if (credentials is null)
        {
            return SyncanoErrors.InvalidTicket;
        }

        var result = await services.Authenticator.AuthenticateAsync(credentials, Aborted);
        Credentials = credentials;
        Caller = result.Caller;
        Channels = services.Channels.As(Caller);
        return SyncanoErrors.From(result.Status, hasKey: credentials.ApiKey is not null);
    }

    /// <returns>A refusal only when the body is too large: everything else about it is said after authentication.</returns>
    private async ValueTask<JsonAnswer?> ReadBodyAsync()
    {
        _body ??= await RequestBody.ReadAsync(
            http.Request, route.BodyLimit, route.FindFields is { } find ? await find(this) : route.Fields, Aborted);
        return _body.Problem == BodyProblem.TooLarge ? CheckBody() : null;
    }
}
