namespace Channels.AspNetCore.Syncano;

/// <summary>The texts that count as booleans on this wire.</summary>
internal static class SyncanoBooleans
{
    private static readonly string[] TrueTexts = ["t", "T", "y", "Y", "yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"];
    private static readonly string[] FalseTexts = ["f", "F", "n", "N", "no", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"];

    public static bool TryParse(string text, out bool value)
    {
        value = TrueTexts.Contains(text);
        return value || FalseTexts.Contains(text);
    }
}
