using Channels.AspNetCore;
using Channels.AspNetCore.Bayeux;
using Channels.AspNetCore.PushStream;
using Channels.AspNetCore.PushStream.Dashly;
using Channels.AspNetCore.SocketIo;
using Playground.Hosting;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ContentRoot.Find() });
builder.Configuration.AddCommandLine(args, PlaygroundOptions.Switches);
var options = PlaygroundOptions.Read(builder.Configuration, builder.Environment);
builder.WebHost.ListenOnLoopback(options);

builder.Services
    .AddChannels(builder.Configuration.GetSection("Channels"))
    .UseStorage(options)
    .AddBayeux()
    .AddDemoSpeakap()
    .AddPusher(builder.Configuration.GetSection("Pusher"))
    .AddPushStream()
    .AddDashly()
    .AddDemoChannels();
builder.Services.Configure<ChannelEndpointOptions>(builder.Configuration.GetSection("ChannelEndpoints"));
builder.Services.Configure<SocketIoOptions>(builder.Configuration.GetSection("SocketIo"));
builder.Services.Configure<PushStreamOptions>(builder.Configuration.GetSection("PushStream"));
builder.Services.Configure<DashlyOptions>(builder.Configuration.GetSection("Dashly"));
builder.Services.Configure<BayeuxOptions>(builder.Configuration.GetSection("Bayeux"));
builder.Services.AddSingleton(options).AddHostedService<Greeting>();

var app = builder.Build();
app.UsePage();
app.MapHealthChecks("/health");
app.MapDemoCredentials();

// One line for each front end.
app.MapChannelEndpoints();
app.MapSocketIoEndpoints();
app.MapPusherEndpoints();

// What an application decides about its Pusher clients.
app.MapDemoPusherAuth();
app.MapPushStreamEndpoints();
app.MapBayeuxEndpoints();

app.Run();
