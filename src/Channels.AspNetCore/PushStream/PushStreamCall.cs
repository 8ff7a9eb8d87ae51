using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.PushStream;

/// <summary>A subscriber's request on its way through the checks.</summary>
internal sealed class PushStreamCall
{
    /// <summary>Name of the route value with the channels.</summary>
    public const string ChannelsValue = "channels";

    private const string LastEventId = "Last-Event-ID";

    private readonly PushStreamServices _services;
    private readonly PushStreamQuery _query;

    public PushStreamCall(HttpContext http, PushStreamServices services)
    {
        Http = http;
        _services = services;
        _query = PushStreamQuery.Of(http.Request);
        Cursor = PushStreamCursor.Parse(
            OneOf(_query.Time, http.Request.Headers.IfModifiedSince), OneOf(_query.Tag, http.Request.Headers.IfNoneMatch));
    }

    public HttpContext Http { get; }

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The position that the request carries, if any.</summary>
    public PushStreamCursor? Cursor { get; private set; }

    /// <summary>The function that a script answer calls, if one was asked for.</summary>
    public string? Callback => _query.Callback;

    /// <summary>Whether the position is one that a browser remembered by itself.</summary>
    public bool Resumes { get; private set; }

    /// <summary>Who calls; anonymous until <see cref="EnterAsync"/>.</summary>
    public ChannelCaller Caller { get; private set; } = ChannelCaller.Anonymous;

    /// <summary>The engine, acting for the caller.</summary>
    public IChannels Channels { get; private set; } = null!;

    /// <summary>Takes the position that a browser remembered: it repeats the address that it first came with, so this is newer.</summary>
    public void TakeLastEventId()
    {
        if (PushStreamCursor.ParseEventId(RequestTokens.Header(Http.Request, LastEventId)) is { } position)
        {
            Cursor = position;
            Resumes = true;
        }
    }

    /// <summary>Finds out who calls and what is to be read.</summary>
    public async ValueTask<(JsonAnswer? Refusal, PollTarget[] Targets)> EnterAsync()
    {
        var (refusal, caller) = await _services.Callers.AuthenticateAsync(Http, _query.Token);
        if (refusal is not null)
        {
            return (refusal, []);
        }

        if (!_services.Limiter.TryAcquire(
            new(PushStreamDefaults.RequestLimit, caller, _services.Options.Instance, Remote: Http.Connection.RemoteIpAddress?.ToString()), out var retryAfter))
        {
            return (PushStreamErrors.ThrottledFor(retryAfter), []);
        }

        Caller = caller;
        Channels = _services.Channels.As(caller);

        // Taken away from the request, which keeps its text for as long as it waits.
        var path = Http.GetRouteValue(ChannelsValue) as string ?? "";
        Http.Request.RouteValues.Remove(ChannelsValue);
        refusal = PushStreamPath.Read(path, _services.Options, out var named);
        if (refusal is not null)
        {
            return (refusal, []);
        }

        var addresses = new ChannelAddress[named.Count];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = await _services.Names.ResolveAsync(named[i].Name, Aborted);
        }

        if (!Resumes && RequestTokens.Header(Http.Request, LastEventId) is { } eventId)
        {
            await GoBackToAsync(eventId, addresses);
        }

        return (null, Array.ConvertAll([.. named.Zip(addresses)], pair => new PollTarget(pair.Second, StartOf(pair.First.Backtrack))));
    }

    /// <summary>
    /// Looks among the newest messages for one that was published with an id, and goes back to it unless the position is earlier. The more channels there
    /// are, the less of each is looked at.
    /// </summary>
    private async ValueTask GoBackToAsync(string eventId, ChannelAddress[] addresses)
    {
        var extras = PushStreamExtras.Of(eventId);
        var limit = Math.Max(1, HistoryQuery.MaxLimit / addresses.Length);
        foreach (var address in addresses)
        {
            var page = await Channels.ReadHistoryAsync(address, new() { Limit = limit }, Aborted);
            if (page.Messages.FirstOrDefault(message => message.Attributes.WireExtras.Span.SequenceEqual(extras.Span)) is { } found)
            {
                var position = PushStreamCursor.Of(new(found.Cursor, found.CreatedAt));
                Cursor = Cursor is { } other && other.IsBefore(position) ? other : position;
            }
        }
    }

    private SubscribeFrom StartOf(int backtrack)
    {
        if (backtrack > 0 && !Resumes)
        {
            return SubscribeFrom.Last(backtrack);
        }

        return Cursor?.From ?? SubscribeFrom.Now;
    }

    private static string? OneOf(string? argument, string? header) => string.IsNullOrEmpty(argument) ? header : argument;
}
