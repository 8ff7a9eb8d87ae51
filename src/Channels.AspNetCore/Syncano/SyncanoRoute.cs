using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Syncano;

/// <summary>One path: its methods, and the checks that come before all of them.</summary>
/// <param name="services">The front end.</param>
/// <param name="depth">How many segments of the path follow the instance.</param>
internal sealed class SyncanoRoute(SyncanoServices services, int depth)
{
    private readonly List<(string Method, SyncanoHandler Handler)> _handlers = [];
    private string _allow = "OPTIONS";
    private Func<HttpContext, Task>? _serve;
    private SyncanoLinks? _links;

    /// <summary>Names of the body fields that are read.</summary>
    public byte[][] Fields { get; init; } = SyncanoFields.Common;

    /// <summary>Finds the names of the body fields where they depend on the request; in place of <see cref="Fields"/>.</summary>
    public Func<SyncanoCall, ValueTask<byte[][]>>? FindFields { get; init; }

    /// <summary>Largest body, in bytes.</summary>
    public int BodyLimit { get; init; } = services.Options.MaxBodyBytes;

    /// <summary>The limit that its requests count against.</summary>
    public string Limit { get; init; } = SyncanoLimits.Requests;

    /// <summary>Whether GET serves HEAD too.</summary>
    public bool ServesHead { get; init; } = true;

    public SyncanoRoute On(string method, SyncanoHandler handler)
    {
        _handlers.Add((method, handler));
        var head = ServesHead && _handlers.Exists(known => HttpMethods.IsGet(known.Method)) ? ", HEAD" : "";
        _allow = string.Join(", ", _handlers.Select(known => known.Method)) + head + ", OPTIONS";
        return this;
    }

    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, _serve ??= ServeAsync);

    /// <summary>The links of a request; those of the last one are kept, since most requests come the same way.</summary>
    public SyncanoLinks LinksOf(HttpRequest request, string instance) => _links = SyncanoLinks.Of(request, instance, depth, _links);

    /// <summary>Where the checks need not wait, nothing is held of them but what takes long.</summary>
    private Task ServeAsync(HttpContext http)
    {
        var originAllowed = services.Cors.Apply(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            return AnswerOptions(http, originAllowed);
        }

        var checking = CheckAsync(http);
        return checking.IsCompletedSuccessfully ? Answer(http, checking.Result) : WaitAsync(http, checking);

        static async Task WaitAsync(HttpContext http, ValueTask<(JsonAnswer? Answer, ILastingAnswer? Lasting)> checking) =>
            await Answer(http, await checking);
    }

    private static Task Answer(HttpContext http, (JsonAnswer? Answer, ILastingAnswer? Lasting) found)
    {
        if (found.Lasting is null)
        {
            return found.Answer?.WriteAsync(http).AsTask() ?? Task.CompletedTask;
        }

        // Should anybody still ask for the query, it is read again; the request lets go of it when it is next asked for something.
        http.Features.Set<IQueryFeature>(null);
        _ = http.Request.Method;
        SyncanoCallers.ForgetKeys(http.Request);
        return found.Lasting.ServeAsync(http);
    }

    /// <summary>Everything but what takes long.</summary>
    private async ValueTask<(JsonAnswer? Answer, ILastingAnswer? Lasting)> CheckAsync(HttpContext http)
    {
        var call = new SyncanoCall(http, services, this);
        var answer = await AnswerAsync(call);
        return (answer, call.Lasting);
    }

    private async ValueTask<JsonAnswer?> AnswerAsync(SyncanoCall call)
    {
        if (await call.ReadMethodAsync() is { } unreadable)
        {
            return unreadable;
        }

        if (Find(call.Method) is not { } handler)
        {
            return SyncanoErrors.MethodNotAllowed(call.Method, _allow);
        }

        if (call.ReadsBody && call.Http.Request.ContentLength > BodyLimit)
        {
            return SyncanoErrors.TooLarge(BodyLimit);
        }

        return services.Directory.InstanceExists(call.Instance) ? await handler(call) : SyncanoErrors.InstanceNotFound;
    }

    private SyncanoHandler? Find(string method)
    {
        var name = ServesHead && HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var (known, handler) in _handlers)
        {
            if (HttpMethods.Equals(known, name))
            {
                return handler;
            }
        }

        return null;
    }

    private Task AnswerOptions(HttpContext http, bool originAllowed)
    {
        if (originAllowed && CorsRules.IsPreflight(http.Request))
        {
            services.Cors.ApplyPreflight(http.Response);
        }

        return SyncanoWriter.Options(_allow).WriteAsync(http).AsTask();
    }
}
