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

    /// <summary>Segments of the path behind the instance.</summary>
    public int Depth => depth;

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

    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        var originAllowed = services.Cors.Apply(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            await AnswerOptionsAsync(http, originAllowed);
            return;
        }

        var (answer, lasting) = await CheckAsync(http);
        if (lasting is not null)
        {
            // Should anybody still ask for the query, it is read again.
            http.Features.Set<IQueryFeature>(null);
            answer = await lasting.ServeAsync(http);
        }

        if (answer is not null)
        {
            await answer.WriteAsync(http);
        }
    }

    /// <summary>Everything but what takes long: nothing of it is held meanwhile.</summary>
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

    private async ValueTask AnswerOptionsAsync(HttpContext http, bool originAllowed)
    {
        if (originAllowed && CorsRules.IsPreflight(http.Request))
        {
            services.Cors.ApplyPreflight(http.Response);
        }

        await SyncanoWriter.Options(_allow).WriteAsync(http);
    }
}
