using Firstbyte.Http.Authentication;

namespace Firstbyte.Tests.Http.Authentication;

public sealed class NetrcFileTests
{
    private const string Text = """
        # machine commented.example login no password no
        machine a.example login ann password "one \"quoted\" \\ word"
        machine b.example
            login bob account x
            password two
        macdef init
        machine macro.example login no password no

        machine b.example login bea password three
        machine bare.example
        machine only.example password four
        default login anonymous password me@example.com
        machine late.example login late password late
        """;

    [Theory]
    [InlineData("a.example", null, "ann", "one \"quoted\" \\ word")]
    [InlineData("A.EXAMPLE", null, "ann", "one \"quoted\" \\ word")]
    [InlineData("b.example", null, "bob", "two")]
    [InlineData("b.example", "bea", "bea", "three")]
    [InlineData("only.example", "olaf", "olaf", "four")]
    [InlineData("commented.example", null, "anonymous", "me@example.com")]
    [InlineData("macro.example", null, "anonymous", "me@example.com")]
    [InlineData("late.example", null, "anonymous", "me@example.com")]
    public void The_first_entry_that_fits_counts(string host, string? user, string login, string password) =>
        Assert.Equal(new Credentials(login, password), NetrcFile.Read(Text).Find(host, user));

    [Theory]
    // A machine that the file says nothing of gets no other machine's password.
    [InlineData("bare.example", null)]
    [InlineData("a.example", "somebody")]
    public void What_fits_nothing_has_no_password(string host, string? user) =>
        Assert.Null(NetrcFile.Read(Text.Replace("default login anonymous password me@example.com", "", StringComparison.Ordinal)).Find(host, user));

    [Theory]
    [InlineData("machine a login b password c\n", new int[0])]
    [InlineData("machine a\n  logn b password c\n", new[] { 2, 2 })]
    [InlineData("# logn\nmachine a login logn passwd c", new[] { 2, 2 })]
    [InlineData("machine a login b password \"c\nd\"\n\nuser e", new[] { 2, 4, 4 })]
    [InlineData("macdef x\ncd y\n\nmachine a acount b", new[] { 4, 4 })]
    [InlineData("machine a password \"open\n", new int[0])]
    [InlineData("machine a\n login \"open\nmachine b login c password d", new int[0])]
    public void Words_that_mean_nothing_are_known_by_their_lines(string text, int[] lines) => Assert.Equal(lines, NetrcFile.Read(text).Unreadable);

    /// <summary>A quote that is not closed would take the rest of the file for a password, and show it to whoever asks for one.</summary>
    [Theory]
    [InlineData("machine z login u password \"se cret\nmachine y login a password b\n")]
    [InlineData("machine z login \"u password p\nmachine y login a password b\n")]
    public void An_open_quote_gives_nothing_away(string text)
    {
        var file = NetrcFile.Read(text);
        Assert.Equal(1, file.OpenQuoteLine);
        Assert.Null(file.Find("z"));
        Assert.Equal(new Credentials("a", "b"), file.Find("y"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("machine")]
    [InlineData("machine a login")]
    [InlineData("login x password y")]
    [InlineData("machine a password \"open")]
    [InlineData("macdef x")]
    [InlineData("\"\\")]
    public void Nothing_in_a_file_is_an_error(string text) => Assert.Null(NetrcFile.Read(text).Find("z"));
}
