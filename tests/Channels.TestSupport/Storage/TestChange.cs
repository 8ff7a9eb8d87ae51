namespace Channels.TestSupport.Storage;

/// <summary>A change that decides as a test says.</summary>
public sealed class TestChange(Func<DataObject?, long, DateTimeOffset, ObjectDecision> decide) : ObjectChange
{
    public override ObjectDecision Decide(DataObject? current, long id, DateTimeOffset time) => decide(current, id, time);
}
