using System.Text;
using System.Text.Json.Nodes;
using Firstbyte.Cli.Bodies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests.Bodies;

/// <summary>JSON is laid out as it comes, and says the same afterwards.</summary>
public class JsonLayoutTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null],"c":{},"d":[]}""", "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {},\n  \"d\": []\n}\n")]
    [InlineData("1", "1\n")]
    [InlineData("\"a\\\"{\"", "\"a\\\"{\"\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n")]
    [InlineData("{\"a\": <html> \n x", "{\n  \"a\": <html> \n x\n")]
    [InlineData("[1", "[\n  1\n")]
    [InlineData("", "")]
    public void It_is_laid_out_however_it_is_cut(string json, string expected)
    {
        for (var size = 1; size <= json.Length + 1; size++)
        {
            Assert.Equal(expected, Laid(json, size, static (text, _) => text));
        }
    }

    [Fact]
    public void Tokens_have_their_roles()
    {
        var roles = Laid("""{"k":["t",-1.5e3,false]}""", 100, static (text, role) => string.IsNullOrWhiteSpace(text) ? "" : $"<{role}:{text.Trim()}>");
        Assert.Equal("<Words:{><Name:\"k\"><Words:: [><Text:\"t\"><Words:,><Number:-1.5e3><Words:,><Strong:false><Words:]\n}>", roles);
    }

    [Fact]
    public void Any_depth_and_any_document_says_the_same()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var node = Draw(random, 0);
            var json = node?.ToJsonString() ?? "null";
            Assert.Equal(json, JsonNode.Parse(Laid(json, 1 + random.Next(9), static (text, _) => text))?.ToJsonString() ?? "null");
        }
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.Equal(deep, string.Concat(Laid(deep, 64, static (text, _) => text).Where(static c => !char.IsWhiteSpace(c))));
    }

    private static string Laid(string json, int size, Func<string, Role, string> show)
    {
        var text = new StringBuilder();
        var layout = new JsonLayout((part, role) => text.Append(show(part, role)));
        for (var i = 0; i < json.Length; i += size) { layout.Write(json.Substring(i, Math.Min(size, json.Length - i))); }
        layout.Finish();
        return text.ToString();
    }

    private static JsonNode? Draw(Random random, int depth) => random.Next(depth > 5 ? 4 : 6) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(-1000, 1000)),
        2 => JsonValue.Create("ü\"\\ {[,:]} " + random.Next()),
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Draw(random, depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create("k" + i, Draw(random, depth + 1)))),
    };
}
