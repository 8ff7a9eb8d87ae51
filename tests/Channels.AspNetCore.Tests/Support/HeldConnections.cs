using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Channels.AspNetCore.Tests.Support;

/// <summary>Lets a test stop everything that reads from connections, so that what lags does so by a known number of messages.</summary>
public sealed class HeldConnections
{
    private readonly Lock _reading = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);

    public void Attach(IServiceCollection services)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IChannelConnections));
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var connections = DispatchProxy.Create<IChannelConnections, Connections>();
            ((Connections)connections).Begin((IChannelConnections)inner.ImplementationFactory!(provider), this);
            return connections;
        }));
    }

    /// <summary>From now on nothing is read.</summary>
    public void Hold()
    {
        // Not while somebody reads: what is published behind this is not read in any case.
        lock (_reading)
        {
            _open.Reset();
        }
    }

    public void Release() => _open.Set();

    private object? Read(Func<object?> read)
    {
        while (true)
        {
            _open.Wait();
            lock (_reading)
            {
                if (_open.IsSet)
                {
                    return read();
                }
            }
        }
    }

    public class Connections : DispatchProxy
    {
        private IChannelConnections _inner = null!;
        private HeldConnections _held = null!;

        public void Begin(IChannelConnections inner, HeldConnections held) => (_inner, _held) = (inner, held);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.Invoke(_inner, args);
            if (result is not IChannelConnection opened)
            {
                return result;
            }

            var connection = Create<IChannelConnection, Connection>();
            ((Connection)connection).Begin(opened, _held);
            return connection;
        }
    }

    public class Connection : DispatchProxy
    {
        private IChannelConnection _inner = null!;
        private HeldConnections _held = null!;

        public void Begin(IChannelConnection inner, HeldConnections held) => (_inner, _held) = (inner, held);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IChannelConnection.TryRead)
                ? _held.Read(() => targetMethod.Invoke(_inner, args))
                : targetMethod.Invoke(_inner, args);
    }
}
