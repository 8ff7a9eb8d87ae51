using System.Text;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Publishing;

public sealed class PublishTests : IAsyncLifetime
{
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(channels => channels
        .AddChannel("news", c => c.Others(ChannelPermission.Subscribe))
        .AddChannel("chat", c => c.Others(ChannelPermission.Publish).ClientsMayPublish())
        .AddChannel("board", c => c.Others(ChannelPermission.Publish))
        .AddChannel("rooms", c => c.SeparateRooms().Others(ChannelPermission.Publish).ClientsMayPublish()));

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_message_gets_an_id_and_a_time_and_keeps_its_payload_byte_for_byte()
    {
        var payload = "{ \"b\" : 1.50, \"a\":\"\\u00e9é\" }"u8.ToArray();

        var message = await _host.Channels.PublishAsync("news", new(payload) { Event = "greeting" }).Within();

        Assert.True(message.Id > 0);
        Assert.Equal(_host.Time.GetUtcNow(), message.CreatedAt);
        Assert.Equal(payload, message.Payload.ToArray());
        Assert.Equal("greeting", message.Event);
    }

    [Fact]
    public async Task Ids_ascend_over_all_channels_of_an_instance()
    {
        var first = await _host.Channels.PublishAsync("news", new()).Within();
        var second = await _host.Channels.PublishAsync("chat", new()).Within();
        var third = await _host.Channels.PublishAsync(new("rooms", "a"), new()).Within();

        Assert.Equal([first.Id + 1, first.Id + 2], [second.Id, third.Id]);
    }

    [Theory]
    [InlineData("nowhere", PublishStatus.NotFound)]
    [InlineData("", PublishStatus.InvalidAddress)]
    [InlineData("bad\u0001name", PublishStatus.InvalidAddress)]
    [InlineData("rooms", PublishStatus.RoomRequired)]
    public async Task The_address_decides_whether_anything_is_published(string channel, PublishStatus expected) =>
        Assert.Equal(expected, (await _host.Channels.TryPublishAsync(channel, new()).Within()).Status);

    [Theory]
    [InlineData("news", PublishStatus.Forbidden)]
    [InlineData("board", PublishStatus.ClientPublishDisabled)]
    [InlineData("chat", PublishStatus.Published)]
    public async Task A_user_needs_permission_and_then_a_channel_that_clients_may_publish_to(string channel, PublishStatus expected) =>
        Assert.Equal(expected, (await _host.Channels.As(ChannelCaller.User("ann")).TryPublishAsync(channel, new()).Within()).Status);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("[1,]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("// comment\n1")]
    public async Task A_payload_that_is_not_one_JSON_value_is_refused(string json) =>
        Assert.Equal(PublishStatus.InvalidPayload, (await _host.Channels.TryPublishAsync("news", new(json)).Within()).Status);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData(" [1, 2] ")]
    [InlineData("\"\\\\ud800\"")]
    public async Task Any_one_JSON_value_is_a_payload(string json) =>
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("news", new(json)).Within()).Status);

    [Fact]
    public async Task Invalid_UTF_8_deep_and_large_payloads_are_refused()
    {
        var deep = new string('[', 49) + new string(']', 49);

        Assert.Equal(PublishStatus.InvalidPayload, (await _host.Channels.TryPublishAsync("news", new([(byte)'"', 0xff, (byte)'"'])).Within()).Status);
        Assert.Equal(PublishStatus.InvalidPayload, (await _host.Channels.TryPublishAsync("news", new(deep)).Within()).Status);
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("news", new(deep[1..^1])).Within()).Status);
        Assert.Equal(PublishStatus.PayloadTooLarge, (await _host.Channels.TryPublishAsync("news", new(Text(65_537))).Within()).Status);
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("news", new(Text(65_536))).Within()).Status);
    }

    [Fact]
    public async Task Changing_the_bytes_after_publishing_changes_nothing()
    {
        var payload = "[1]"u8.ToArray();
        var message = await _host.Channels.PublishAsync("news", new(payload.AsMemory())).Within();

        payload[1] = (byte)'2';

        Assert.Equal("[1]", Encoding.UTF8.GetString(message.Payload.Span));
    }

    [Fact]
    public async Task Repeating_a_key_gives_the_first_message_and_another_payload_conflicts()
    {
        var first = await _host.Channels.PublishAsync("news", new("1") { IdempotencyKey = "k" }).Within();
        var again = await _host.Channels.TryPublishAsync("news", new("1") { IdempotencyKey = "k" }).Within();
        var other = await _host.Channels.TryPublishAsync("news", new("2") { IdempotencyKey = "k" }).Within();

        Assert.Equal((PublishStatus.Duplicate, first.Id), (again.Status, again.Message!.Id));
        Assert.Equal(PublishStatus.KeyConflict, other.Status);

        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("news", new("2") { IdempotencyKey = "k" }).Within()).Status);
    }

    [Fact]
    public async Task One_bad_draft_of_many_publishes_none()
    {
        var results = await _host.Channels.TryPublishManyAsync([new("news", new("1")), new("nowhere", new("2")), new("chat", new("3"))]).Within();

        Assert.Equal([PublishStatus.NotAttempted, PublishStatus.NotFound, PublishStatus.NotAttempted], results.Select(result => result.Status));
        Assert.Empty((await _host.Channels.ReadHistoryAsync("news").Within()).Messages);
    }

    [Fact]
    public async Task Many_drafts_get_ids_in_their_order()
    {
        var results = await _host.Channels.TryPublishManyAsync([new("news", new("1")), new("chat", new("2")), new("news", new("3"))]).Within();

        Assert.All(results, result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal(results.Select(result => result.Message!.Id).Order(), results.Select(result => result.Message!.Id));
    }

    [Fact]
    public async Task A_refused_publish_throws_with_its_status()
    {
        var exception = await Assert.ThrowsAsync<ChannelPublishException>(() => _host.Channels.PublishAsync("nowhere", new()).Within());

        Assert.Equal(PublishStatus.NotFound, exception.Status);
    }

    [Fact]
    public async Task Publishing_ends_with_the_engine()
    {
        await _host.DisposeAsync().Within();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _host.Channels.TryPublishAsync("news", new()).Within());
    }

    private static string Text(int bytes) => $"\"{new string('x', bytes - 2)}\"";
}
