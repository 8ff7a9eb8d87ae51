using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>How a report is spelled: with the blanks and line ends of the original in JSON. Source: docs/protocols/pushstream.md#statistics</summary>
/// <param name="Accepted">Media type that asks for the form.</param>
/// <param name="ContentType">Media type of the answer.</param>
/// <param name="Write">Spells a report.</param>
internal sealed record PushStreamFormat(string Accepted, string ContentType, Func<PushStreamReport, string> Write)
{
    private const string Line = "\r\n";
    private const string Indent = "  ";

    private static readonly PushStreamFormat Json = new("application/json", "application/json", report => Object(report) + Line);

    private static readonly PushStreamFormat[] All =
    [
        Json,
        new("text/x-json", "text/x-json; charset=utf-8", Json.Write),
        new("text/plain", "text/plain; charset=utf-8", WriteText),
        new("application/xml", "application/xml", WriteXml),
        new("application/yaml", "application/yaml", WriteYaml),
        new("text/x-yaml", "text/x-yaml; charset=utf-8", WriteYaml),
    ];

    /// <summary>The form that a request likes best; JSON where it does not say, or likes anything.</summary>
    public static PushStreamFormat Of(HttpRequest request)
    {
        foreach (var type in request.GetTypedHeaders().Accept.Where(static type => type.Quality != 0).OrderByDescending(static type => type.Quality ?? 1))
        {
            if (Array.Find(All, format => type.MediaType.Equals(format.Accepted, StringComparison.OrdinalIgnoreCase)) is { } wanted)
            {
                return wanted;
            }

            if (type.MatchesAllTypes)
            {
                return Json;
            }
        }

        return Json;
    }

    private static string Object(PushStreamReport report)
    {
        var fields = report.Fields.Select(static field => $"\"{field.Name}\": {Scalar(field)}");
        var list = report.ListName is null ? [] : new[] { $"\"{report.ListName}\": [{Line}{string.Join($",{Line}", report.Items!.Select(Object))}{Line}]" };
        return $"{{{string.Join(", ", fields.Concat(list))}}}";
    }

    private static string WriteText(PushStreamReport report)
    {
        var text = new StringBuilder();
        AppendText(text, report, "");
        return text.ToString();
    }

    /// <summary>This form says of channels that their subscribers are active.</summary>
    private static void AppendText(StringBuilder text, PushStreamReport report, string indent)
    {
        foreach (var field in report.Fields)
        {
            var isOfChannel = report.Name == PushStreamReport.ChannelName && field.Name == PushStreamReport.Subscribers;
            text.Append(CultureInfo.InvariantCulture, $"{indent}{(isOfChannel ? "active_" : "")}{field.Name}: {Plain(field)}{Line}");
        }

        if (report.ListName is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{report.ListName}:{Line}");
            foreach (var item in report.Items!)
            {
                AppendText(text, item, indent + Indent);
                text.Append(Line);
            }
        }
    }

    private static string WriteXml(PushStreamReport report)
    {
        var text = new StringBuilder($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{Line}");
        AppendXml(text, report, "");
        return text.ToString();
    }

    private static void AppendXml(StringBuilder text, PushStreamReport report, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}<{report.Name}>{Line}");
        foreach (var field in report.Fields)
        {
            var name = field.Name == PushStreamReport.ChannelName ? "name" : field.Name;
            text.Append(CultureInfo.InvariantCulture, $"{indent}{Indent}<{name}>{SecurityElement.Escape(XmlText(Plain(field)))}</{name}>{Line}");
        }

        if (report.ListName is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{Indent}<{report.ListName}>{Line}");
            foreach (var item in report.Items!)
            {
                AppendXml(text, item, indent + Indent + Indent);
            }

            text.Append(CultureInfo.InvariantCulture, $"{indent}{Indent}</{report.ListName}>{Line}");
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent}</{report.Name}>{Line}");
    }

    private static string WriteYaml(PushStreamReport report)
    {
        var text = new StringBuilder();
        AppendYaml(text, report, "", "");
        return text.ToString();
    }

    private static void AppendYaml(StringBuilder text, PushStreamReport report, string first, string indent)
    {
        for (var i = 0; i < report.Fields.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? first : indent)}{report.Fields[i].Name}: {Scalar(report.Fields[i])}{Line}");
        }

        if (report.ListName is null)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent}{report.ListName}:{(report.Items!.Length == 0 ? " []" : "")}{Line}");
        foreach (var item in report.Items)
        {
            AppendYaml(text, item, $"{indent}- ", indent + Indent);
        }
    }

    /// <summary>As JSON spells a value, which YAML reads too.</summary>
    private static string Scalar(PushStreamField field) => field.Text is { } text ? $"\"{JsonEncodedText.Encode(text)}\"" : Plain(field);

    private static string Plain(PushStreamField field) => field.Text ?? field.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>XML has no way to spell some characters that a name may have.</summary>
    private static string XmlText(string text) =>
        string.Concat(text.EnumerateRunes().Select(static rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString()));
}
