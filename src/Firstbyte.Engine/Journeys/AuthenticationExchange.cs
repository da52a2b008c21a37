using System.Buffers;
using Firstbyte.Connecting;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Says who asks, and answers a server, or a proxy, that wants to know (RFC 9110 11).</summary>
/// <remarks>
/// Theory of operation. A token, and a password where Basic alone is allowed, go with the first request, as curl's do. Where Digest is
/// allowed the first request goes without, and its content is held back: the server's 401 says what it wants, is no content of the
/// user's, and is answered in the same journey. The nonce is kept for the next request to the same origin, and counted. An answer that
/// was made for a challenge and is refused is not made again, unless its nonce was too old. Proxies are answered in the same way, with fields of
/// their own, by another exchange of this kind: neither sees what is said to the other.
/// </remarks>
internal sealed class AuthenticationExchange(ClientContext context, IExchange inner, AuthenticationSide side) : IExchange
{
    // Without, with an old nonce, with the new one, and once more where that was stale on arrival.
    private const int MaximumTries = 4;

    private const int HashedPiece = 64 * 1024;

    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        !side.IsThere(journey) ? inner.RunAsync(journey, cancellationToken)
            : !side.HasOwnField(journey.Request) && side.IdentityOf(context, journey) is { } identity ? AnswerAsync(journey, identity, cancellationToken)
            : journey.Span.IsListening ? GoUnansweredAsync(journey, cancellationToken)
            : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> GoUnansweredAsync(Journey journey, CancellationToken cancellationToken)
    {
        var plain = await inner.RunAsync(journey, cancellationToken);
        if (journey.Response is { } response)
        {
            var verdict = side.HasOwnField(journey.Request) ? ChallengeVerdict.Refused : ChallengeVerdict.NoCredentials;
            side.Answering.TellUnanswered(journey.Span, response.Head, verdict);
        }
        return plain;
    }

    private async ValueTask<ExchangeEnd> AnswerAsync(Journey journey, Identity identity, CancellationToken cancellationToken)
    {
        var wanted = journey.Sink;
        var first = side.Answering.First(side.PartyOf(journey), identity, side.AskedOf(journey));
        var (answer, unhashed) = await WithHashAsync(journey, first, cancellationToken);
        for (var tries = 1; ; tries++)
        {
            if (unhashed is not null) { return new ExchangeEnd(journey, unhashed); }
            side.Say(journey, answer?.Field);
            if (answer is not null) { side.Answering.TellSent(journey.Span, identity, answer, side.IsCovered(journey)); }
            var sink = new ChallengeSink(wanted, journey, side, identity, answer, isLast: tries == MaximumTries);
            journey.Sink = sink;
            var end = await inner.RunAsync(journey, cancellationToken);
            if (end.Failure is null && sink.Refusal is { } refusal) { return end with { Failure = refusal }; }
            if (end.Failure is not null || sink.Next is not { } next)
            {
                if (journey.Response is { Head.Status: > 0 } last) { side.Answering.NoteProof(journey.Span, side.PartyOf(journey), answer, last.Head); }
                return end;
            }
            (answer, unhashed) = await WithHashAsync(journey, next, cancellationToken);
        }
    }

    /// <summary>The same answer with the hash of the content where the server wants it, which takes reading the content once before it is sent.</summary>
    private static async ValueTask<(ChallengeAnswer? Answer, JourneyFailure? Failure)> WithHashAsync(
        Journey journey, ChallengeAnswer? answer, CancellationToken cancellationToken)
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

    /// <summary>Keeps the content of a challenge that is answered, which nobody asked for, from the content that is wanted.</summary>
    private sealed class ChallengeSink(
        IBodySink wanted, Journey journey, AuthenticationSide side, Identity identity, ChallengeAnswer? before, bool isLast) : IBodySink
    {
        /// <summary>What the next request says; null when there is none.</summary>
        public ChallengeAnswer? Next { get; private set; }

        /// <summary>Why there is none, though there should be.</summary>
        public JourneyFailure? Refusal { get; private set; }

        public void Begin(ContentDescription content)
        {
            var head = journey.Response!.Head;
            Next = side.Answering.Decide(journey.Span, side.PartyOf(journey), identity, before, head, side.AskedOf(journey), isLast);
            if (Next is null) { wanted.Begin(content); }
            else if (journey.Request.Body is { IsSpent: true } body)
            {
                Refusal = new BodyNotRepeatable(side.PartyOf(journey), body.Origin, RepeatCause.Challenge, head.Status);
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
            Next is not null ? ValueTask.CompletedTask : wanted.WriteAsync(piece, cancellationToken);

        public void End(bool isWhole) => wanted.End(isWhole);
    }
}

/// <summary>To whom it is said who asks: to the server, or to a proxy that is asked for every message by itself.</summary>
internal abstract class AuthenticationSide(ChallengeAnswering answering, string field)
{
    public ChallengeAnswering Answering { get; } = answering;

    /// <summary>Whether there is such a one on the way.</summary>
    public abstract bool IsThere(Journey journey);

    public abstract Identity? IdentityOf(ClientContext context, Journey journey);

    public abstract Origin PartyOf(Journey journey);

    public abstract AskedFor AskedOf(Journey journey);

    /// <summary>Whether nobody on the way to it can read what is said.</summary>
    public abstract bool IsCovered(Journey journey);

    /// <summary>What the next request says; null when it waits to be asked, and its content with it.</summary>
    public abstract void Say(Journey journey, string? value);

    /// <summary>Whether the user's own field says it.</summary>
    public bool HasOwnField(JourneyRequest request)
    {
        for (var i = 0; i < request.Fields.Count; i++)
        {
            if (request.Fields[i].Name.Equals(field, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }
}

/// <summary>The server of the URL.</summary>
internal sealed class ServerSide(ChallengeAnswering answering) : AuthenticationSide(answering, "Authorization")
{
    public override bool IsThere(Journey journey) => true;

    public override Origin PartyOf(Journey journey) => journey.Origin;

    public override AskedFor AskedOf(Journey journey) => new(journey.Request.MethodOnTheWire, RequestComposer.TargetOf(journey.Url));

    public override bool IsCovered(Journey journey) => journey.Url.Scheme == "https";

    public override void Say(Journey journey, string? value) => (journey.Authorization, journey.WithholdsContent) = (value, value is null);

    public override Identity? IdentityOf(ClientContext context, Journey journey)
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
}

/// <summary>A proxy that reads every message; one that makes a tunnel is answered where the tunnel is made (<see cref="ProxyPassage"/>).</summary>
internal sealed class ForwardingProxySide(ChallengeAnswering answering) : AuthenticationSide(answering, "Proxy-Authorization")
{
    public override bool IsThere(Journey journey) => journey.Proxy is { IsTunnel: false };

    public override Origin PartyOf(Journey journey) => journey.Proxy!.Origin;

    // RFC 7616 3.4: what the request line has.
    public override AskedFor AskedOf(Journey journey) => new(journey.Request.MethodOnTheWire, RequestComposer.AbsoluteTargetOf(journey.Url));

    public override bool IsCovered(Journey journey) => journey.Proxy!.Address.Kind == Proxies.ProxyKind.Https;

    public override void Say(Journey journey, string? value) => (journey.ProxyAuthorization, journey.WithholdsContentOfProxy) = (value, value is null);

    public override Identity? IdentityOf(ClientContext context, Journey journey) => journey.Proxy!.Identity;
}
