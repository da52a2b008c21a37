namespace Firstbyte.Tests;

/// <summary><c>firstbyte zone check</c> with files: what is included, and where its lines are.</summary>
public class ZoneCommandTests
{
    private const string Head = "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\n";

    [Fact]
    public void A_fault_in_an_included_file_is_shown_with_its_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), Head + "$INCLUDE inner\n");
        File.WriteAllText(Path.Combine(folder.Path, "inner"), "; a comment\n\na\t1\tA\t1.2.3\n");
        var run = Command.RunIn(folder.Path, "zone", "check", "example=db");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: inner:3:7: expected an IPv4 address such as 192.0.2.1, found '1.2.3'\n     3 | a 1 A 1.2.3\n       |       ^\nzone example. cannot be served\n", run.Output);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("nowhere")]
    [InlineData(".")]
    public void Only_regular_files_are_included(string name)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("devices of Linux"); }
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), Head + $"$INCLUDE {name}\n");
        var run = Command.RunIn(folder.Path, "zone", "check", "example=db");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: db:4:10: expected the name of a file that can be read, found '{name}'\n", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The order of RFC 4034 section 6.1 is that of its own example; two files of one zone become the same, and that again.</summary>
    [Fact]
    public void A_zone_has_one_form()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            Path.Combine(folder.Path, "one"),
            "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\na TXT b\na TXT \"a\" ; comment\nyljkjljk.a A 192.0.2.1\nZ.a A 192.0.2.1\nzABC.a A 192.0.2.1\nz A 192.0.2.2\n"
                + "\\001.z A 192.0.2.1\n*.z A 192.0.2.1\n\\200.z A 192.0.2.1\nz MX 1 m\n");
        File.WriteAllText(
            Path.Combine(folder.Path, "other"),
            "$ORIGIN z.example.\n\\200 1m A 192.0.2.1\n* 60 IN A 192.0.2.1\n\\001 60 A 192.0.2.1\n@ 60 MX 1 m.example.\n@ 60 A 192.0.2.2\n$ORIGIN example.\n$TTL 60\n@ NS x.\n"
                + "@ SOA a. b. 1 2 3 4 5\nzABC.a A 192.0.2.1\nyljkjljk.a A 192.0.2.1\nZ.a A 192.0.2.1\na TXT \"a\"\na TXT \"b\"\n");
        var form = Command.RunIn(folder.Path, "zone", "format", "example=one").Output;
        Assert.Equal(
            """
            example. 60 IN SOA a. b. 1 2 3 4 5
            example. 60 IN NS x.
            a.example. 60 IN TXT "a"
            a.example. 60 IN TXT "b"
            yljkjljk.a.example. 60 IN A 192.0.2.1
            Z.a.example. 60 IN A 192.0.2.1
            zABC.a.example. 60 IN A 192.0.2.1
            z.example. 60 IN A 192.0.2.2
            z.example. 60 IN MX 1 m.example.
            \001.z.example. 60 IN A 192.0.2.1
            *.z.example. 60 IN A 192.0.2.1
            \200.z.example. 60 IN A 192.0.2.1

            """, form);
        Assert.Equal(form, Command.RunIn(folder.Path, "zone", "format", "example=other").Output);
        Assert.Equal(0, Command.RunIn(folder.Path, "zone", "format", "example=other", "-o", "again").ExitCode);
        Assert.Equal(form, File.ReadAllText(Path.Combine(folder.Path, "again")));
        Assert.Equal(form, Command.RunIn(folder.Path, "zone", "format", "example=again").Output);
        File.AppendAllText(Path.Combine(folder.Path, "again"), "a CNAME b\n");
        Assert.Equal((2, ""), (Command.RunIn(folder.Path, "zone", "format", "example=again") is var refused ? refused.ExitCode : 0, refused.Output));
    }
}
