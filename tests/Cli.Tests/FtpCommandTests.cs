namespace Firstbyte.Tests;

/// <summary>ftp: by the plain command, in the lab of the chapter.</summary>
public sealed class FtpCommandTests : IDisposable
{
    private const string Folder = "ftp://user:password@ftp.glasscom.com/dir/", File1 = Folder + "file1.htm";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (int, string) Silent(params string[] arguments)
    {
        var run = Command.Run(["--lab", "-s", .. arguments]);
        return (run.ExitCode, run.Output);
    }

    [Theory]
    [InlineData("2-6", 0, "DOCTY")]
    [InlineData("0-0", 0, "<")]
    [InlineData("-3", 0, "l>\n")]
    [InlineData("147-", 0, "l>\n")]
    [InlineData("147-9999", 0, "l>\n")]
    [InlineData("9999-", 36, "")]
    public void A_range_is_a_part_of_the_file(string range, int exitCode, string content) => Assert.Equal((exitCode, content), Silent("-r", range, File1));

    [Fact]
    public void What_is_known_of_a_file_stands_where_a_head_would()
    {
        Assert.Equal((0, "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 150\r\nAccept-Ranges: bytes\r\n\r\n"), Silent("-I", File1));
        Assert.Equal((78, ""), Silent("-I", Folder + "nothing.htm"));
        var told = Command.Run("--lab", "-I", File1);
        Assert.Contains("150 bytes, last changed 2026-01-01 00:00:00 UTC", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("RETR", told.Output, StringComparison.Ordinal);
    }

    /// <summary>As curl has it: the name of the file that is stored.</summary>
    [Fact]
    public void A_folder_gets_the_name_of_what_is_stored()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "a note.txt"), "x");
        var run = Command.RunIn(_folder.Path, "--lab", "-T", "a note.txt", Folder);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("STOR a note.txt", run.Output, StringComparison.Ordinal);
    }

    /// <summary>SIZE that no FEAT names is asked for all the same: a file that is cut short is seen to be.</summary>
    [Fact]
    public void A_file_is_known_to_be_cut_short_without_features()
    {
        using var data = new RawServer(static connection => connection.Send("01234"));
        using var server = new RawServer(connection =>
        {
            connection.Send("220 old\r\n");
            while (true)
            {
                var verb = connection.ReadLine().TrimEnd('\r', '\n').Split(' ')[0];
                connection.Send(verb switch
                {
                    "USER" => "230 in\r\n",
                    "FEAT" => "211-F\r\n UTF8\r\n211 End\r\n",
                    "SIZE" => "213 50\r\n",
                    "EPSV" => $"229 Entering (|||{data.Port}|)\r\n",
                    "RETR" => "150 here\r\n226 done\r\n",
                    _ => "200 ok\r\n",
                });
            }
        });
        Assert.Equal(18, Command.Run("-s", $"ftp://127.0.0.1:{server.Port}/f").ExitCode);
    }
}
