namespace Channels.Engine;

/// <summary>A rule that gives undeclared channel names a descriptor, and says who may use them.</summary>
internal sealed class ChannelTemplate(TemplatePattern pattern, ChannelDescriptor facts, ChannelAccess access)
{
    public TemplatePattern Pattern { get; } = pattern;

    public ChannelDescriptor Facts { get; } = facts;

    public ChannelAccess Access { get; } = access;
}
