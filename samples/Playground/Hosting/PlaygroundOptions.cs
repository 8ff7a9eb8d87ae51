namespace Playground.Hosting;

/// <summary>Settings of this program, section <c>Playground</c>.</summary>
internal sealed class PlaygroundOptions
{
    /// <summary>Short forms for the command line.</summary>
    public static IDictionary<string, string> Switches { get; } = new Dictionary<string, string>
    {
        ["--storage"] = "Playground:Storage",
        ["--database"] = "Playground:Database",
    };

    /// <summary>Where messages are kept: <c>sqlite</c> or <c>memory</c>. Default <c>sqlite</c>.</summary>
    public string Storage { get; set; } = "sqlite";

    /// <summary>Path of the SQLite file; a relative one starts at the content root. Default <c>data/playground.db</c>.</summary>
    public string Database { get; set; } = "data/playground.db";

    /// <summary>First word needed to listen beyond this machine with the demo keys. Default: no.</summary>
    public bool AllowRemote { get; set; }

    /// <summary>Second word: everybody who reaches the address may then do everything. Default: no.</summary>
    public bool RemoteUnderstood { get; set; }

    /// <summary>Whether any demo key is valid.</summary>
    public bool HasDemoKeys { get; private set; }

    public bool IsInMemory => string.Equals(Storage, "memory", StringComparison.OrdinalIgnoreCase);

    public static PlaygroundOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var options = new PlaygroundOptions();
        configuration.GetSection("Playground").Bind(options);
        if (!options.IsInMemory && !string.Equals(options.Storage, "sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"Playground:Storage is '{options.Storage}'; it must be sqlite or memory.");
        }

        options.Database = Path.GetFullPath(options.Database, environment.ContentRootPath);
        options.HasDemoKeys = DemoCredentials.AreValid(configuration.GetSection("Channels"));
        return options;
    }
}
