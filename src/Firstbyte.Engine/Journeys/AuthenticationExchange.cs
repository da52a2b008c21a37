using System.Buffers;
using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Says who asks, and answers a server that wants to know (RFC 9110 11).</summary>
/// <remarks>
/// Theory of operation. A token, and a password where Basic alone is allowed, go with the first request, as curl's do. Where Digest is
/// allowed the first request goes without, and its content is held back: the server's 401 says what it wants, is no content of the
/// user's, and is answered in the same journey. The nonce is kept for the next request to the same origin, and counted. An answer that
/// was made for a challenge and is refused is not made again, unless its nonce was too old.
/// </remarks>
internal sealed class AuthenticationExchange(ClientContext context, IExchange inner) : IExchange
{
    // Without, with an old nonce, with the new one, and once more where that was stale on arrival.
    private const int MaximumTries = 4;

    private const int ClientNonceBytes = 16;

    private const int HashedPiece = 64 * 1024;

    private readonly Dictionary<Origin, DigestSession> _sessions = [];

    /// <inheritdoc/>
    public async ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var request = journey.Request;
        var identity = HasOwnField(request) ? null : IdentityOf(journey);
        if (identity is null)
        {
            var plain = await inner.RunAsync(journey, cancellationToken);
            if (journey.Span.IsListening && journey.Response is { Head.Status: 401 } response)
            {
                var verdict = HasOwnField(request) ? ChallengeVerdict.Refused : ChallengeVerdict.NoCredentials;
                TellChallenge(journey, ChallengesOf(response.Head), default, verdict);
            }
            return plain;
        }
        var wanted = journey.Sink;
        var (answer, unhashed) = await WithHashAsync(journey, FirstAnswer(journey, identity), cancellationToken);
        for (var tries = 1; ; tries++)
        {
            if (unhashed is not null) { return new ExchangeEnd(journey, unhashed); }
            journey.Authorization = answer?.Field;
            journey.WithholdsContent = answer is null;
            if (answer is { } going && journey.Span.IsListening)
            {
                journey.Span.Tell(new CredentialsSent(
                    going.Scheme, identity.Source, going.Scheme != AuthenticationSchemes.Digest && journey.Url.Scheme != "https"));
            }
            var sink = new ChallengeSink(wanted, journey, this, identity, answer, isLast: tries == MaximumTries);
            journey.Sink = sink;
            var end = await inner.RunAsync(journey, cancellationToken);
            if (end.Failure is null && sink.Refusal is { } refusal) { return end with { Failure = refusal }; }
            if (end.Failure is not null || sink.Next is not { } next)
            {
                if (answer is { Digest: { } digest } && journey.Response is { Head.Status: > 0 and not 401 } last)
                {
                    NoteProof(journey, digest, last.Head);
                }
                return end;
            }
            (answer, unhashed) = await WithHashAsync(journey, next, cancellationToken);
        }
    }

    private static bool HasOwnField(JourneyRequest request) =>
        request.Fields.Any(static field => field.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));

    private Identity? IdentityOf(Journey journey)
    {
        var request = journey.Request;
        if (request.BearerToken is { } token) { return new Identity(AuthenticationSchemes.Bearer, null, "Bearer " + token, CredentialsSource.User); }
        if (context.CredentialsOf(journey) is not var (credentials, source)) { return null; }
        // What a URL says in bytes that are no text goes as those bytes.
        var basic = source == CredentialsSource.Url && request.Credentials is null
            ? BasicCredentials.Of(PercentDecoding.Decode(journey.Url.UsernameSpan), PercentDecoding.Decode(journey.Url.PasswordSpan))
            : BasicCredentials.Of(credentials);
        return new Identity(request.Authentication & AuthenticationSchemes.AnyWithPassword, credentials, basic, source);
    }

    private Answer? FirstAnswer(Journey journey, Identity identity)
    {
        if (identity.Schemes is AuthenticationSchemes.Bearer or AuthenticationSchemes.Basic)
        {
            return new Answer(identity.Schemes, identity.Field, null, IsFresh: true);
        }
        return _sessions.TryGetValue(journey.Origin, out var session) && session.Credentials == identity.Credentials
            ? DigestOf(journey, session, isFresh: false)
            : null;
    }

    private static Answer DigestOf(Journey journey, DigestSession session, bool isFresh)
    {
        var subject = new DigestSubject(
            session.Credentials, journey.Request.MethodOnTheWire, RequestComposer.TargetOf(journey.Url), ++session.Count, session.ClientNonce);
        return new Answer(AuthenticationSchemes.Digest, DigestAnswer.Field(session.Challenge, subject), (session, subject), isFresh);
    }

    /// <summary>The same answer with the hash of the content where the server wants it, which takes reading the content once before it is sent.</summary>
    private static async ValueTask<(Answer? Answer, JourneyFailure? Failure)> WithHashAsync(
        Journey journey, Answer? answer, CancellationToken cancellationToken)
    {
        if (answer is not { Digest: { Session.Challenge.Protection: DigestProtection.Integrity } digest } || journey.Request.Body is not { } body)
        {
            return (answer, null);
        }
        if (!body.CanRewind) { return (null, new BodyNotRepeatable(journey.Origin, body.Origin, RepeatCause.Hash, 0)); }
        var piece = ArrayPool<byte>.Shared.Rent(HashedPiece);
        using var hash = new DigestContent(digest.Session.Challenge.Hash);
        IBodyReader? reader = null;
        try
        {
            reader = body.Open();
            while (await reader.ReadAsync(piece, cancellationToken) is > 0 and var count) { hash.Append(piece.AsSpan(0, count)); }
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return (null, new BodyUnreadable(body.Origin, IoErrors.ToErrno(e), 0)); }
        finally
        {
            reader?.Close();
            ArrayPool<byte>.Shared.Return(piece);
        }
        var subject = digest.Subject with { ContentHash = hash.Finish() };
        return (answer with { Field = DigestAnswer.Field(digest.Session.Challenge, subject), Digest = (digest.Session, subject) }, null);
    }

    private Answer? Decide(Journey journey, Identity identity, Answer? before, ResponseHead head, bool isLast)
    {
        if (head.Status != 401) { return null; }
        var challenges = ChallengesOf(head);
        var choice = ChallengeChoice.Of(challenges, identity.Schemes);
        var isStale = choice.Digest is { IsStale: true };
        var wasAnswered = before is { IsFresh: true } && !(isStale && before.Scheme == AuthenticationSchemes.Digest);
        var verdict = choice.Scheme != AuthenticationSchemes.None && !wasAnswered && !isLast ? ChallengeVerdict.Answered
            : choice.Scheme != AuthenticationSchemes.None || before is { Scheme: AuthenticationSchemes.Bearer } ? ChallengeVerdict.Refused
            : choice.IsOtherwise ? ChallengeVerdict.NotAllowed : ChallengeVerdict.NotSpoken;
        TellChallenge(journey, challenges, choice, verdict);
        if (verdict != ChallengeVerdict.Answered) { return null; }
        if (choice.Digest is not { } digest) { return new Answer(AuthenticationSchemes.Basic, identity.Field, null, IsFresh: true); }
        var session = new DigestSession(digest, identity.Credentials!, NewClientNonce());
        _sessions[journey.Origin] = session;
        return DigestOf(journey, session, isFresh: true);
    }

    private static void TellChallenge(Journey journey, List<Challenge> challenges, ChallengeChoice choice, ChallengeVerdict verdict)
    {
        if (!journey.Span.IsListening) { return; }
        journey.Span.Tell(new ChallengeReceived(
            [.. challenges.Select(static one => one.Is("Digest") && one.Find("algorithm") is { } algorithm ? $"{one.Scheme} {algorithm}" : one.Scheme)],
            choice.Realm ?? challenges.Select(static one => one.Find("realm")).FirstOrDefault(static realm => realm is not null) ?? "",
            verdict, verdict == ChallengeVerdict.Answered ? choice.Scheme : AuthenticationSchemes.None, choice.Digest is { IsStale: true }));
    }

    private static List<Challenge> ChallengesOf(ResponseHead head)
    {
        var challenges = new List<Challenge>();
        var fields = head.Fields;
        for (var at = fields.IndexOf("WWW-Authenticate"u8); at >= 0; at = fields.IndexOf("WWW-Authenticate"u8, at + 1))
        {
            ChallengeReader.TryRead(TextOf(fields.ValueAt(at)), challenges);
        }
        return challenges;
    }

    // RFC 7616 3.5: the server's own proof, and the nonce that it wants to see next.
    private void NoteProof(Journey journey, (DigestSession Session, DigestSubject Subject) sent, ResponseHead head)
    {
        var at = head.Fields.IndexOf("Authentication-Info"u8);
        if (at < 0) { return; }
        var said = new List<HttpField>();
        ChallengeReader.TryReadParameters(TextOf(head.Fields.ValueAt(at)), said);
        var info = new Challenge("", null, said);
        // With content protected, the proof is over the content of the response, which is gone by now.
        if (info.Find("rspauth") is { } proof && sent.Session.Challenge.Protection == DigestProtection.Authentication && journey.Span.IsListening)
        {
            journey.Span.Tell(new ServerProven(proof == DigestAnswer.Proof(sent.Session.Challenge, sent.Subject)));
        }
        if (info.Find("nextnonce") is { } next)
        {
            _sessions[journey.Origin] = new DigestSession(sent.Session.Challenge with { Nonce = next }, sent.Session.Credentials, NewClientNonce());
        }
    }

    private string NewClientNonce()
    {
        Span<byte> nonce = stackalloc byte[ClientNonceBytes];
        context.Network.Random.Fill(nonce);
        return Convert.ToHexStringLower(nonce);
    }

    // Realms and nonces are hashed and sent back in the bytes in which they came.
    private static string TextOf(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? Encoding.Latin1.GetString(value) : text;
    }

    /// <summary>Who asks, and how it may be said.</summary>
    private sealed record Identity(AuthenticationSchemes Schemes, Credentials? Credentials, string Field, CredentialsSource Source);

    /// <summary>What a request says of who asks; fresh when it was made for this request's challenge, or needs none.</summary>
    private sealed record Answer(AuthenticationSchemes Scheme, string Field, (DigestSession Session, DigestSubject Subject)? Digest, bool IsFresh);

    /// <summary>A nonce of an origin, and how often it was used.</summary>
    private sealed class DigestSession(DigestChallenge challenge, Credentials credentials, string clientNonce)
    {
        public DigestChallenge Challenge { get; } = challenge;

        public Credentials Credentials { get; } = credentials;

        public string ClientNonce { get; } = clientNonce;

        public int Count { get; set; }
    }

    /// <summary>Keeps the content of a 401 that is answered, which nobody asked for, from the content that is wanted.</summary>
    private sealed class ChallengeSink(
        IBodySink wanted, Journey journey, AuthenticationExchange exchange, Identity identity, Answer? before, bool isLast) : IBodySink
    {
        /// <summary>What the next request says; null when there is none.</summary>
        public Answer? Next { get; private set; }

        /// <summary>Why there is none, though there should be.</summary>
        public JourneyFailure? Refusal { get; private set; }

        public void Begin(ContentDescription content)
        {
            var head = journey.Response!.Head;
            Next = exchange.Decide(journey, identity, before, head, isLast);
            if (Next is null) { wanted.Begin(content); }
            else if (journey.Request.Body is { IsSpent: true } body)
            {
                Refusal = new BodyNotRepeatable(journey.Origin, body.Origin, RepeatCause.Challenge, head.Status);
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
            Next is not null ? ValueTask.CompletedTask : wanted.WriteAsync(piece, cancellationToken);

        public void End(bool isWhole) => wanted.End(isWhole);
    }
}
