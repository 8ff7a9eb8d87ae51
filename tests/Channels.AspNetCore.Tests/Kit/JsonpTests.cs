using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class JsonpTests
{
    public static TheoryData<string?, bool> Names => new()
    {
        { "callback", true },
        { "_$a9", true },
        { "jQuery.cb_1", true },
        { "a.b.c[0][12].d", true },
        { "___eio[3]", true },
        { new string('a', JsonpWriter.MaxCallbackLength), true },
        { new string('a', JsonpWriter.MaxCallbackLength + 1), false },
        { null, false },
        { "", false },
        { "9a", false },
        { ".a", false },
        { "a.", false },
        { "a..b", false },
        { "a[", false },
        { "a[]", false },
        { "a[x]", false },
        { "a[0", false },
        { "a[0]b", false },
        { "[0]", false },
        { "a b", false },
        { "a-b", false },
        { "alert(1)", false },
        { "a;b", false },
        { "a\n", false },
        { "ä", false },
        { "a[٣]", false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_names_of_functions_are_callbacks(string? name, bool valid) => Assert.Equal(valid, JsonpWriter.IsCallback(name));

    [Theory]
    [InlineData("{}", "/**/cb({});")]
    [InlineData("\"a\u2028b\u2029\"", "/**/cb(\"a\\u2028b\\u2029\");")]
    [InlineData("\"\u2027€\u202A\"", "/**/cb(\"\u2027€\u202A\");")]
    public void What_ends_a_line_in_a_script_is_escaped(string json, string script) =>
        Assert.Equal(script, Encoding.UTF8.GetString(JsonpWriter.Encode("cb", Encoding.UTF8.GetBytes(json)).Span));

    [Fact]
    public void A_name_that_is_none_is_never_written() =>
        Assert.Throws<ArgumentException>(() => { JsonpWriter.Encode("alert(1)", "{}"u8); });

    [Fact]
    public async Task A_script_says_what_it_is()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        (await server.SendAsync("POST", "/kit/publish", json: "\"\u2028\"")).Expect(201);

        var answer = (await server.PollAsync(session, "callback=a.b[0]")).Expect(200, """/**/a.b[0]({"batch":0,"messages":["\u2028"]});""");
        Assert.Equal("application/javascript", answer.Header("Content-Type"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        (await server.PollAsync(session, "callback=alert(1)")).Expect(400, "{}");
    }
}
