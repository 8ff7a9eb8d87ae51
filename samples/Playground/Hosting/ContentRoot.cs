namespace Playground.Hosting;

/// <summary>Finds the folder with the page and the settings.</summary>
internal static class ContentRoot
{
    /// <returns>The project's folder under <c>dotnet run</c>, so that edits of the page show at once; otherwise the program's own folder.</returns>
    public static string Find()
    {
        var current = Directory.GetCurrentDirectory();
        return File.Exists(Path.Combine(current, "Playground.csproj")) ? current : AppContext.BaseDirectory;
    }
}
