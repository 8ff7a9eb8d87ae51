namespace Channels.Storage.Sqlite.Writing;

/// <summary>Something for the writer thread to do in one transaction.</summary>
internal abstract class WriteWork
{
    /// <summary>Whether other work may share its transaction; it must then be possible to do it again after a failure.</summary>
    public virtual bool CanShare => false;

    /// <summary>Ends the work before it has begun, when its caller has gone.</summary>
    public abstract bool TryCancel();

    public abstract void Do(StoreWriter writer);

    /// <summary>Answers the caller, after the transaction.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}
