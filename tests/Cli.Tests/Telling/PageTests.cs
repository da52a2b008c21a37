using Firstbyte.Cli.Drawing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests.Telling;

public partial class PageTests
{
    /// <summary>An answer that hangs in a tree is read whole at every width, however much stands before it.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void A_result_in_a_tree_is_never_cut(int width)
    {
        const string answer = "answer 2001:db8:2::80, 2001:db8:2::81, TTL 300, aa";
        var text = new StringWriter { NewLine = "\n" };
        var page = new Page(text, width, colours: false);
        page.Show(new Row(RowKind.Step)
        {
            Label = "Name",
            Text = "www.lab.glasscom.com  AAAA?",
            Children =
            [
                new Row(RowKind.Detail) { Cells = [".", "2001:503:ba3e::2:30", "a.root-servers.net"], Text = "referral to com (13 servers)", Nanoseconds = 41_800_000 },
                new Row(RowKind.Detail) { Cells = ["lab.glasscom.com", "2001:db8:2::53", "ns1.lab.glasscom.com"], Text = answer, Nanoseconds = 11_800_000, IsResult = true },
            ],
        });
        var lines = text.ToString().Split('\n');
        Assert.All(lines, line => Assert.True(DisplayWidth.Of(line) <= width, line));
        var said = string.Concat(lines.SkipWhile(static line => !line.Contains("2001:db8:2::53", StringComparison.Ordinal)).Select(static line => line.Replace("11.8 ms", "", StringComparison.Ordinal)));
        Assert.Contains(string.Concat(answer.Where(static c => c != ' ')), string.Concat(said.Where(static c => c is not (' ' or '│'))));
        Assert.Contains("11.8 ms", text.ToString());
    }

    /// <summary>What is told on a page of 120 columns is told on every other one: lines break there, and nothing of them is left out.</summary>
    [Theory]
    [InlineData("--lab=troubles", "--max-time", "5", "http://www.lame.test/")]
    [InlineData("--lab=troubles", "--max-time", "5", "http://www.silent.test/")]
    [InlineData("--lab=troubles", "--max-time", "5", "http://www.circle.test/")]
    [InlineData("--lab", "http://nowhere.lab.glasscom.com/")]
    [InlineData("--lab", "http://www.lab.glasscom.com/dir1/file1.html")]
    [InlineData("--lab=troubles", "https://expired.test/")]
    [InlineData("resolve", "--lab", "glasscom.com", "MX")]
    [InlineData("ip", "10.11.12.13/24", "--split", "26")]
    [InlineData("lab", "hosts", "glasscom")]
    public void No_width_loses_a_word(params string[] arguments)
    {
        var wide = Words(Command.RunWith(null, null, arguments).Output);
        foreach (var columns in (string[])["60", "80", "200"])
        {
            var narrow = Words(Command.RunWith(null, new Dictionary<string, string> { ["COLUMNS"] = columns }, arguments).Output);
            // Beside addresses, servers' names are the first to go where they have no line of their own.
            var lost = wide.Except(narrow).Where(word => columns == "200" || !ServerName().IsMatch(word));
            Assert.True(!lost.Any(), $"{columns} columns lose {string.Join(' ', lost)}");
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^(?:ns\d?|[a-m])\.[a-z.-]+$", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex ServerName();

    private static HashSet<string> Words(string output) => [.. output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(static word => word.Any(char.IsLetterOrDigit))];
}
