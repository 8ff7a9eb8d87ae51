using System.Globalization;

namespace Channels.KillTarget;

/// <summary>Creates, changes and deletes objects of its own, one after the other, and says each that was acknowledged.</summary>
internal sealed class ObjectWorker(IChannels channels, int database, int seed)
{
    public const int Count = 4;
    public const string Channel = "news";
    private const string Class = "books";

    private readonly Random _random = new(seed);
    private readonly List<long> _own = [];

    public static async Task<ObjectClass> OpenClassAsync(IChannels channels)
    {
        await channels.Objects.Classes.CreateAsync(new()
        {
            Name = Class,
            Fields = [new("title", ObjectFieldType.String), new("reads", ObjectFieldType.Integer)],
        });
        return (await channels.Objects.Classes.GetAsync(Class)).Class!;
    }

    public async Task RunAsync()
    {
        while (true)
        {
            var result = await ChangeAsync();
            if (!result.Succeeded)
            {
                throw new InvalidOperationException($"A change ended with {result.Status}.");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"acknowledged {database} {result.Message!.Id}"));
        }
    }

    private async Task<ObjectResult> ChangeAsync()
    {
        var objects = channels.Objects;
        if (_own.Count == 0 || _random.Next(3) == 0)
        {
            var created = await objects.CreateAsync(Class, new($$"""{"title":"{{_random.Next()}}"}""") { Channel = Channel });
            _own.Add(created.Value!.Id);
            return created;
        }

        var at = _random.Next(_own.Count);
        if (_random.Next(3) > 0)
        {
            return await objects.UpdateAsync(Class, _own[at], new($$"""{"reads":{"_increment":1},"title":"{{_random.Next()}}"}"""));
        }

        var id = _own[at];
        _own.RemoveAt(at);
        return await objects.DeleteAsync(Class, id);
    }
}
