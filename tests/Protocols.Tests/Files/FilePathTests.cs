using CsCheck;
using Firstbyte.Files;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Files;

/// <summary>Where file: URLs lead (RFC 8089), and what they may not hold.</summary>
public sealed class FilePathTests
{
    [Theory]
    // RFC 8089 appendix B, and the chapter's.
    [InlineData("file:///path/to/file", "/path/to/file", false)]
    [InlineData("file:/path/to/file", "/path/to/file", false)]
    [InlineData("file://localhost/c:/path/file1.zip", "/c:/path/file1.zip", false)]
    [InlineData("file:///c|/path", "/c:/path", false)]
    [InlineData("file:///a%20b/%E4%BD%A0", "/a b/你", false)]
    [InlineData("file:///a/../b/%2e%2e/c/", "/c/", true)]
    [InlineData("file:///", "/", true)]
    [InlineData("file:///%zz", "/%zz", false)]
    public void A_url_leads_to_a_path(string url, string path, bool isDirectory)
    {
        var parsed = Url.Parse(url);
        Assert.Equal(FilePathFault.None, FilePath.TryRead(parsed.Hostname, parsed.Pathname, out var file));
        Assert.Equal(new FilePath(path, isDirectory), file);
    }

    [Theory]
    [InlineData("file://host.example/path", FilePathFault.OtherHost)]
    [InlineData("file://192.0.2.1/path", FilePathFault.OtherHost)]
    [InlineData("file:///a%00b", FilePathFault.Nul)]
    [InlineData("file:///a%2fb", FilePathFault.Slash)]
    [InlineData("file:///..%2f..%2Fetc", FilePathFault.Slash)]
    [InlineData("file:///%ff", FilePathFault.NotUtf8)]
    public void What_may_not_be_asked_for_is_refused(string url, FilePathFault fault)
    {
        var parsed = Url.Parse(url);
        Assert.Equal(fault, FilePath.TryRead(parsed.Hostname, parsed.Pathname, out _));
    }

    [Fact]
    public void A_path_that_is_too_long_is_refused() =>
        Assert.Equal(FilePathFault.TooLong, FilePath.TryRead("", "/" + new string('a', FileLimits.Path), out _));

    /// <summary>Whatever stands in a URL: the path begins at the root and holds no NUL; no name becomes two, and none leads upwards.</summary>
    [Fact]
    public void No_url_leads_out_of_its_names() => Gen.String[Gen.Char["abc/.%20fF\\:|"], 0, 30].Sample(text =>
    {
        var url = Url.Parse("file:///" + text);
        if (FilePath.TryRead(url.Hostname, url.Pathname, out var file) != FilePathFault.None) { return true; }
        var names = file!.Path.Split('/');
        return file.Path[0] == '/' && !file.Path.Contains('\0') && names.Length == url.Pathname.Split('/').Length && !names.Contains("..");
    });

    [Theory]
    [InlineData("/a/b.html", "text/html")]
    [InlineData("/a/b.TXT", "text/plain")]
    [InlineData("/c:/path/file1.zip", "application/zip")]
    [InlineData("/a.txt/b", "application/octet-stream")]
    [InlineData("/.html", "application/octet-stream")]
    public void A_names_ending_says_its_type(string path, string type) => Assert.Equal(type, FileTypes.Of(path));

    [Fact]
    public void A_listing_has_a_line_for_each_name_whatever_it_holds()
    {
        var time = Instant.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Assert.Equal("2026-01-02 03:04:05           150 file1.htm\n", FileListing.Line(new FileEntry("file1.htm", FileKind.Regular, 150, time)));
        Assert.Equal("-                               - dir/\n", FileListing.Line(new FileEntry("dir", FileKind.Directory, null, null)));
        Assert.Equal("-                               - a%0Ab|\n", FileListing.Line(new FileEntry("a\nb", FileKind.Pipe, null, null)));
    }
}
