using System.Runtime.CompilerServices;

namespace Channels.Engine;

/// <summary>One address as an asynchronous sequence: a connection of its own that may lag as much as it wants.</summary>
internal sealed class AddressStream(
    ChannelsEngine engine, ChannelCaller caller, ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken)
    : IAsyncEnumerable<ChannelMessage>
{
    public IAsyncEnumerator<ChannelMessage> GetAsyncEnumerator(CancellationToken enumeratorToken)
    {
        var linked = cancellationToken.CanBeCanceled && enumeratorToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumeratorToken)
            : null;
        return new Enumerator(engine, caller, address, from, linked, linked?.Token ?? (enumeratorToken.CanBeCanceled ? enumeratorToken : cancellationToken));
    }

    private sealed class Enumerator(
        ChannelsEngine engine,
        ChannelCaller caller,
        ChannelAddress address,
        SubscribeFrom from,
        CancellationTokenSource? linked,
        CancellationToken cancellationToken) : IAsyncEnumerator<ChannelMessage>
    {
        private IChannelConnection? _connection;

        public ChannelMessage Current { get; private set; } = null!;

        public ValueTask<bool> MoveNextAsync() => _connection is not null && TryTake() ? new(true) : MoveNextSlowAsync();

        public async ValueTask DisposeAsync()
        {
            linked?.Dispose();
            if (_connection is not null)
            {
                await _connection.DisposeAsync().ConfigureAwait(false);
            }
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<bool> MoveNextSlowAsync()
        {
            if (_connection is null && !await OpenAsync().ConfigureAwait(false))
            {
                return false;
            }

            while (await _connection!.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (TryTake())
                {
                    return true;
                }
            }

            return _connection.End is ConnectionEnd.Draining or ConnectionEnd.Closed
                ? false
                : throw new ChannelAccessException(AccessStatus.Forbidden, address);
        }

        private async ValueTask<bool> OpenAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            var connection = engine.TryOpen(new()
            {
                Protocol = "in-process",
                Caller = caller,
                MaxLagMessages = int.MaxValue,
                MaxLagBytes = long.MaxValue,
            });
            if (connection is null)
            {
                return engine.IsDraining ? false : throw new ChannelAccessException(AccessStatus.LimitReached, address);
            }

            _connection = connection;
            var result = await connection.SubscribeAsync(address, from, cancellationToken).ConfigureAwait(false);
            return result.Access switch
            {
                AccessStatus.Allowed => true,
                AccessStatus.Draining => false,
                _ => throw new ChannelAccessException(result.Access, address),
            };
        }

        private bool TryTake()
        {
            while (_connection!.TryRead(out var delivery))
            {
                switch (delivery.Kind)
                {
                    case DeliveryKind.Message:
                        Current = delivery.Message!;
                        return true;
                    case DeliveryKind.Gap when !from.ContinuesOverGaps:
                        throw new ChannelGapException(delivery.Gap.Requested, delivery.Gap.Oldest);
                    case DeliveryKind.SubscriptionEnded:
                        throw new ChannelAccessException(delivery.Reason, address);
                    default:
                        break;
                }
            }

            return false;
        }
    }
}
