using System.Globalization;
using Channels.SocketIo.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// For the public suites of the protocols' authors. One argument: the port; 0 for any, which is printed.
var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3000;
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
builder.Services.AddChannels();
var app = builder.Build();
ConformanceServers.Map(app);
await app.StartAsync();
Console.WriteLine($"Conformance host listens on {app.Urls.Single()}");
await app.WaitForShutdownAsync();
