using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http.Authentication;

namespace Firstbyte.Fuzz.Http;

/// <summary>Challenges: the input is the value of a WWW-Authenticate field.</summary>
internal sealed class ChallengeTarget : FuzzTarget
{
    private static readonly Credentials s_credentials = new("us\"er", "pass\\word");

    public override string Name => "challenge";

    public override string Holds => "what is read is written and read again the same; an answer gives back what the server said, and cannot break out of its field";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "Basic ", "Digest ", "realm=\"r\"", "nonce=\"n\"", ", ", "qop=\"auth, auth-int\"", "algorithm=SHA-256-sess", "stale=true", "opaque=", "userhash=true",
            "\\\"", "\"", "==" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv\", opaque=\"FQhe\\\\\\\"qaU\"",
        "Negotiate, NTLM TlRMTVNTUAAC==, Digest realm=a,nonce=b", "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess, qop=auth-int, userhash=true, stale=true",
    }.Select(static text => FuzzChoices.Before(Encoding.UTF8.GetBytes(text)));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        var text = Encoding.Latin1.GetString(rest);
        var challenges = new List<Challenge>();
        ChallengeReader.TryRead(text, challenges);
        Require(challenges.Count <= AuthenticationLimits.Challenges, "more challenges than the limit");
        var again = Read(string.Join(", ", challenges.Select(Written)));
        Require(Same(challenges, again), "what was read is read differently when it is written down");
        foreach (var challenge in challenges)
        {
            if (DigestChallenge.Of(challenge) is not { } digest) { continue; }
            var subject = new DigestSubject(s_credentials, "GET", "/a?b", 1, "c") { ContentHash = "9dd4e461268c8034f5c8564e155c67a6" };
            var field = DigestAnswer.Field(digest, subject);
            Require(field.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, "an answer breaks out of its field");
            var answer = Read(field);
            Require(answer is [var one] && one.Find("realm") == digest.Realm && one.Find("nonce") == digest.Nonce && one.Find("opaque") == digest.Opaque,
                "an answer does not give back what the server said");
            Require(
                digest.Protection != DigestProtection.Authentication || DigestAnswer.IsRight(digest, answer[0], s_credentials, "GET", "/a?b"),
                "a right answer is refused");
        }
    }

    private static List<Challenge> Read(string text)
    {
        var challenges = new List<Challenge>();
        Require(ChallengeReader.TryRead(text, challenges), "what was written cannot be read");
        return challenges;
    }

    private static string Written(Challenge challenge) => challenge.Token is { } token
        ? $"{challenge.Scheme} {token}"
        : $"{challenge.Scheme} {string.Join(", ", challenge.Parameters.Select(static one => $"{one.Name}={DigestAnswer.Quoted(one.Value)}"))}";

    private static bool Same(List<Challenge> left, List<Challenge> right) =>
        left.Count == right.Count
        && left.Zip(right).All(static pair => pair.First.Scheme == pair.Second.Scheme && pair.First.Token == pair.Second.Token
            && pair.First.Parameters.SequenceEqual(pair.Second.Parameters));
}
