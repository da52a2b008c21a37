using System.Text;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>What is said of who asks, to a server or to a proxy, in libcurl's order (http.c: output_auth_headers, Curl_http_input_auth).</summary>
internal static class CurlAuthentication
{
    /// <summary>The line of a request; null where nothing is said. Says in the state whether that is all that will be said.</summary>
    public static string? Line(
        CurlAuthState state, bool isProxy, string? user, string? password, string? bearer, string method, string target, bool hasOwnField, IRandomSource random)
    {
        var name = isProxy ? "Proxy-Authorization" : "Authorization";
        string? line = null;
        var said = true;
        if (state.Picked == CurlAuth.Digest && user is not null)
        {
            if (state.Digest is { } challenge)
            {
                var nonce = new byte[16];
                random.Fill(nonce);
                var subject = new DigestSubject(new Credentials(user, password ?? ""), method, target, ++state.Count,
                    Convert.ToBase64String(nonce).TrimEnd('='));
                line = $"{name}: {Field(challenge, subject)}";
                state.Done = true;
            }
            else { state.Done = false; }
        }
        else if (state.Picked == CurlAuth.Basic && user is not null)
        {
            if (!hasOwnField) { line = $"{name}: Basic {Convert.ToBase64String(OctetText.Octets($"{user}:{password}"))}"; }
            state.Done = true;
        }
        else if (!isProxy && bearer is not null && state.Picked.HasFlag(CurlAuth.Bearer))
        {
            if (!hasOwnField) { line = $"{name}: Bearer {bearer}"; }
            state.Done = true;
        }
        else { said = false; }
        state.MultiPass = said && !state.Done;
        return hasOwnField ? null : line;
    }

    // curl's own order of parameters.
    private static string Field(DigestChallenge challenge, DigestSubject subject)
    {
        var user = challenge.HashesUser ? DigestAnswer.UserHash(challenge, subject) : subject.Credentials.User;
        var text = new StringBuilder("Digest username=").Append(DigestAnswer.Quoted(user)).Append(",realm=")
            .Append(DigestAnswer.Quoted(challenge.Realm)).Append(",nonce=").Append(DigestAnswer.Quoted(challenge.Nonce))
            .Append(",uri=\"").Append(subject.Target).Append('"');
        if (!challenge.IsLegacy)
        {
            text.Append(",cnonce=").Append(DigestAnswer.Quoted(subject.ClientNonce)).Append(System.Globalization.CultureInfo.InvariantCulture,
                $",nc={subject.Count:x8}")
                .Append(",qop=").Append(challenge.Protection == DigestProtection.Integrity ? "auth-int" : "auth");
        }
        text.Append(",response=\"").Append(DigestAnswer.Response(challenge, subject)).Append('"');
        if (challenge.Opaque is { } opaque) { text.Append(",opaque=").Append(DigestAnswer.Quoted(opaque)); }
        if (challenge.Algorithm is { } algorithm) { text.Append(",algorithm=").Append(algorithm); }
        if (challenge.HashesUser) { text.Append(",userhash=true"); }
        return text.ToString().Replace(",", ", ", StringComparison.Ordinal).Replace(",  ", ", ", StringComparison.Ordinal);
    }

    /// <summary>Takes a challenge's field; true where the answer before it was refused.</summary>
    public static bool Take(CurlAuthState state, string value)
    {
        var challenges = new List<Challenge>();
        ChallengeReader.TryRead(value, challenges);
        var isProblem = false;
        foreach (var challenge in challenges)
        {
            if (challenge.Is("Digest") && !state.Available.HasFlag(CurlAuth.Digest))
            {
                // curl says names and passwords as they were typed, whatever charset is offered.
                if (DigestChallenge.Of(challenge) is not { } read) { continue; }
                var digest = read with { IsUtf8 = false };
                state.Available |= CurlAuth.Digest;
                // A nonce after a nonce says that the answer was wrong, unless the first one was too old.
                if (state.Digest is not null && !digest.IsStale) { isProblem = true; }
                (state.Digest, state.Count) = (digest, 0);
            }
            else if (challenge.Is("Basic"))
            {
                state.Available |= CurlAuth.Basic;
                if (state.Picked == CurlAuth.Basic)
                {
                    state.Available = CurlAuth.None;
                    isProblem = true;
                }
            }
            else if (challenge.Is("Bearer"))
            {
                state.Available |= CurlAuth.Bearer;
                if (state.Picked == CurlAuth.Bearer)
                {
                    state.Available = CurlAuth.None;
                    isProblem = true;
                }
            }
        }
        return isProblem;
    }
}
