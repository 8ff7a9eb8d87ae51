namespace Channels.LoadTest.Client;

/// <summary>What one connection received: nothing may be missing, come twice or come late.</summary>
internal sealed class SequenceCheck
{
    private HashSet<long>? _missing;

    /// <summary>Greatest number received, plus one; numbers start at 0.</summary>
    public long Next { get; private set; }

    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    public long Late { get; private set; }

    public void Accept(long sequence)
    {
        Received++;
        if (sequence == Next)
        {
            Next++;
        }
        else
        {
            AcceptIrregular(sequence);
        }
    }

    /// <summary>How many are missing.</summary>
    /// <param name="published">How many were published.</param>
    public long Lost(long published) => (_missing?.Count ?? 0) + Math.Max(0, published - Next);

    private void AcceptIrregular(long sequence)
    {
        if (sequence < Next)
        {
            if (_missing?.Remove(sequence) == true)
            {
                Late++;
            }
            else
            {
                Duplicates++;
            }

            return;
        }

        _missing ??= [];
        for (; Next < sequence; Next++)
        {
            _missing.Add(Next);
        }

        Next++;
    }
}
