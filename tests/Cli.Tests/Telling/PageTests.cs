using Firstbyte.Cli.Drawing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests.Telling;

public class PageTests
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
}
