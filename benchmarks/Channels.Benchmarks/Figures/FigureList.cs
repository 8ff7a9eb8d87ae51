namespace Channels.Benchmarks.Figures;

/// <summary>The figures, in the order in which they are printed.</summary>
internal static class FigureList
{
    private const int Rounds = 5;

    private static readonly Figure[] All =
    [
        new PublishFigure(),
        new FanOutFigure(),
        new ParkedPollsFigure(),
        new ManyChannelsFigure(),
        new ManyPatternsFigure(),
        new ManyAddressesFigure(),
        new RegistryFigure(),
        new JoinStormFigure(),
        new SqlitePublishFigure(publishers: 64, "log", "0.60"),
        new SqlitePublishFigure(publishers: 1, "log", "0.80"),
        new SqlitePublishFigure(publishers: 64, "news", ""),
        new SqlitePublishFigure(publishers: 1, "news", ""),
        new SqliteObjectFigure(),
        new SqliteHistoryFigure(),
        new SqliteResumeFigure(),
    ];

    public static async Task RunAsync(string? only)
    {
        Console.WriteLine("| figure | measured (median of interleaved rounds) | peer | ratio | target |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var figure in All.Where(figure => only is null || figure.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            Console.WriteLine(await figure.MeasureAsync(Rounds));
        }
    }
}
