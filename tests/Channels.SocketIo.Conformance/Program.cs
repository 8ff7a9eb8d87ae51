using System.Globalization;
using Channels.SocketIo.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// For the public suites of the protocols' authors. Arguments: the port, 0 for any, which is printed; and for others than the suites, the pause
// between heartbeats and the time for one, in milliseconds.
var numbers = args.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var port = numbers is [var first, ..] ? first : 3000;
var engine = ConformanceServers.Engine with
{
    PingInterval = TimeSpan.FromMilliseconds(numbers is [_, var interval, ..] ? interval : 300),
    PingTimeout = TimeSpan.FromMilliseconds(numbers is [_, _, var timeout] ? timeout : 200),
};
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
builder.Services.AddChannels();
var app = builder.Build();
ConformanceServers.Map(app, engine, ConformanceServers.Packets);
await app.StartAsync();
Console.WriteLine($"Conformance host listens on {app.Urls.Single()}");
await app.WaitForShutdownAsync();
