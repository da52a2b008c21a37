using Firstbyte.Http.Authentication;

namespace Firstbyte.Tests.Http.Authentication;

public sealed class ChallengeReaderTests
{
    private static string Shown(string field, bool isWhole = true)
    {
        var challenges = new List<Challenge>();
        Assert.Equal(isWhole, ChallengeReader.TryRead(field, challenges));
        return string.Join(" | ", challenges.Select(static one =>
            string.Join(' ', [one.Scheme, .. one.Token is { } token ? [token] : (string[])[], .. one.Parameters.Select(static p => $"{p.Name}<{p.Value}>")])));
    }

    /// <summary>RFC 9110 11.6.1.</summary>
    [Fact]
    public void The_example_of_rfc_9110_is_two_challenges() =>
        Assert.Equal(
            "Basic realm<simple> | Newauth realm<apps> type<1> title<Login to \"apps\">",
            Shown("Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\""));

    [Theory]
    [InlineData("", "")]
    [InlineData(" , ,", "")]
    [InlineData("Negotiate", "Negotiate")]
    [InlineData("Negotiate, NTLM", "Negotiate | NTLM")]
    [InlineData("NTLM TlRMTVNTUAAC==", "NTLM TlRMTVNTUAAC==")]
    [InlineData("NTLM a=, Basic realm=x", "NTLM a= | Basic realm<x>")]
    [InlineData("Basic realm = \"a, b\" ,Digest\trealm=\"c\"", "Basic realm<a, b> | Digest realm<c>")]
    [InlineData("Bearer error=\"invalid_token\",,error_description=\"\"", "Bearer error<invalid_token> error_description<>")]
    [InlineData("Digest realm=a, qop=auth, Basic", "Digest realm<a> qop<auth> | Basic")]
    public void Lists_are_read_as_the_grammar_says(string field, string shown) => Assert.Equal(shown, Shown(field));

    [Theory]
    [InlineData("Basic realm=\"open", "")]
    [InlineData("Basic realm=", "Basic realm=")]
    [InlineData("Basic realm=\"a\" x", "")]
    [InlineData("Basic realm=\"a\", realm=\"b\"", "")]
    [InlineData("Negotiate, Basic realm=\"a\nb\"", "Negotiate")]
    [InlineData("realm=\"a\"", "")]
    [InlineData("Negotiate; Basic", "")]
    public void What_is_broken_ends_the_list_and_takes_nothing_else_with_it(string field, string shown) =>
        Assert.Equal(shown, Shown(field, isWhole: shown == "Basic realm="));

    [Fact]
    public void No_more_challenges_and_parameters_are_read_than_their_limits()
    {
        var challenges = new List<Challenge>();
        Assert.False(ChallengeReader.TryRead(string.Join(", ", Enumerable.Repeat("A", AuthenticationLimits.Challenges + 1)), challenges));
        Assert.Equal(AuthenticationLimits.Challenges, challenges.Count);
        challenges.Clear();
        var many = string.Join(", ", Enumerable.Range(0, AuthenticationLimits.Parameters + 1).Select(static i => $"p{i}=1"));
        Assert.False(ChallengeReader.TryRead("A " + many, challenges));
        Assert.Empty(challenges);
    }

    [Fact]
    public void The_best_that_is_offered_and_allowed_is_chosen()
    {
        var offered = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(
            "Basic realm=b, Digest realm=d, nonce=n, algorithm=SHA-512-256, Digest realm=d, nonce=n, algorithm=SHA-256, Digest realm=d, nonce=n", offered));
        var any = ChallengeChoice.Of(offered, AuthenticationSchemes.AnyWithPassword);
        Assert.Equal((AuthenticationSchemes.Digest, DigestHash.Sha256), (any.Scheme, any.Digest!.Hash));
        Assert.Equal((AuthenticationSchemes.Basic, "b"), (ChallengeChoice.Of(offered, AuthenticationSchemes.Basic).Scheme, ChallengeChoice.Of(offered, AuthenticationSchemes.Basic).Realm));
        Assert.Equal(new ChallengeChoice(AuthenticationSchemes.None, null, "b", true), ChallengeChoice.Of(offered[..1], AuthenticationSchemes.Digest));
        Assert.Equal(new ChallengeChoice(AuthenticationSchemes.None, null, "", false), ChallengeChoice.Of([], AuthenticationSchemes.Digest));
    }
}
