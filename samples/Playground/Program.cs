using Channels.AspNetCore;
using Channels.AspNetCore.SocketIo;
using Playground.Hosting;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ContentRoot.Find() });
builder.Configuration.AddCommandLine(args, PlaygroundOptions.Switches);
var options = PlaygroundOptions.Read(builder.Configuration, builder.Environment);
builder.WebHost.ListenOnLoopback(options);

builder.Services
    .AddChannels(builder.Configuration.GetSection("Channels"))
    .UseStorage(options)
    .AddDemoSpeakap()
    .AddDemoChannels();
builder.Services.Configure<ChannelEndpointOptions>(builder.Configuration.GetSection("ChannelEndpoints"));
builder.Services.Configure<SocketIoOptions>(builder.Configuration.GetSection("SocketIo"));
builder.Services.AddSingleton(options).AddHostedService<Greeting>();

var app = builder.Build();
app.UsePage();
app.MapHealthChecks("/health");
app.MapDemoCredentials();

// One line for each front end.
app.MapChannelEndpoints();
app.MapSocketIoEndpoints();

app.Run();
