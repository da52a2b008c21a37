using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Ftp;

namespace Firstbyte.Tests.Ftp;

public sealed class FtpNamesTests
{
    [Theory]
    [InlineData("/dir/file1.htm", "dir", "file1.htm")]
    [InlineData("/file", "", "file")]
    [InlineData("/", "", "")]
    [InlineData("", "", "")]
    [InlineData("/a/b/", "a|b", "")]
    [InlineData("//etc/motd", "/|etc", "motd")]
    // RFC 1738 3.2.2's own examples.
    [InlineData("/%2Fetc/motd", "/etc", "motd")]
    [InlineData("/etc/motd", "etc", "motd")]
    [InlineData("/%2Fetc%2Fmotd", "", "/etc/motd")]
    [InlineData("/a//b", "a", "b")]
    [InlineData("/sp%20ace/%C3%A9", "sp ace", "\u00e9")]
    public void A_path_is_directories_and_a_file(string path, string directories, string file)
    {
        Assert.Equal(FtpPathFault.None, FtpPath.TryRead(path, out var result));
        Assert.Equal(directories, string.Join('|', result!.Directories));
        Assert.Equal(file, result.File);
        Assert.Equal(file.Length == 0, result.IsDirectory);
        Assert.Equal(FtpType.Image, result.Type);
    }

    [Theory]
    [InlineData("/f;type=a", "f", FtpType.Ascii, false)]
    [InlineData("/f;TYPE=I", "f", FtpType.Image, false)]
    [InlineData("/d;type=d", "d", FtpType.Image, true)]
    [InlineData("/f;type=x", "f;type=x", FtpType.Image, false)]
    [InlineData(";type=a", "", FtpType.Ascii, false)]
    public void Its_ending_says_the_type(string path, string file, FtpType type, bool names)
    {
        Assert.Equal(FtpPathFault.None, FtpPath.TryRead(path, out var result));
        Assert.Equal((file, type, names), (result!.File, result.Type, result.ListsNames));
    }

    [Theory]
    [InlineData("/a%0d%0aDELE%20b/f")]
    [InlineData("/f%0Ax")]
    [InlineData("/f%00")]
    public void What_would_begin_another_command_is_refused(string path) => Assert.Equal(FtpPathFault.ControlCharacter, FtpPath.TryRead(path, out _));

    [Fact]
    public void Paths_have_limits()
    {
        Assert.Equal(FtpPathFault.None, FtpPath.TryRead("/" + string.Join('/', Enumerable.Repeat("a", FtpLimits.PathSegments)), out _));
        Assert.Equal(FtpPathFault.TooManySegments, FtpPath.TryRead("/" + string.Join('/', Enumerable.Repeat("a", FtpLimits.PathSegments + 1)), out _));
        Assert.Equal(FtpPathFault.TooLong, FtpPath.TryRead("/" + new string('a', FtpLimits.Command), out _));
    }

    [Theory]
    [InlineData("Entering Passive Mode (192,0,2,5,19,137).", "192.0.2.5:5001")]
    [InlineData("Entering Passive Mode 192,0,2,5,19,137", "192.0.2.5:5001")]
    [InlineData("ok 1,2 (10,0,0,1,0,21)", "10.0.0.1:21")]
    [InlineData("(192,0,2,5,19)", null)]
    [InlineData("(192,0,2,256,19,137)", null)]
    [InlineData("(192,0,2,5,0,0)", null)]
    [InlineData("(1192,0,2,5,19,137)", null)]
    [InlineData("(192, 0,2,5,19,137)", null)]
    [InlineData("", null)]
    public void Passive_replies(string text, string? endpoint) =>
        Assert.Equal(endpoint, FtpAddresses.TryReadPassive(text, out var read) ? read.ToString() : null);

    [Theory]
    [InlineData("Entering Extended Passive Mode (|||6446|)", 6446)]
    [InlineData("(!!!21!)", 21)]
    [InlineData("(|||0|)", 0)]
    [InlineData("(|||65536|)", 0)]
    [InlineData("(|||-1|)", 0)]
    [InlineData("(||6446|)", 0)]
    [InlineData("(|||6446|", 0)]
    [InlineData("(11164461)", 0)]
    [InlineData("|||6446|", 0)]
    [InlineData("(", 0)]
    public void Extended_passive_replies(string text, int port) =>
        Assert.Equal(port, FtpAddresses.TryReadExtendedPassive(text, out var read) ? read : 0);

    [Fact]
    public void Ports_as_commands_write_them()
    {
        Assert.Equal("132,235,1,2,24,131", FtpAddresses.Port(new Endpoint(IpAddress.Parse("132.235.1.2"), 6275)));
        // RFC 2428 2's examples.
        Assert.Equal("|1|132.235.1.2|6275|", FtpAddresses.ExtendedPort(new Endpoint(IpAddress.Parse("132.235.1.2"), 6275)));
        Assert.Equal("|2|1080::8:800:200c:417a|5282|", FtpAddresses.ExtendedPort(new Endpoint(IpAddress.Parse("1080::8:800:200C:417A"), 5282)));
    }

    [Theory]
    [InlineData("type=file;size=5;modify=20250102030405; a b.txt", "File a b.txt 5 2025-01-02T03:04:05")]
    [InlineData("Type=dir;Modify=20250102030405.5;UNIX.mode=0755; sub", "Directory sub - 2025-01-02T03:04:05")]
    [InlineData("type=OS.unix=slink:/x; l", "Link l - -")]
    [InlineData("type=cdir; .", "Nothing")]
    [InlineData("type=pdir; ..", "Nothing")]
    [InlineData("type=file;size=99999999999999999999; huge", "File huge - -")]
    [InlineData("type=file; ../../etc/passwd", "Hostile")]
    [InlineData("type=file; a\\b", "Hostile")]
    [InlineData("type=file; \u001b[2J", "Hostile")]
    [InlineData("type=file; \u202egpj.exe", "Hostile")]
    [InlineData("type=file; ..", "Hostile")]
    [InlineData("type=dir; ..", "Nothing")]
    [InlineData("-rw-r--r--   1 0        0            1234 Jan 02  2025 read me.txt", "File read me.txt 1234 2025-01-02T00:00:00")]
    [InlineData("drwxr-xr-x   2 ftp      ftp          4096 Feb 30 12:34 pub", "Directory pub - -")]
    [InlineData("lrwxrwxrwx   1 0        0               4 Jan 02 12:34 a -> /etc/passwd", "Link a - -")]
    [InlineData("-rw-r--r--   1 nogroup      12 Jan  2  2025 x", "File x 12 2025-01-02T00:00:00")]
    [InlineData("-rw-r--r--   1 0        0            1234 Jan 02  2025  leading", "File  leading 1234 2025-01-02T00:00:00")]
    [InlineData("-rw-r--r--   1 0 0 1 Jan 02 2025 ../x", "Hostile")]
    [InlineData("total 12", "Nothing")]
    [InlineData("", "Nothing")]
    [InlineData("01-31-25  03:04PM       <DIR>          My Files", "Directory My Files - 2025-01-31T15:04:00")]
    [InlineData("01-31-2025  03:04AM             1234 a.txt", "File a.txt 1234 2025-01-31T03:04:00")]
    [InlineData("01-31-25  03:04PM       <JUNCTION> x", "Unknown")]
    [InlineData("-rw-r--r--", "Unknown")]
    [InlineData("hello world", "Unknown")]
    public void Listings(string line, string expected)
    {
        var what = FtpListing.Read(Encoding.UTF8.GetBytes(line), out var entry);
        Assert.Equal(expected, what == FtpListingLine.Entry ? $"{entry!.Kind} {entry.Name} {entry.Size?.ToString() ?? "-"} {entry.Modified?.ToString("s") ?? "-"}" : what.ToString());
        Assert.Equal(what == FtpListingLine.Entry, entry is not null);
    }

    [Fact]
    public void Whatever_a_listing_says_a_name_is_one_part_of_a_path()
    {
        var random = new Random(4711);
        string[] seeds = ["type=file;size=5;modify=20250102030405; ../a b.txt", "-rw-r--r--   1 0        0            1234 Jan 02  2025 ../read me.txt", "01-31-25  03:04PM       <DIR>          ..\\My Files"];
        for (var i = 0; i < 50_000; i++)
        {
            var line = Encoding.ASCII.GetBytes(seeds[i % seeds.Length]);
            for (var changes = random.Next(6); changes > 0; changes--) { line[random.Next(line.Length)] = (byte)random.Next(256); }
            if (FtpListing.Read(line, out var entry) == FtpListingLine.Entry) { Assert.Equal(entry!.Name, Path.GetFileName(Path.Combine("/root", entry.Name))); }
        }
    }
}
