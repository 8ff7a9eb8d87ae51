using Channels.AspNetCore.Pusher;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>A server whose apps change while it runs.</summary>
public sealed class ReloadableServer : PusherTestServer, IOptionsChangeTokenSource<PusherOptions>
{
    private readonly List<Action<IList<PusherAppOptions>>> _changes = [];
    private CancellationTokenSource _changed = new();

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

    /// <summary>Changes the apps as a reloaded configuration does.</summary>
    public void Change(Action<IList<PusherAppOptions>> change)
    {
        _changes.Add(change);
        var changed = _changed;
        _changed = new();
        changed.Cancel();
        changed.Dispose();
    }

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
        base.AddServices(builder, channels);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<PusherOptions>>(this);
        builder.Services.PostConfigure<PusherOptions>(options => _changes.ForEach(change => change(options.Apps)));
    }
}
