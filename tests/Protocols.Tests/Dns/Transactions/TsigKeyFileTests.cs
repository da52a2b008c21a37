using Firstbyte.Dns.Transactions;

namespace Firstbyte.Tests.Dns.Transactions;

public class TsigKeyFileTests
{
    [Fact]
    public void Keys_are_read_as_BIND_reads_them()
    {
        const string Text = """
            // one
            key "First.example" {
                algorithm hmac-sha256;  # the usual
                secret "c2VjcmV0";
            };
            /* two
            */ KEY second { secret c2VjcmV0; Algorithm HMAC-SHA512-256; };key third{algorithm hmac-sha1;secret "AA==";};
            """;
        Assert.True(TsigKeyFile.TryRead(Text, out var keys, out var fault), fault.ToString());
        Assert.Equal(["first.example. hmac-sha256 32", "second. hmac-sha512 32", "third. hmac-sha1 20"], keys.Select(key => $"{key} {key.MacLength}"));
    }

    [Theory]
    [InlineData("", TsigKeyFlaw.NoKeys, 1)]
    [InlineData("# none\n", TsigKeyFlaw.NoKeys, 2)]
    [InlineData("key a {\n algorithm hmac-sha256;\n secret \"AA==\" };", TsigKeyFlaw.Syntax, 3)]
    [InlineData("kex a { };", TsigKeyFlaw.Syntax, 1)]
    [InlineData("key a {\nalgorithm hmac-sha256; };", TsigKeyFlaw.Incomplete, 2)]
    [InlineData("key a { algorithm hmac-sha3; secret \"AA==\"; };", TsigKeyFlaw.UnknownAlgorithm, 1)]
    [InlineData("key a { algorithm hmac-sha256-64; secret \"AA==\"; };", TsigKeyFlaw.UnknownAlgorithm, 1)]
    [InlineData("key a { algorithm hmac-sha256-130; secret \"AA==\"; };", TsigKeyFlaw.UnknownAlgorithm, 1)]
    [InlineData("key a { algorithm hmac-md5; secret \"AA==\"; };", TsigKeyFlaw.Md5, 1)]
    [InlineData("key a { secret \"hush!\"; };", TsigKeyFlaw.BadSecret, 1)]
    [InlineData("key a { secret \"\"; };", TsigKeyFlaw.BadSecret, 1)]
    [InlineData("key a..b { secret \"AA==\"; };", TsigKeyFlaw.BadName, 1)]
    [InlineData("key a { algorithm hmac-sha1; secret \"AA==\"; };\nkey A. { algorithm hmac-sha1; secret \"AA==\"; };", TsigKeyFlaw.Twice, 2)]
    [InlineData("key a { algorithm hmac-sha1; secret \"AA", TsigKeyFlaw.Cut, 1)]
    [InlineData("key a { algorithm hmac-sha1;", TsigKeyFlaw.Cut, 1)]
    [InlineData("key a /* b", TsigKeyFlaw.Cut, 1)]
    public void What_is_no_key_is_told_with_its_line(string text, TsigKeyFlaw flaw, int line)
    {
        Assert.False(TsigKeyFile.TryRead(text, out _, out var fault));
        Assert.Equal(new TsigKeyFault(flaw, line), fault);
    }

    [Fact]
    public void Md5_is_taken_where_it_is_asked_for() =>
        Assert.True(TsigKeyFile.TryRead("key a { algorithm hmac-md5.sig-alg.reg.int; secret \"AA==\"; };", out _, out _, allowsMd5: true));
}
