namespace Channels.AspNetCore.Pusher;

/// <summary>The public id of a connection as this wire spells it: digits, a dot, digits.</summary>
internal static class PusherSocketId
{
    private const int MaxLength = 64;

    public static bool IsValid(string? text)
    {
        if (text is not { Length: <= MaxLength })
        {
            return false;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && dot < text.Length - 1
            && !text.AsSpan(0, dot).ContainsAnyExceptInRange('0', '9')
            && !text.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
    }
}
