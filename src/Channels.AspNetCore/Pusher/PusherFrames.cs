using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher;

/// <summary>An event of the front end's own for many clients, spelled once for each transport.</summary>
/// <param name="json">The event.</param>
internal sealed class PusherFrames(byte[] json)
{
    private readonly Dictionary<PusherForm, Frame> _frames = [];

    public Frame In(PusherForm form)
    {
        if (!_frames.TryGetValue(form, out var frame))
        {
            _frames[form] = frame = form.Frame(json);
        }

        return frame;
    }
}
