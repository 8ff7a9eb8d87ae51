using Channels.TestSupport;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

/// <summary>Files of every released schema version are opened. The fixtures were written and closed cleanly by the version that made them.</summary>
public sealed class SqliteSchemaTests : SqliteTests
{
    [Fact]
    public async Task Version_1_is_read_and_continued()
    {
        File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "schema-v1.db"), Database);
        File.SetAttributes(Database, FileAttributes.Normal);
        var store = NewStore();

        var slice = await store.ReadInstanceAfterAsync(Instance, default, 100, default).Within();

        Assert.Equal(["{\"n\":3}", "\"text\"", "{\"n\":5}"], slice.Messages.Select(Text));
        Assert.Equal([3, 4, 5], slice.Messages.Select(message => message.Id));
        AssertFull(slice.Messages[1]);
        Assert.Equal([new MessageCursor(2)], (await store.ReadAfterAsync(Instance, [new("news", default)], 10, default).Within()).RemovedThrough);
        Assert.Equal([new MessageCursor(7)], (await store.ReadAfterAsync(Instance, [new("gone", default)], 10, default).Within()).RemovedThrough);
        AssertDescriptor(await store.GetAsync(Instance, "chat", default).Within());
        Assert.Equal(AppendStatus.Duplicate, (await AppendAsync(store, new TestEntry("news", "{\"n\":5}") { Key = "key" })).Outcomes[0].Status);
        Assert.Single((await store.ReadInstanceAfterAsync("other", default, 10, default).Within()).Messages);
        Assert.True((await StoreAsync(store, 1))[0].Id > 7);
        Assert.NotNull(await store.CreateClassAsync(new() { Name = "books" }, default).Within());
        Assert.Equal("books", (await store.GetClassAsync(Instance, "books", default).Within())!.Name);
        Assert.Equal(2, (await store.GetDiagnosticsAsync().Within()).SchemaVersion);
    }

    private static void AssertFull(ChannelMessage message)
    {
        Assert.Equal(new ChannelAddress("chat", "lobby"), message.Address);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), message.CreatedAt);
        Assert.Equal(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), message.ExpiresAt);
        Assert.Equal(MessageAction.Update, message.Action);
        Assert.Equal("event", message.Event);
        Assert.Equal("books", message.Metadata.ObjectClass);
        Assert.Equal(new MessageAuthor("1", "2", "ann"), message.Author);
        Assert.Equal("12.34", message.ExcludedConnection);
        Assert.Equal((PayloadFormat.Text, true, "member"), (message.Attributes.Format, message.Attributes.FromClient, message.Attributes.SenderMember));
        Assert.Equal("{\"x\":1}"u8.ToArray(), message.Attributes.WireExtras.ToArray());
    }

    private static void AssertDescriptor(ChannelDescriptor? descriptor) => Assert.Equal(
        new ChannelDescriptor
        {
            Name = "chat",
            Type = ChannelType.SeparateRooms,
            Description = "Talk",
            Group = "team",
            GroupPermission = ChannelPermission.Publish,
            OtherPermission = ChannelPermission.Subscribe,
            ClientsMayPublish = true,
            RetainAge = TimeSpan.FromDays(7),
            RetainCount = 100,
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            UpdatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Version = 1,
            Sequence = 1,
        },
        descriptor);
}
