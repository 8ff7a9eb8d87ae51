using System.Globalization;

namespace Channels.LoadTest.Report;

/// <summary>What Channels should reach for one figure.</summary>
/// <param name="Limit">The number.</param>
/// <param name="IsMost">Whether less is better.</param>
internal sealed record Target(double Limit, bool IsMost)
{
    public static Target AtLeast(double limit) => new(limit, IsMost: false);

    public static Target AtMost(double limit) => new(limit, IsMost: true);

    public bool IsMet(double value) => IsMost ? value <= Limit : value >= Limit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMost ? '≤' : '≥')} {Limit:0.##}");
}
