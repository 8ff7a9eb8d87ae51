namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>The way of a frame from publishing to the client's bytes, without sockets, against a model of what each client must see.</summary>
public sealed class FramePathModelTests
{
    private const int Seeds = 80;

    [Fact]
    public async Task P1_P2_every_client_sees_what_it_must_see_and_nothing_else()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await using var run = new ModelRun(seed);
                await run.RunAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }
}
