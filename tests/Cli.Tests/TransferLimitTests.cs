namespace Firstbyte.Tests;

/// <summary>How much may come, how fast, and how slowly.</summary>
public sealed class TransferLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TransferLimitTests() => File.WriteAllText(Path.Combine(_folder.Path, "x.lab"), """
        lab "limits" client me
        subnet lan 10.1.0.0/24
        host me   on lan .2
        host www  on lan .80 serves http { /big size 100kB /for/ever endless /notes/ writable }
        host slow on lan .81 serves http pace 1kB { /big size 20kB }
        host ftp  on lan .82 serves ftp { /big.txt "some content that is longer than ten bytes" }
        """);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--max-filesize 100000 http://10.1.0.80/big", 0, "")]
    [InlineData("--max-filesize 99999 http://10.1.0.80/big", 63, "10.1.0.80:80 has 100,000 bytes, and 99,999 bytes may come.")]
    [InlineData("--max-filesize 64k http://10.1.0.80/for/ever", 63, "10.1.0.80:80 sends more than the 65,536 bytes that may come.")]
    [InlineData("--max-filesize 10 ftp://10.1.0.82/big.txt", 63, "may come.")]
    [InlineData("--speed-limit 2k --speed-time 3 http://10.1.0.81/big", 28, "The transfer with 10.1.0.81:80 was too slow: less than 2,048 bytes a second for 3 s.")]
    [InlineData("--speed-limit 900 --speed-time 3 http://10.1.0.81/big", 0, "")]
    // Who is kept waiting is not slow.
    [InlineData("--limit-rate 1k --speed-limit 500 --speed-time 2 http://10.1.0.80/big", 0, "")]
    public void A_limit_is_kept(string line, int exitCode, string words)
    {
        var run = Run([.. line.Split(' '), "-o", "file"]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, File.Exists(Path.Combine(_folder.Path, "file")));
    }

    [Fact]
    public void What_is_too_large_by_its_own_word_is_not_begun()
    {
        Run("--max-filesize", "5", "-o", "file", "http://10.1.0.80/big");
        Assert.Equal(["x.lab"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    /// <summary>By the clock of the lab: 100,000 bytes at 20 kB take five seconds.</summary>
    [Fact]
    public void A_transfer_is_no_faster_than_its_rate()
    {
        var (fast, paced) = (Seconds(Run("-o", "file", "http://10.1.0.80/big")), Seconds(Run("--limit-rate", "20000", "-o", "file", "http://10.1.0.80/big")));
        Assert.InRange(fast, 0, 1);
        Assert.InRange(paced, 4.5, 5.5);
        File.WriteAllBytes(Path.Combine(_folder.Path, "content"), new byte[100_000]);
        Assert.InRange(Seconds(Run("--limit-rate", "20000", "-T", "content", "http://10.1.0.80/notes/a")), 4, 5.5);
    }

    [Theory]
    [InlineData("--limit-rate 0")]
    [InlineData("--limit-rate fast")]
    [InlineData("--max-filesize -1")]
    [InlineData("--max-filesize 9999999999P")]
    public void What_is_no_number_of_bytes_is_refused(string line)
    {
        var run = Run([.. line.Split(' '), "http://10.1.0.80/big"]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("a number of bytes above 0 is wanted", run.Errors, StringComparison.Ordinal);
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, ["--lab=x.lab", .. arguments]);

    // "200 OK · 100,000 bytes · 5.02 s   name …": the whole time stands in the last line but those of the files.
    private static double Seconds(CommandRun run)
    {
        Assert.Equal(0, run.ExitCode);
        var time = System.Text.RegularExpressions.Regex.Match(
            run.Output, @" · (?<number>[\d.,]+) (?<unit>ms|s)   ", System.Text.RegularExpressions.RegexOptions.RightToLeft, TimeSpan.FromSeconds(1));
        return double.Parse(time.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture) / (time.Groups["unit"].Value == "ms" ? 1000 : 1);
    }
}
