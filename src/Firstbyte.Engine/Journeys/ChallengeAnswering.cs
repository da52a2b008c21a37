using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Journeys;

/// <summary>Who asks, and how it may be said.</summary>
/// <param name="Schemes">The ways that are allowed.</param>
/// <param name="Credentials">User and password; null for a token.</param>
/// <param name="Field">What is said where it is not hashed.</param>
/// <param name="Source">From where it is known.</param>
internal sealed record Identity(AuthenticationSchemes Schemes, Credentials? Credentials, string Field, CredentialsSource Source);

/// <summary>What a request asks for, as a digest names it.</summary>
internal readonly record struct AskedFor(string Method, string Target);

/// <summary>What a request says of who asks; fresh when it was made for this request's challenge, or needs none.</summary>
internal sealed record ChallengeAnswer(AuthenticationSchemes Scheme, string Field, (DigestSession Session, DigestSubject Subject)? Digest, bool IsFresh);

/// <summary>A nonce of somebody, and how often it was used.</summary>
internal sealed class DigestSession(DigestChallenge challenge, Credentials credentials, string clientNonce)
{
    public DigestChallenge Challenge { get; } = challenge;

    public Credentials Credentials { get; } = credentials;

    public string ClientNonce { get; } = clientNonce;

    public int Count { get; set; }
}

/// <summary>Answers those who want to know who asks: servers (401), or proxies (407; RFC 9110 11.7).</summary>
internal sealed class ChallengeAnswering(INetwork network, bool ofProxies)
{
    private const int ClientNonceBytes = 16;

    private readonly Dictionary<Origin, DigestSession> _sessions = [];

    /// <summary>The status that asks.</summary>
    public int Status => ofProxies ? 407 : 401;

    /// <summary>What is said unasked; null where that waits for a challenge.</summary>
    public ChallengeAnswer? First(Origin party, Identity identity, AskedFor asked)
    {
        if (identity.Schemes is AuthenticationSchemes.Bearer or AuthenticationSchemes.Basic)
        {
            return new ChallengeAnswer(identity.Schemes, identity.Field, null, IsFresh: true);
        }
        return _sessions.TryGetValue(party, out var session) && session.Credentials == identity.Credentials ? DigestOf(asked, session, isFresh: false) : null;
    }

    /// <summary>What is said to a response's challenges, which is told; null where nothing is.</summary>
    public ChallengeAnswer? Decide(
        TraceSpan span, Origin party, Identity identity, ChallengeAnswer? before, ResponseHead head, AskedFor asked, bool isLast)
    {
        if (head.Status != Status) { return null; }
        var challenges = ChallengesOf(head);
        var choice = ChallengeChoice.Of(challenges, identity.Schemes);
        var isStale = choice.Digest is { IsStale: true };
        var wasAnswered = before is { IsFresh: true } && !(isStale && before.Scheme == AuthenticationSchemes.Digest);
        var verdict = choice.Scheme != AuthenticationSchemes.None && !wasAnswered && !isLast ? ChallengeVerdict.Answered
            : choice.Scheme != AuthenticationSchemes.None || before is { Scheme: AuthenticationSchemes.Bearer } ? ChallengeVerdict.Refused
            : choice.IsOtherwise ? ChallengeVerdict.NotAllowed : ChallengeVerdict.NotSpoken;
        TellChallenge(span, challenges, choice, verdict);
        if (verdict != ChallengeVerdict.Answered) { return null; }
        if (choice.Digest is not { } digest) { return new ChallengeAnswer(AuthenticationSchemes.Basic, BasicField(identity, challenges), null, IsFresh: true); }
        var session = new DigestSession(digest, identity.Credentials!, NewClientNonce());
        _sessions[party] = session;
        return DigestOf(asked, session, isFresh: true);
    }

    // RFC 7617 section 2.1. What a URL says in bytes that are no text has no such form.
    private static string BasicField(Identity identity, List<Challenge> challenges) =>
        identity.Credentials is { } own && challenges.Find(static one => one.Is("Basic")) is { IsUtf8: true }
            && !(own.User + own.Password).Contains('\uFFFD', StringComparison.Ordinal)
            ? BasicCredentials.Of(own.Normalized()) : identity.Field;

    /// <summary>Tells what a response wants that nobody answers.</summary>
    public void TellUnanswered(TraceSpan span, ResponseHead head, ChallengeVerdict verdict)
    {
        if (head.Status == Status) { TellChallenge(span, ChallengesOf(head), default, verdict); }
    }

    /// <summary>Tells how a request says who asks.</summary>
    public void TellSent(TraceSpan span, Identity identity, ChallengeAnswer answer, bool isCovered)
    {
        if (!span.IsListening) { return; }
        span.Tell(new CredentialsSent(answer.Scheme, identity.Source, answer.Scheme != AuthenticationSchemes.Digest && !isCovered) { IsForProxy = ofProxies });
    }

    // RFC 7616 3.5: the server's own proof, and the nonce that it wants to see next.
    public void NoteProof(TraceSpan span, Origin party, ChallengeAnswer? answer, ResponseHead head)
    {
        if (answer?.Digest is not var (session, subject) || head.Status == Status) { return; }
        var at = head.Fields.IndexOf(ofProxies ? "Proxy-Authentication-Info"u8 : "Authentication-Info"u8);
        if (at < 0) { return; }
        var said = new List<HttpField>();
        ChallengeReader.TryReadParameters(TextOf(head.Fields.ValueAt(at)), said);
        var info = new Challenge("", null, said);
        // With content protected, the proof is over the content of the response, which is gone by now.
        if (info.Find("rspauth") is { } proof && session.Challenge.Protection == DigestProtection.Authentication && span.IsListening)
        {
            span.Tell(new ServerProven(proof == DigestAnswer.Proof(session.Challenge, subject)));
        }
        if (info.Find("nextnonce") is { } next)
        {
            _sessions[party] = new DigestSession(session.Challenge with { Nonce = next }, session.Credentials, NewClientNonce());
        }
    }

    private static ChallengeAnswer DigestOf(AskedFor asked, DigestSession session, bool isFresh)
    {
        var subject = new DigestSubject(session.Credentials, asked.Method, asked.Target, ++session.Count, session.ClientNonce);
        return new ChallengeAnswer(AuthenticationSchemes.Digest, DigestAnswer.Field(session.Challenge, subject), (session, subject), isFresh);
    }

    private void TellChallenge(TraceSpan span, List<Challenge> challenges, ChallengeChoice choice, ChallengeVerdict verdict)
    {
        if (!span.IsListening) { return; }
        span.Tell(new ChallengeReceived(
            [.. challenges.Select(static one => one.Is("Digest") && one.Find("algorithm") is { } algorithm ? $"{one.Scheme} {algorithm}" : one.Scheme)],
            choice.Realm ?? challenges.Select(static one => one.Find("realm")).FirstOrDefault(static realm => realm is not null) ?? "",
            verdict, verdict == ChallengeVerdict.Answered ? choice.Scheme : AuthenticationSchemes.None, choice.Digest is { IsStale: true })
        {
            IsOfProxy = ofProxies,
        });
    }

    private List<Challenge> ChallengesOf(ResponseHead head)
    {
        var name = ofProxies ? "Proxy-Authenticate"u8 : "WWW-Authenticate"u8;
        var challenges = new List<Challenge>();
        var fields = head.Fields;
        for (var at = fields.IndexOf(name); at >= 0; at = fields.IndexOf(name, at + 1))
        {
            ChallengeReader.TryRead(TextOf(fields.ValueAt(at)), challenges);
        }
        return challenges;
    }

    private string NewClientNonce()
    {
        Span<byte> nonce = stackalloc byte[ClientNonceBytes];
        network.Random.Fill(nonce);
        return Convert.ToHexStringLower(nonce);
    }

    // Realms and nonces are hashed and sent back in the bytes in which they came.
    private static string TextOf(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? Encoding.Latin1.GetString(value) : text;
    }
}
