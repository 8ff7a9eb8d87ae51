namespace Channels.Engine;

/// <summary>One tenant: who may do what, its log with everybody who reads it, and its way of publishing.</summary>
internal sealed class Instance : IDisposable
{
    public Instance(string name, EngineContext context, TemplateSet templates)
    {
        Name = name;
        Guard = new(name, context, new(name, context.Channels, templates, context.Time));
        Classes = new((className, token) => context.Objects.GetClassAsync(name, className, token), context.Time);
        Log = new(name, context, Guard);
        Appends = new(name, context, Log);
    }

    public string Name { get; }

    public AccessGuard Guard { get; }

    /// <summary>Classes of data objects, as they were a moment ago.</summary>
    public NameCache<ObjectClass> Classes { get; }

    public InstanceLog Log { get; }

    public AppendQueue Appends { get; }

    public void Dispose()
    {
        Guard.Dispose();
        Classes.Dispose();
    }
}
