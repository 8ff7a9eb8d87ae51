using Channels;
using Channels.AspNetCore.SocketIo.Speakap;

namespace Playground.Hosting;

/// <summary>Who may receive Speakap's channels here: alice all of them, everybody what is about nobody else.</summary>
internal static class DemoSpeakap
{
    private const string Alice = "1";

    public static IChannelsBuilder AddDemoSpeakap(this IChannelsBuilder builder) => builder.AddSocketIo(options =>
    {
        foreach (var family in Enum.GetValues<SpeakapFamily>())
        {
            options.Speakap.Allow(family, MayReceive);
        }
    });

    private static bool MayReceive(SpeakapAccessRequest request) => request.Caller.UserId is { } user
        && (user == Alice || request.Family == SpeakapFamily.Config || (request.Ids is [var first, ..] && first == user));
}
