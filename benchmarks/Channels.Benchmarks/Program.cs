using BenchmarkDotNet.Running;
using Channels.Benchmarks.Figures;

namespace Channels.Benchmarks;

internal static class Program
{
    /// <summary><c>figures [name]</c> prints the figures that the project promises; anything else goes to BenchmarkDotNet.</summary>
    private static async Task Main(string[] args)
    {
        if (args is ["figures", ..])
        {
            await FigureList.RunAsync(args.Length > 1 ? args[1] : null);
            return;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    }
}
