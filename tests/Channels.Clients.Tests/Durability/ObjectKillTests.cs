using System.Globalization;
using Channels.Clients.Tests.Processes;
using Channels.TestSupport;

namespace Channels.Clients.Tests.Durability;

/// <summary>A change of an object and its notification are one transaction, whenever the process dies.</summary>
public sealed class ObjectKillTests
{
    // Each kill meets every database at a point of its own: 100 points.
    private const int Kills = 20;
    private const int Databases = 5;
    private const int MostAnswers = 100;

    [Fact]
    public async Task An_object_and_its_notification_are_both_there_or_neither()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(9_100);
        var acknowledged = new long[Databases];
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var target = Start(folder, random.Next(1_000_000).ToString(CultureInfo.InvariantCulture));
            await ReadUntilAsync(target, acknowledged, random.Next(1, MostAnswers));
            await target.KillAsync();
        }

        await using var last = Start(folder, "verify");
        await ReadUntilAsync(last, acknowledged, answers: 0);
        Assert.Equal(0, await last.WaitForExitAsync().Within());
        Assert.All(acknowledged, id => Assert.True(id > 0));
        TestContext.Current.SendDiagnosticMessage(string.Join('\n', last.Output));
    }

    private static ChildProcess Start(TemporaryFolder folder, string task) => ChildProcess.Start(
        "dotnet", [Paths.KillTargetAssembly, Path.GetDirectoryName(folder["x"])!, Databases.ToString(CultureInfo.InvariantCulture), task]);

    /// <summary>Reads until every database was compared and some changes were acknowledged after that.</summary>
    private static async Task ReadUntilAsync(ChildProcess target, long[] acknowledged, int answers)
    {
        for (var compared = 0; compared < Databases || answers > 0;)
        {
            var words = (await target.ReadLineAsync(_ => true)).Split(' ');
            var database = int.Parse(words[1], CultureInfo.InvariantCulture);
            if (words[0] == "compared")
            {
                // The objects are as their notifications say, and nothing that was acknowledged is missing.
                Assert.True(words[2] == "same", string.Join(' ', words));
                Assert.True(long.Parse(words[3], CultureInfo.InvariantCulture) >= acknowledged[database], string.Join(' ', words));
                compared++;
            }
            else
            {
                acknowledged[database] = Math.Max(acknowledged[database], long.Parse(words[2], CultureInfo.InvariantCulture));
                answers -= compared == Databases ? 1 : 0;
            }
        }
    }
}
