using System.Text.RegularExpressions;
using Channels.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>The grammar of templates against a model of regular expressions.</summary>
public sealed class TemplateProperties
{
    private static readonly Gen<string> Names =
        Gen.Elements('a', 'b', ':', '/', '.', '-', '*', '{', '}').NonEmptyListOf().Select(chars => new string([.. chars.Take(8)]));

    private static readonly Gen<string> Patterns = Gen.Elements("a", "b", ":", "-", "/", "{}", "{}", "*").NonEmptyListOf().Select(ToPattern);

    [Fact]
    public void Matching_agrees_with_a_regular_expression()
    {
        var cases = from pattern in Patterns from names in Names.ListOf(20) select (pattern, names);
        Prop.ForAll(cases.ToArbitrary(), test =>
        {
            using var services = Create(test.pattern);
            var catalog = services.GetRequiredService<IChannels>().Catalog;
            var model = ToRegex(test.pattern);
            return test.names.All(name => Exists(catalog, name) == model.IsMatch(name));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whether_two_patterns_tie_does_not_depend_on_their_order()
    {
        var cases = from left in Patterns from right in Patterns select (left, right);
        Prop.ForAll(cases.ToArbitrary(), test => Ties(test.left, test.right) == Ties(test.right, test.left))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Two_patterns_tie_only_if_some_name_matches_both_and_none_is_more_specific()
    {
        var cases = from left in Patterns from right in Patterns from names in Names.ListOf(30) select (left, right, names);
        Prop.ForAll(cases.ToArbitrary(), test =>
        {
            var (left, right) = (ToRegex(test.left), ToRegex(test.right));
            var order = Compare(test.left, test.right);
            var ties = Ties(test.left, test.right);
            return order != 0 ? !ties : ties || !test.names.Any(name => left.IsMatch(name) && right.IsMatch(name));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void The_chosen_template_is_never_less_specific_than_another_that_matches()
    {
        var cases = from patterns in Patterns.ListOf(4) from names in Names.ListOf(10) select (patterns.Distinct().ToArray(), names);
        Prop.ForAll(cases.ToArbitrary(), test =>
        {
            var (patterns, names) = test;
            if (patterns.Any(left => patterns.Any(right => left != right && Ties(left, right))))
            {
                return true;
            }

            using var services = Create(patterns);
            var catalog = services.GetRequiredService<IChannels>().Catalog;
            return names.All(name => Chosen(catalog, name) is not { } chosen
                || patterns.Where(pattern => pattern != chosen && ToRegex(pattern).IsMatch(name)).All(other => Compare(chosen, other) < 0));
        }).QuickCheckThrowOnFailure();
    }

    private static string ToPattern(IEnumerable<string> parts)
    {
        var text = "";
        var placeholders = 0;
        foreach (var part in parts.Take(6))
        {
            text += part != "{}" ? part.Replace("*", "", StringComparison.Ordinal)
                : text.EndsWith('}') ? ":"
                : $"{{p{placeholders++}}}";
        }

        return parts.Last() == "*" || text.Length == 0 ? text + "*" : text;
    }

    private static Regex ToRegex(string pattern) =>
        new($"^{Regex.Replace(Regex.Escape(pattern), @"\\\{p\d}", "[^:/.*{}]+").Replace("\\*", ".+", StringComparison.Ordinal)}\\z", RegexOptions.Singleline);

    /// <summary>Literal before placeholder before the rest, left to right; 0 for neither.</summary>
    private static int Compare(string left, string right)
    {
        var (a, b) = (Kinds(left), Kinds(right));
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (a[i] == b[i])
            {
                continue;
            }

            return a[i].Kind.CompareTo(b[i].Kind);
        }

        return b.Count.CompareTo(a.Count);
    }

    private static List<(int Kind, char Character)> Kinds(string pattern) =>
        [.. Regex.Matches(pattern, @"\{p\d}|.").Select(part => part.Value switch
        {
            "*" => (2, '\0'),
            [_] => (0, part.Value[0]),
            _ => (1, '\0'),
        })];

    private static ServiceProvider Create(params string[] patterns)
    {
        var channels = new ServiceCollection().AddSingleton<TimeProvider>(new ManualTimeProvider()).AddChannels();
        Array.ForEach(patterns, pattern => channels.AddChannel(pattern, t => t.Description(pattern)));
        return channels.Services.BuildServiceProvider();
    }

    private static bool Ties(string left, string right)
    {
        using var services = Create(left, right);
        try
        {
            services.GetRequiredService<IChannels>();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static bool Exists(IChannelCatalog catalog, string name) => Chosen(catalog, name) is not null;

    private static string? Chosen(IChannelCatalog catalog, string name)
    {
        var found = catalog.GetAsync(name);
        Assert.True(found.IsCompletedSuccessfully);
        return found.Result.Channel?.Description;
    }
}
