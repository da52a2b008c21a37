using Firstbyte.Cli.Prompting;

namespace Firstbyte.Tests.Prompting;

/// <summary>The line editor, key by key, without a terminal.</summary>
public class LineEditorTests
{
    [Theory]
    [InlineData("ping www⏎", "ping www")]
    [InlineData("pin www←←←←g⏎", "ping www")]
    [InlineData("xping wwwy⌫⇤⌦⏎", "ping www")]
    [InlineData("ping home^Wwww⏎", "ping www")]
    [InlineData("nonsense^Uping www⏎", "ping www")]
    [InlineData("ping www and more⇤→→→→→→→→^K⏎", "ping www")]
    [InlineData("www^Uping ^Y⏎", "ping www")]
    [InlineData("pnig www⇤→→^T⏎", "ping www")]
    [InlineData("ping 🏠←→⌫www⏎", "ping www")]
    public void Keys_edit_the_line(string keys, string line) => Assert.Equal(line, Read(keys).Line);

    [Fact]
    public void The_arrow_keys_walk_through_the_history_and_back_to_what_was_being_typed()
    {
        var history = new LineHistory();
        foreach (var line in (string[])["first", "second", "second", " hidden", ""]) { history.Add(line); }
        Assert.Equal(["first", "second"], history.Lines);
        Assert.Equal("first", Read("↑↑↑⏎", history).Line);
        Assert.Equal("draft", Read("draft↑↑↓↓↓⏎", history).Line);
        // The lines that were just read are history too.
        Assert.Equal("draft more", Read("↑↑↓ more⏎", history).Line);
    }

    [Fact]
    public void Ctrl_r_finds_the_newest_line_that_holds_what_is_typed()
    {
        var history = new LineHistory();
        foreach (var line in (string[])["ping www", "fetch x", "ping dns"]) { history.Add(line); }
        Assert.Equal("ping dns", Read("^Rping⏎", history).Line);
        history.Add("routes");
        Assert.Equal("ping www", Read("^Rping^R⏎", history).Line);
        Assert.Equal("kept", Read("kept^Rpi⎋⏎", history).Line);
    }

    [Fact]
    public void Tab_puts_in_what_is_certain_and_shows_the_rest_the_second_time()
    {
        Assert.Equal("traceroute ", Read("tra⇥⏎").Line);
        Assert.Equal("ping ns1.", Read("ping n⇥⏎").Line);
        var (line, screen) = Read("ping n⇥⏎");
        Assert.Equal("ping ns1.", line);
        Assert.DoesNotContain("ns1.lab", screen, StringComparison.Ordinal);
        (line, screen) = Read("ping n⇥⇥⇥l⇥⏎");
        Assert.Equal("ping ns1.lab ", line);
        Assert.Contains("ns1.glass  ns1.lab", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_c_gives_up_the_line_and_ctrl_d_on_an_empty_one_the_prompt()
    {
        Assert.Equal("", Read("half a li^C").Line);
        Assert.Null(Read("^D").Line);
        Assert.Equal("ab", Read("abc←^D⏎").Line);
        Assert.Null(Read("the terminal goes away").Line);
    }

    [Fact]
    public void A_line_longer_than_the_terminal_scrolls_and_never_wraps()
    {
        var terminal = new FakeTerminal(Keys(new string('a', 100) + "⇤⏎"), width: 40);
        var editor = new LineEditor(terminal, new LineHistory(), static (_, _) => []);
        Assert.Equal(100, editor.Read("> ")!.Length);
        Assert.All(terminal.Screen.Split('\r', StringSplitOptions.RemoveEmptyEntries), static drawn => Assert.True(Visible(drawn) <= 39, drawn));
    }

    [Fact]
    public void The_history_outlives_the_process_in_the_users_state_folder()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "state", "firstbyte", "lab-history");
        HistoryFile.Open(path).Add("ping www");
        HistoryFile.Open(path).Add("arp");
        Assert.Equal(["ping www", "arp"], HistoryFile.Open(path).Lines);
        if (!OperatingSystem.IsWindows()) { Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!)); }
        var many = new LineHistory();
        for (var i = 0; i < LineHistory.MaxLines + 10; i++) { many.Add($"line {i}"); }
        Assert.Equal((LineHistory.MaxLines, "line 10"), (many.Lines.Count, many.Lines[0]));
    }

    private static (string? Line, string Screen) Read(string keys, LineHistory? history = null)
    {
        var terminal = new FakeTerminal(Keys(keys), width: 80);
        var editor = new LineEditor(terminal, history ?? new LineHistory(), static (line, cursor) =>
        {
            var word = line[..cursor].Split(' ')[^1];
            return [.. ((string[])["traceroute", "ping", "ns1.glass", "ns1.lab"]).Where(one => one.StartsWith(word, StringComparison.Ordinal))];
        });
        return (editor.Read("> "), terminal.Screen);
    }

    private static int Visible(string drawn)
    {
        var count = 0;
        for (var i = 0; i < drawn.Length; i++)
        {
            if (drawn[i] != '\x1b') { count += drawn[i] >= ' ' ? 1 : 0; continue; }
            while (!char.IsAsciiLetter(drawn[i])) { i++; }
        }
        return count;
    }

    private static IEnumerable<ConsoleKeyInfo> Keys(string keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            yield return keys[i] switch
            {
                '⏎' => new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false),
                '⇥' => new ConsoleKeyInfo('\t', ConsoleKey.Tab, false, false, false),
                '←' => new ConsoleKeyInfo('\0', ConsoleKey.LeftArrow, false, false, false),
                '→' => new ConsoleKeyInfo('\0', ConsoleKey.RightArrow, false, false, false),
                '↑' => new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, false, false, false),
                '↓' => new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, false, false, false),
                '⇤' => new ConsoleKeyInfo('\0', ConsoleKey.Home, false, false, false),
                '⌫' => new ConsoleKeyInfo('\b', ConsoleKey.Backspace, false, false, false),
                '⌦' => new ConsoleKeyInfo('\0', ConsoleKey.Delete, false, false, false),
                '⎋' => new ConsoleKeyInfo('\x1b', ConsoleKey.Escape, false, false, false),
                '^' => new ConsoleKeyInfo((char)(keys[++i] - '@'), Enum.Parse<ConsoleKey>(keys[i].ToString()), false, false, control: true),
                var letter => new ConsoleKeyInfo(letter, ConsoleKey.None, false, false, false),
            };
        }
    }

    private sealed class FakeTerminal(IEnumerable<ConsoleKeyInfo> keys, int width) : ITerminal
    {
        private readonly IEnumerator<ConsoleKeyInfo> _keys = keys.GetEnumerator();
        private readonly System.Text.StringBuilder _screen = new();

        public int Width { get; } = width;

        public string Screen => _screen.ToString();

        public ConsoleKeyInfo? ReadKey() => _keys.MoveNext() ? _keys.Current : null;

        public void Write(string text) => _screen.Append(text);
    }
}
