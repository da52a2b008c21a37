using Firstbyte.Cli;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Telling;
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
    [InlineData("lab", "links", "glasscom")]
    [InlineData("lab", "routes", "glasscom", "core")]
    [InlineData("lab", "cache", "glasscom", "dns", "--after", "resolve www.lab.glasscom.com")]
    [InlineData("lab", "arp", "glasscom", "--after", "ping www")]
    [InlineData("lab", "sockets", "glasscom", "dns")]
    [InlineData("sim", "--seeds", "1..2")]
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

    /// <summary>A table keeps to the terminal, in every language; in a pipe each row is a line, whatever its length.</summary>
    [Theory]
    [InlineData("hosts", "glasscom")]
    [InlineData("links", "glasscom")]
    [InlineData("routes", "glasscom", "core")]
    [InlineData("cache", "glasscom", "dns", "--after", "resolve www.lab.glasscom.com")]
    public void A_table_keeps_to_its_width(params string[] arguments)
    {
        foreach (var language in Languages.All)
        {
            var whole = Command.Run(["lab", .. arguments, "--lang", language.Tag]).Output.TrimEnd().Split('\n');
            foreach (var columns in (int[])[60, 80, 100])
            {
                var lines = Command.RunWith(null, new Dictionary<string, string> { ["COLUMNS"] = $"{columns}" }, ["lab", .. arguments, "--lang", language.Tag]).Output.TrimEnd().Split('\n');
                Assert.All(lines, line => Assert.True(DisplayWidth.Of(line) <= columns, line));
                Assert.True(whole.All(line => DisplayWidth.Of(line) <= columns) ? lines.Length == whole.Length : lines.Length > whole.Length);
            }
        }
    }

    [Fact]
    public void A_table_that_is_too_wide_breaks_its_widest_cells_and_then_stands_row_below_row()
    {
        var table = new Table(["name", "addresses"], [["com1", "192.5.6.30/32, 192.26.92.30/32"], ["a-very-long-name-indeed", "192.0.2.1/24"]]);
        string Drawn(int columns) => string.Join('\n', new TableColumns(table, columns).Lines().Select(static line => line.Text));
        Assert.Equal("name                     addresses\ncom1                     192.5.6.30/32, 192.26.92.30/32\na-very-long-name-indeed  192.0.2.1/24", Drawn(80));
        Assert.Equal("name                     addresses\ncom1                     192.5.6.30/32,\n                         192.26.92.30/32\na-very-long-name-indeed  192.0.2.1/24", Drawn(42));
        Assert.Equal("name       com1\naddresses  192.5.6.30/32,\n           192.26.92.30/32\n\nname       a-very-long-name-indeed\naddresses  192.0.2.1/24", Drawn(34));
    }

    /// <summary>Help is read beside something else: nothing of it is wider than 100 columns where a page is, and its examples never are.</summary>
    [Fact]
    public void Help_fits_100_columns()
    {
        foreach (var language in Languages.All)
        {
            using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals()) { Language = language };
            foreach (var path in Paths(Application.Grammar(io), []))
            {
                var page = Command.RunWith(null, new Dictionary<string, string> { ["COLUMNS"] = "100" }, [.. path, "--help", "--lang", language.Tag]).Output;
                Assert.All(page.Split('\n'), line => Assert.True(DisplayWidth.Of(line) <= 100, line));
                var wide = Command.Run([.. path, "--help", "--lang", language.Tag]).Output;
                if (wide.IndexOf(language.Help.ExamplesHead, StringComparison.Ordinal) is >= 0 and var at) { Assert.All(wide[at..].Split('\n'), line => Assert.True(DisplayWidth.Of(line) <= 100, line)); }
            }
        }

        static IEnumerable<string[]> Paths(System.CommandLine.Command command, string[] path) =>
            command.Subcommands.SelectMany(child => Paths(child, [.. path, child.Name])).Prepend(path);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^(?:ns\d?|[a-m])\.[a-z.-]+$", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex ServerName();

    private static HashSet<string> Words(string output) => [.. output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(static word => word.Any(char.IsLetterOrDigit))];
}
