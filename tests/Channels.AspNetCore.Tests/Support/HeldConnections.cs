using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Channels.AspNetCore.Tests.Support;

/// <summary>Lets a test stop everything that reads from connections, so that what lags does so by a known number of messages.</summary>
public sealed class HeldConnections
{
    private readonly object _reading = new();
    private bool _isHeld;

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

    /// <summary>From now on nothing is read; who is just reading has come to its end.</summary>
    public void Hold() => Set(isHeld: true);

    public void Release() => Set(isHeld: false);

    private void Set(bool isHeld)
    {
        lock (_reading)
        {
            _isHeld = isHeld;
            Monitor.PulseAll(_reading);
        }
    }

    private object? Read(Func<object?> read)
    {
        lock (_reading)
        {
            while (_isHeld)
            {
                Monitor.Wait(_reading);
            }

            return read();
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
