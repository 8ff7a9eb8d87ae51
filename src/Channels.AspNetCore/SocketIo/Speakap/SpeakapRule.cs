using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Asks the application's rule of a family, whatever front end the caller comes through.</summary>
internal sealed class SpeakapRule(IOptions<SocketIoOptions> options, IServiceProvider services) : IChannelRule
{
    public ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken) =>
        SpeakapFamilies.TryParse(context.Address.Channel, out var family, out var ids)
            ? options.Value.Speakap.IsAllowedAsync(new(context.Caller, family, ids, services), cancellationToken)
            : new(false);
}
