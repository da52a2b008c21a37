using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>Lets those in who know a password: Digest with SHA-256 or MD5, and Basic (RFC 7616, RFC 7617).</summary>
/// <remarks>
/// It keeps nothing of whom it has challenged: a nonce is the time at which it was made and a hash of that with a secret of the gate, so that it knows its own
/// again and knows how old they are (RFC 7616 5.4). One that is too old is answered with a new one, and "stale" says that the password is not asked for again.
/// </remarks>
public sealed class PasswordGate
{
    /// <summary>How long a nonce is good: long enough for a person to read a page, short enough that what was overheard is soon worth nothing.</summary>
    public static readonly TimeSpan NonceLife = TimeSpan.FromMinutes(5);

    private const int SecretBytes = 32;

    // Of the hash as much as nobody guesses.
    private const int TagDigits = 32;

    private readonly INetwork _network;
    private readonly string _realm;
    private readonly Credentials _credentials;
    private readonly bool _isProxy;
    private readonly byte[] _secret = new byte[SecretBytes];

    /// <summary>A gate for one account.</summary>
    /// <param name="network">Its clock and its randomness.</param>
    /// <param name="realm">What the password is for, as it is told to whoever is asked for it.</param>
    /// <param name="credentials">Who is let in.</param>
    /// <param name="isProxy">It stands before a proxy, and asks as proxies do (RFC 9110 11.7).</param>
    public PasswordGate(INetwork network, string realm, Credentials credentials, bool isProxy = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _realm, _credentials, _isProxy) = (network, realm, credentials, isProxy);
        network.Random.Fill(_secret);
    }

    /// <summary>The response that keeps a request out; null when it may come in.</summary>
    public HttpResponse? Refuse(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        var isStale = false;
        if (head.Fields.IndexOf(_isProxy ? "Proxy-Authorization"u8 : "Authorization"u8) is >= 0 and var at)
        {
            var answers = new List<Challenge>();
            if (ChallengeReader.TryRead(Encoding.UTF8.GetString(head.Fields.ValueAt(at)), answers) && answers is [var answer])
            {
                if (IsRightBasic(answer)) { return null; }
                if (IsRightDigest(answer, head, out isStale)) { return null; }
            }
        }
        var name = _isProxy ? "Proxy-Authenticate" : "WWW-Authenticate";
        var nonce = NonceOf(_network.Time.GetUtcNow());
        return HttpResponse.Text(_isProxy ? 407 : 401, "Who are you?\n") with
        {
            Fields =
            [
                new HttpField(name, DigestField("SHA-256", nonce, isStale)),
                new HttpField(name, DigestField("MD5", nonce, isStale)),
                new HttpField(name, $"Basic realm={DigestAnswer.Quoted(_realm)}, charset=\"UTF-8\""),
                new HttpField("Content-Type", "text/plain; charset=utf-8"),
            ],
        };
    }

    private string DigestField(string algorithm, string nonce, bool isStale) =>
        $"Digest realm={DigestAnswer.Quoted(_realm)}, qop=\"auth\", algorithm={algorithm}, nonce=\"{nonce}\"{(isStale ? ", stale=true" : "")}";

    private bool IsRightBasic(Challenge answer) =>
        BasicCredentials.Read(answer) is { } given
        && CryptographicOperations.FixedTimeEquals(Bytes(given.User), Bytes(_credentials.User))
        && CryptographicOperations.FixedTimeEquals(Bytes(given.Password), Bytes(_credentials.Password));

    private bool IsRightDigest(Challenge answer, RequestHead head, out bool isStale)
    {
        isStale = false;
        if (!answer.Is("Digest") || answer.Find("nonce") is not { } nonce || MadeAt(nonce) is not { } made) { return false; }
        var challenge = DigestChallenge.Of(new Challenge(
            "Digest", null,
            [
                new HttpField("realm", _realm), new HttpField("nonce", nonce), new HttpField("qop", "auth"),
                new HttpField("algorithm", answer.Find("algorithm") ?? "MD5"),
            ]));
        if (challenge is not { IsSession: false }
            || !(DigestAnswer.IsRight(challenge, answer, _credentials, head.MethodText, head.TargetText)
                || (_isProxy && DigestAnswer.IsRight(challenge, answer, _credentials, head.MethodText, PathOf(head.TargetText)))))
        {
            return false;
        }
        isStale = _network.Time.GetUtcNow() - made > NonceLife;
        return !isStale;
    }

    // RFC 7616 3.4 wants what the request line has; curl says the path of it to proxies too.
    private static string PathOf(string target)
    {
        var authority = target.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = target.IndexOf('/', authority);
        return authority < 3 || path < 0 ? target : target[path..];
    }

    private string NonceOf(DateTimeOffset now)
    {
        var time = now.UtcTicks.ToString("x16", CultureInfo.InvariantCulture);
        return time + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Bytes(time)))[..TagDigits];
    }

    private DateTimeOffset? MadeAt(string nonce)
    {
        if (nonce.Length != 16 + TagDigits
            || !long.TryParse(nonce.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
            || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return null;
        }
        var made = new DateTimeOffset(ticks, TimeSpan.Zero);
        return CryptographicOperations.FixedTimeEquals(Bytes(NonceOf(made)), Bytes(nonce)) ? made : null;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
