using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Host.Live;
using Firstbyte.Sockets;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Pages;

/// <summary>What whoever started the server knows, and nobody else: in the address that was printed, and then in the tab that opened it.</summary>
/// <remarks>
/// 256 bits of the system's randomness, made anew at each start. In the address they stand behind the #, which browsers send to nobody (RFC 9110 7.1); the
/// page's script takes them from there at once, keeps them for its tab (sessionStorage, which scheme, name and port share with nobody), and says them with
/// each question (<c>Authorization: Bearer</c>, RFC 6750 2.1). It is no cookie: those tell no ports apart (RFC 6265 8.5), and a browser would hand it to
/// every other server at the same address. Comparing takes the same time whatever was sent.
/// </remarks>
internal sealed class AccessToken
{
    /// <summary>The member of the address.</summary>
    public const string Member = "token";

    private const int Bytes = 32;

    private readonly string _text;
    private readonly byte[] _hash;

    private AccessToken(string text) => (_text, _hash) = (text, Hash(text));

    /// <summary>A new one.</summary>
    public static AccessToken Create(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        random.Fill(bytes);
        return new AccessToken(Base64Url.EncodeToString(bytes));
    }

    /// <summary>The address by which the page can be opened.</summary>
    public string AddressAt(string address) => $"{address}#{Member}={_text}";

    /// <summary>Whether the request says it. The scheme's name may be in any letters (RFC 9110 11.1).</summary>
    public bool IsIn(HttpRequest request) =>
        request.Headers.Authorization is [{ } said] && said.StartsWith(LiveJourneys.TokenScheme + " ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(said[(LiveJourneys.TokenScheme.Length + 1)..].Trim(' ')), _hash);

    // Of one length whatever was sent, so that the length does not show either.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
