using Channels;

var builder = WebApplication.CreateBuilder(args);

builder.Services
    .AddChannels(options => options.Keys.Add(new() { Id = "1", Secret = "replace-this-public-key", AllowAnonymousRead = true }))
    .UseSqliteStorage("Data Source=quickstart.db")
    .AddChannel("news", channel => channel.Others(ChannelPermission.Subscribe).Retain(age: TimeSpan.FromDays(7)))
    .AddChannel("inbox-{user}", channel => channel.Allow(ChannelOperations.Read, rule => rule["user"] == rule.Caller.UserId));

var app = builder.Build();

// Follow it: curl -N -H 'Accept: text/event-stream' 'http://localhost:5000/v1.1/instances/default/channels/news/poll/?api_key=replace-this-public-key'
app.MapChannelEndpoints();

// Publish: curl -d '{"title":"It works"}' -H 'Content-Type: application/json' http://localhost:5000/articles
app.MapPost("/articles", async (Article article, IChannels channels) =>
{
    var message = await channels.PublishAsync("news", article);
    return Results.Accepted(value: new { message.Id });
});

app.Run();

internal sealed record Article(string Title);
