using System.Text;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Objects;

/// <summary>Objects, their notifications, and what happens to them meanwhile.</summary>
public sealed class ObjectTests
{
    private static ChannelsTestHost Create(Action<ChannelsOptions>? options = null) =>
        ChannelsTestHost.Create(c => c.AddChannel("news").AddChannel("brief", t => t.Transient()), options).WithBooks();

    [Fact]
    public async Task A_subscriber_receives_the_changes_in_order()
    {
        await using var host = Create();
        await using var reading = host.Channels.SubscribeAsync("news", SubscribeFrom.Oldest).GetAsyncEnumerator();
        var objects = host.Channels.As(ChannelCaller.Admin("7")).Objects;
        var created = await objects.CreateAsync("books", new("""{"title":"a\"b","tags":[1, 2]}""") { Channel = "news" }).Within();
        await objects.UpdateAsync("books", created.Value!.Id, new("""{"weight":1.50,"title":null,"tags":[1, 2]}""")).Within();
        await objects.DeleteAsync("books", created.Value.Id).Within();

        var received = new List<ChannelMessage>();
        while (received.Count < 3 && await reading.MoveNextAsync().Within())
        {
            received.Add(reading.Current);
        }

        Assert.Equal([MessageAction.Create, MessageAction.Update, MessageAction.Delete], received.Select(message => message.Action));
        Assert.All(received, message => Assert.Equal(("books", "7"), (message.Metadata.ObjectClass, message.Author.Admin)));
        Assert.Equal(created.Message!.Id, received[0].Id);
        Assert.EndsWith("""
            "title":"a\"b","reads":null,"weight":null,"tags":[1, 2]}
            """, Text(received[0]), StringComparison.Ordinal);
        Assert.Equal($$"""{"id":1,"updated_at":"{{host.Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}","revision":2,"title":null,"weight":1.5}""", Text(received[1]));
        Assert.Equal("""{"id":1}""", Text(received[2]));
    }

    [Theory]
    [InlineData("{", "", ObjectProblemKind.InvalidJson)]
    [InlineData("[]", "", ObjectProblemKind.WrongType)]
    [InlineData("{} x", "", ObjectProblemKind.InvalidJson)]
    [InlineData("""{"nope":1}""", "nope", ObjectProblemKind.UnknownField)]
    [InlineData("""{"title":1}""", "title", ObjectProblemKind.WrongType)]
    [InlineData("""{"title":"\ud800"}""", "title", ObjectProblemKind.InvalidJson)]
    [InlineData("""{"reads":1.0}""", "reads", ObjectProblemKind.WrongType)]
    [InlineData("""{"reads":9223372036854775808}""", "reads", ObjectProblemKind.OutOfRange)]
    [InlineData("""{"weight":1e999}""", "weight", ObjectProblemKind.OutOfRange)]
    [InlineData("""{"weight":"1"}""", "weight", ObjectProblemKind.WrongType)]
    [InlineData("""{"tags":{}}""", "tags", ObjectProblemKind.WrongType)]
    [InlineData("""{"title":{"_increment":1}}""", "title", ObjectProblemKind.WrongType)]
    public async Task A_draft_with_a_mistake_changes_nothing(string fields, string field, ObjectProblemKind kind)
    {
        await using var host = Create();
        var objects = host.Channels.Objects;
        var id = (await objects.CreateAsync("books", new("""{"title":"kept"}""") { Channel = "news" }).Within()).Value!.Id;

        var creation = await objects.CreateAsync("books", new(fields) { Channel = "news" }).Within();
        var update = await objects.UpdateAsync("books", id, new(fields)).Within();

        Assert.Equal(ObjectStatus.Invalid, creation.Status);
        Assert.Equal((field, kind), (Assert.Single(creation.Problems).Field, creation.Problems[0].Kind));
        Assert.Equal(creation.Problems, update.Problems);
        Assert.Single((await objects.ListAsync("books", new()).Within()).Objects);
        Assert.Single((await host.Channels.ReadHistoryAsync("news").Within()).Messages);
    }

    [Fact]
    public async Task An_increment_that_leaves_the_range_changes_nothing()
    {
        await using var host = Create();
        var objects = host.Channels.Objects;
        var id = (await objects.CreateAsync("books", new($$"""{"reads":{{long.MaxValue}},"weight":1.7e308}""")).Within()).Value!.Id;

        var result = await objects.UpdateAsync("books", id, new("""{"reads":{"_increment":1},"weight":{"_increment":1e308},"title":"x"}""")).Within();

        Assert.Equal([new("reads", ObjectProblemKind.OutOfRange), new("weight", ObjectProblemKind.OutOfRange)], result.Problems);
        Assert.Equal(1, (await objects.GetAsync("books", id).Within()).Value!.Revision);
        Assert.Equal(ObjectStatus.Done, (await objects.UpdateAsync("books", id, new("""{"reads":{"_increment":-1}}""")).Within()).Status);
    }

    [Fact]
    public async Task Increments_by_many_at_once_all_count()
    {
        await using var host = Create();
        var id = (await host.Channels.Objects.CreateAsync("books", new() { Channel = "news" }).Within()).Value!.Id;

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
            host.Channels.Objects.UpdateAsync("books", id, new("""{"reads":{"_increment":1}}""")).AsTask()))).Within();

        Assert.All(results, result => Assert.True(result.Succeeded));
        Assert.Equal(Enumerable.Range(2, 64), results.Select(result => (int)result.Value!.Revision).Order());
        Assert.Contains("\"reads\":64", Encoding.UTF8.GetString((await host.Channels.Objects.GetAsync("books", id).Within()).Value!.Fields.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_who_expect_the_same_revision_one_wins()
    {
        await using var host = Create();
        var id = (await host.Channels.Objects.CreateAsync("books", new() { Channel = "news" }).Within()).Value!.Id;

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(number => Task.Run(() =>
            host.Channels.Objects.UpdateAsync("books", id, new($$"""{"reads":{{number}}}""") { ExpectedRevision = 1 }).AsTask()))).Within();

        Assert.Single(results, result => result.Succeeded);
        Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal((ObjectStatus.RevisionMismatch, 2L), (result.Status, result.Value!.Revision)));
        Assert.Equal(2, (await host.Channels.ReadHistoryAsync("news").Within()).Messages.Count);
    }

    [Fact]
    public async Task An_object_larger_than_a_message_is_refused()
    {
        await using var host = Create(o => o.MaxPayloadBytes = 1024);
        var objects = host.Channels.Objects;
        var text = new string('x', 120);
        var id = (await objects.CreateAsync("books", new($$"""{"tags":["{{text}}"]}""") { Channel = "news" }).Within()).Value!.Id;

        Assert.Equal(ObjectStatus.TooLarge, (await objects.CreateAsync("books", new($$"""{"tags":["{{new string('x', 1000)}}"]}""")).Within()).Status);
        Assert.Equal(ObjectStatus.TooLarge, (await objects.UpdateAsync("books", id, new($$"""{"tags":["{{new string('x', 1000)}}"]}""")).Within()).Status);
        Assert.Equal(1, (await objects.GetAsync("books", id).Within()).Value!.Revision);
        Assert.Single((await host.Channels.ReadHistoryAsync("news").Within()).Messages);
    }

    [Fact]
    public async Task A_class_takes_as_many_objects_as_it_may()
    {
        await using var host = Create(o => o.MaxObjectsPerClass = 2);
        var objects = host.Channels.Objects;
        await objects.CreateAsync("books", new()).Within();
        await objects.CreateAsync("books", new()).Within();

        Assert.Equal(ObjectStatus.LimitReached, (await objects.CreateAsync("books", new() { Channel = "news" }).Within()).Status);
        Assert.Empty((await host.Channels.ReadHistoryAsync("news").Within()).Messages);
    }

    [Fact]
    public async Task A_change_of_the_class_counts_at_once()
    {
        await using var host = Create();
        var objects = host.Channels.Objects;
        var id = (await objects.CreateAsync("books", new("""{"title":"a","reads":1}""")).Within()).Value!.Id;
        await objects.Classes.UpdateAsync("books", known => known with { Fields = [new("pages", ObjectFieldType.Integer), new("title", ObjectFieldType.String)] }).Within();

        Assert.Equal(ObjectStatus.Invalid, (await objects.UpdateAsync("books", id, new("""{"reads":2}""")).Within()).Status);
        var updated = await objects.UpdateAsync("books", id, new("""{"pages":3}""")).Within();
        Assert.Equal("""{"pages":3,"title":"a"}""", Encoding.UTF8.GetString(updated.Value!.Fields.Span));
        Assert.Equal(CatalogStatus.Done, await objects.Classes.DeleteAsync("books").Within());
        Assert.Equal(ObjectStatus.ClassNotFound, (await objects.UpdateAsync("books", id, new()).Within()).Status);
    }

    [Fact]
    public async Task A_deleted_channel_takes_its_objects_with_it()
    {
        await using var host = Create();
        await host.Channels.Catalog.CreateAsync(new() { Name = "stored" }).Within();
        var bound = (await host.Channels.Objects.CreateAsync("books", new() { Channel = "stored" }).Within()).Value!.Id;

        await host.Channels.Catalog.DeleteAsync("stored").Within();

        Assert.Equal(ObjectStatus.NotFound, (await host.Channels.Objects.GetAsync("books", bound).Within()).Status);
        Assert.Equal(ObjectStatus.NotFound, (await host.Channels.Objects.UpdateAsync("books", bound, new()).Within()).Status);
        var again = await host.Channels.Objects.CreateAsync("books", new() { Channel = "stored" }).Within();
        Assert.Equal(new ObjectProblem("channel", ObjectProblemKind.NotFound), Assert.Single(again.Problems));
    }

    [Fact]
    public async Task A_transient_channel_delivers_the_change_and_keeps_the_object()
    {
        await using var host = Create();
        var polling = host.Channels.PollAsync("brief");

        var created = await host.Channels.Objects.CreateAsync("books", new() { Channel = "brief" }).Within();

        Assert.Equal(created.Message!.Id, (await polling.Within()).Message!.Id);
        Assert.Empty((await host.Channels.ReadHistoryAsync("brief").Within()).Messages);
        Assert.Equal(ObjectStatus.Done, (await host.Channels.Objects.GetAsync("books", created.Value!.Id).Within()).Status);
    }

    [Fact]
    public async Task Objects_of_an_applications_own_tables_are_published_in_the_same_shapes()
    {
        await using var host = Create();
        var created = await host.Channels.PublishObjectCreatedAsync("news", "orders", "12", new { Id = 5, Total = 3, Name = "ä" }).Within();
        var updated = await host.Channels.PublishObjectUpdatedAsync("news", "orders", "0c-x", new { Total = 4 }).Within();
        var deleted = await host.Channels.PublishObjectDeletedAsync("news", "orders", "007").Within();

        Assert.Equal((MessageAction.Create, "orders", """{"id":12,"total":3,"name":"ä"}"""), (created.Action, created.Metadata.ObjectClass, Text(created)));
        Assert.Equal((MessageAction.Update, """{"id":"0c-x","total":4}"""), (updated.Action, Text(updated)));
        Assert.Equal((MessageAction.Delete, """{"id":"007"}"""), (deleted.Action, Text(deleted)));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Channels.PublishObjectCreatedAsync("news", "orders", "1", new[] { 1 }).AsTask());
    }

    private static string Text(ChannelMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
