using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>One-time tickets for clients that cannot set headers. Source: docs/protocols/native.md#connect-tickets</summary>
internal sealed class NativeTickets(SyncanoServices services)
{
    public async ValueTask<JsonAnswer?> IssueAsync(SyncanoCall call)
    {
        if (await call.EnterAsync(onlyReads: true) is { } refusal)
        {
            return refusal;
        }

        if (services.Tickets.TryIssue(call.Credentials!) is not { } ticket)
        {
            return services.Errors.TooManyTickets;
        }

        call.Http.Response.Headers.CacheControl = "no-store";
        return NativeWriter.Ticket(ticket, services.Options.TicketLifetime);
    }
}
