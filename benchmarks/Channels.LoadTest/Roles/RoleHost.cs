using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.LoadTest.Roles;

/// <summary>Runs one of the servers on a free port of the loopback address for as long as standard input stays open.</summary>
internal static class RoleHost
{
    public const string Verb = "serve";
    public const string Announcement = "listening ";

    /// <returns>The exit code.</returns>
    public static async Task<int> ServeAsync(string name)
    {
        if (Find(name) is not { } role)
        {
            await Console.Error.WriteLineAsync($"There is no server '{name}'.");
            return 2;
        }

        var app = Build(role);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"{Announcement}{new Uri(address).Port}");

        // Nothing is worth an orderly shutdown; the process ends with the one that started it, whatever happened to that.
        await EndOfInputAsync();
        return 0;
    }

    private static IRole? Find(string name) => name switch
    {
        RoleNames.Channels => new ChannelsRole(writesToSockets: false),
        RoleNames.Direct => new ChannelsRole(writesToSockets: true),
        RoleNames.SignalR => new SignalRRole(),
        RoleNames.Bare => new BareRole(),
        _ => null,
    };

    private static WebApplication Build(IRole role)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        role.AddServices(builder);
        var app = builder.Build();
        ControlEndpoints.Map(app, role);
        role.Map(app);
        return app;
    }

    /// <summary>Reading standard input blocks, so it has a thread of its own and leaves the pool alone.</summary>
    private static Task EndOfInputAsync()
    {
        var ended = new TaskCompletionSource();
        var reader = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            ended.SetResult();
        })
        {
            IsBackground = true,
            Name = "End of input",
        };
        reader.Start();
        return ended.Task;
    }
}
