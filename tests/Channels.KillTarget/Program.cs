using System.Globalization;
using Channels;
using Channels.KillTarget;
using Microsoft.Extensions.DependencyInjection;

// Changes objects in several databases at once until it is killed, so that one kill meets as many of them, each at a point of its own. It first compares
// the objects that are there with what their notifications say.
//   arguments: folder of the databases, their number, and a seed, or the word "verify" to end after the comparison
var databases = Enumerable.Range(0, int.Parse(args[1], CultureInfo.InvariantCulture)).Select(number => (number, Build(Path.Combine(args[0], $"objects-{number}.db")))).ToList();
await Task.WhenAll(databases.Select(database => RunAsync(database.Item1, database.Item2, args[2])));
foreach (var (_, services) in databases)
{
    await services.DisposeAsync();
}

static async Task RunAsync(int number, ServiceProvider services, string task)
{
    var channels = services.GetRequiredService<IChannels>();
    var objectClass = await ObjectWorker.OpenClassAsync(channels);
    Console.WriteLine($"compared {number} {await Replica.CompareAsync(channels, objectClass)}");
    if (task != "verify")
    {
        var seed = int.Parse(task, CultureInfo.InvariantCulture) + number;
        await Task.WhenAll(Enumerable.Range(0, ObjectWorker.Count).Select(worker => new ObjectWorker(channels, number, (seed * 31) + worker).RunAsync()));
    }
}

static ServiceProvider Build(string database)
{
    var services = new ServiceCollection();
    services.AddChannels(options => options.RetainCount = 1_000_000)
        .UseSqliteStorage($"Data Source={database}")
        .AddChannel(ObjectWorker.Channel);
    return services.BuildServiceProvider();
}
