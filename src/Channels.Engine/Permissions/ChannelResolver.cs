namespace Channels.Engine;

/// <summary>Finds what rules a channel name of one instance: the stored descriptor, else the most specific template, else nothing.</summary>
/// <remarks>Other nodes may change descriptors, so what is cached is short-lived; an append checks the version again.</remarks>
internal sealed class ChannelResolver : IDisposable
{
    private readonly string _instance;
    private readonly IChannelStore _store;
    private readonly TemplateSet _templates;
    private readonly NameCache<ResolvedChannel> _names;

    public ChannelResolver(string instance, IChannelStore store, TemplateSet templates, TimeProvider time)
    {
        _instance = instance;
        _store = store;
        _templates = templates;
        _names = new(LoadAsync, time);
    }

    public void Dispose() => _names.Dispose();

    public ValueTask<ResolvedChannel?> ResolveAsync(string name, CancellationToken cancellationToken) => _names.FindAsync(name, cancellationToken);

    /// <summary>Forgets what was cached for a name, also what is just being read.</summary>
    public void Forget(string name) => _names.Forget(name);

    private async ValueTask<ResolvedChannel?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        var stored = await _store.GetAsync(_instance, name, cancellationToken).ConfigureAwait(false);
        return stored is not null ? ResolvedChannel.Stored(stored) : FromTemplate(name);
    }

    private ResolvedChannel? FromTemplate(string name) =>
        _templates.TryMatch(name, out var template, out var values) ? template.Resolve(_instance, name, values) : null;
}
