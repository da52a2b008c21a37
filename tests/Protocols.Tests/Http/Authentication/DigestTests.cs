using Firstbyte.Http.Authentication;

namespace Firstbyte.Tests.Http.Authentication;

/// <summary>Digest authentication, by the examples of its specifications.</summary>
public sealed class DigestTests
{
    private const string Nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string ClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    private static readonly Credentials s_mufasa = new("Mufasa", "Circle of Life");

    private static DigestChallenge Read(string field)
    {
        var challenges = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(field, challenges));
        return DigestChallenge.Of(Assert.Single(challenges))!;
    }

    private static DigestSubject Subject(string method = "GET") => new(s_mufasa, method, "/dir/index.html", 1, ClientNonce);

    /// <summary>RFC 7616 3.9.1.</summary>
    [Theory]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    public void The_example_of_rfc_7616_is_answered_as_it_says(string algorithm, string response)
    {
        var challenge = Read(
            $"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{Nonce}\", "
            + "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        Assert.Equal(
            $"Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm={algorithm}, nonce=\"{Nonce}\", nc=00000001, "
            + $"cnonce=\"{ClientNonce}\", qop=auth, response=\"{response}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
            DigestAnswer.Field(challenge, Subject()));
    }

    /// <summary>RFC 2617 3.5, and RFC 2069 2.4 as its erratum 749 has it.</summary>
    [Theory]
    [InlineData("qop=\"auth,auth-int\", ", "Circle Of Life", "6629fae49393a05397450978507c4ef1")]
    [InlineData("", "CircleOfLife", "1949323746fe6a43ef61f9606e7febea")]
    public void The_older_examples_are_answered_as_they_say(string qop, string password, string response)
    {
        var challenge = Read($"Digest realm=\"testrealm@host.com\", {qop}nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
        Assert.Equal(response, DigestAnswer.Response(challenge, new DigestSubject(new Credentials("Mufasa", password), "GET", "/dir/index.html", 1, "0a4f113b")));
    }

    /// <summary>What the RFC has no example of, worked out with another program (Python's hashlib).</summary>
    [Theory]
    [InlineData("MD5", "auth", "6f31d8ff6361bb27783b6ac62b999535")]
    [InlineData("MD5", "auth-int", "e4ac3c00299d523b5391298c4f855c18")]
    [InlineData("MD5-sess", "auth", "9e3465d402d672d7b3c6a659201e5672")]
    [InlineData("md5-SESS", "auth-int", "d5b92714384a575cf18158275c838f12")]
    [InlineData("SHA-256", "auth", "b85bfcaae378db6f6d75b1706062ac3d66fec2dd3d0082d77885522866488dac")]
    [InlineData("SHA-256", "auth-int", "176672e206620851b3a3441c734a317be951c64addcf827261d0455187323ab3")]
    [InlineData("SHA-256-sess", "auth", "0e658dc13b25b342e9281bdff874ea276afc02b18423b0b6e6d4db12ef338586")]
    [InlineData("SHA-256-sess", "auth-int", "71ac396009a409bd294b547deb74a744afa1d1680d14f13a63ed1da85ec9e622")]
    public void Sessions_and_protected_content_are_hashed_as_the_rfc_says(string algorithm, string qop, string response)
    {
        var challenge = Read($"Digest realm=\"http-auth@example.org\", qop=\"{qop}\", algorithm={algorithm}, nonce=\"{Nonce}\"");
        using var hash = new DigestContent(challenge.Hash);
        hash.Append("a="u8);
        hash.Append("b"u8);
        Assert.Equal(response, DigestAnswer.Response(challenge, Subject("POST") with { ContentHash = hash.Finish() }));
    }

    [Fact]
    public void The_servers_proof_is_the_same_without_the_method() =>
        Assert.Equal(
            "86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0",
            DigestAnswer.Proof(Read($"Digest realm=\"http-auth@example.org\", qop=\"auth\", algorithm=SHA-256, nonce=\"{Nonce}\""), Subject()));

    /// <summary>RFC 7616 3.4: a name that no quoted string can carry, and one that goes hashed (3.4.4).</summary>
    [Theory]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", charset=UTF-8", true)]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", charset=UTF-8, userhash=true", true)]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"", false)]
    public void Who_reads_utf8_is_told_the_same_however_it_was_typed(string field, bool isSame)
    {
        var challenge = Read(field);
        var typed = Say("Jasøn D\u006F\u0308e", "o\u0308 \u1112\u1161\u11AB \u212B");
        var composed = Say("Jasøn Döe", "ö 한 Å");
        Assert.Equal(isSame, typed == composed);
        Assert.Equal(new Credentials("Döe", "한"), new Credentials("Do\u0308e", "\u1112\u1161\u11AB").Normalized());
        // What is no text stays what it is.
        Assert.Equal("o\uD800", new Credentials("o\uD800", "").Normalized().User);

        string Say(string user, string password) => DigestAnswer.Field(challenge, new DigestSubject(new Credentials(user, password), "GET", "/", 1, "c"));
    }

    [Fact]
    public void Names_beyond_ascii_go_encoded_or_hashed()
    {
        var jason = new DigestSubject(new Credentials("Jäsøn Doe", "Secret, or not?"), "GET", "/doe.json", 1, "c");
        var challenge = Read("Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-256, nonce=\"n\", charset=UTF-8");
        Assert.Contains("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,", DigestAnswer.Field(challenge, jason), StringComparison.Ordinal);
        var hashed = DigestAnswer.Field(challenge with { HashesUser = true }, jason);
        Assert.Contains("username=\"5a1a8a47df5c298551b9b42ba9b05835174a5bd7d511ff7fe9191d8e946fc4e7\"", hashed, StringComparison.Ordinal);
        Assert.EndsWith(", userhash=true", hashed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Digest nonce=\"n\", qop=\"auth\"")]
    [InlineData("Digest realm=\"r\", qop=\"auth\"")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256")]
    [InlineData("Basic realm=\"r\", nonce=\"n\"")]
    public void What_cannot_be_answered_is_none(string field) => Assert.Null(Read(field));

    [Fact]
    public void What_a_server_says_stays_between_its_quotes()
    {
        var challenge = Read("Digest realm=\"a \\\"b\\\\\", nonce=\"n\\\", x=\", qop=auth");
        Assert.Equal(("a \"b\\", "n\", x="), (challenge.Realm, challenge.Nonce));
        var field = DigestAnswer.Field(challenge, Subject());
        Assert.Contains("realm=\"a \\\"b\\\\\", ", field, StringComparison.Ordinal);
        Assert.Contains("nonce=\"n\\\", x=\", ", field, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_takes_the_right_password_for_the_right_request_alone()
    {
        var challenge = Read($"Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"{Nonce}\"");
        var answers = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(DigestAnswer.Field(challenge, Subject()), answers));
        bool Is(Credentials credentials, string method = "GET", string target = "/dir/index.html") =>
            DigestAnswer.IsRight(challenge, answers[0], credentials, method, target);
        Assert.True(Is(s_mufasa));
        Assert.False(Is(s_mufasa with { Password = "circle of life" }));
        Assert.False(Is(s_mufasa with { User = "mufasa" }));
        Assert.False(Is(s_mufasa, "POST"));
        Assert.False(Is(s_mufasa, target: "/dir/"));
        Assert.False(DigestAnswer.IsRight(challenge with { Nonce = "other" }, answers[0], s_mufasa, "GET", "/dir/index.html"));
    }

    /// <summary>RFC 7617 2 and 2.1.</summary>
    [Theory]
    [InlineData("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]
    [InlineData("test", "123\u00A3", "Basic dGVzdDoxMjPCow==")]
    public void The_examples_of_rfc_7617_are_written_as_it_says(string user, string password, string field)
    {
        Assert.Equal(field, BasicCredentials.Of(new Credentials(user, password)));
        var read = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(field, read));
        Assert.Equal(new Credentials(user, password), BasicCredentials.Read(read[0]));
    }

    [Fact]
    public void Credentials_do_not_show_their_password() => Assert.DoesNotContain("Circle", s_mufasa.ToString(), StringComparison.Ordinal);
}
