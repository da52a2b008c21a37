using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Sockets;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Pages;

/// <summary>What whoever started the server knows, and nobody else: in the address that was printed, and from the first request on in a cookie.</summary>
/// <remarks>
/// 256 bits of the system's randomness, made anew at each start. The address is left at once for one without the token, so that it stands in no
/// history. The cookie is named by the server's port, as cookies do not tell ports apart (RFC 6265 8.5), is out of reach of scripts, and does not
/// go along with what other sites ask (SameSite=Strict). Comparing takes the same time whatever was sent.
/// </remarks>
internal sealed class AccessToken
{
    /// <summary>The parameter of the address.</summary>
    public const string Parameter = "token";

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
    public string AddressAt(string address) => $"{address}?{Parameter}={_text}";

    /// <summary>Whether it is this one.</summary>
    public bool Is(string? text) => text is not null && CryptographicOperations.FixedTimeEquals(Hash(text), _hash);

    /// <summary>Whether the request's cookie is.</summary>
    public bool IsIn(HttpRequest request) => Is(request.Cookies[CookieName(request)]);

    /// <summary>Gives it to the browser.</summary>
    public void Give(HttpContext context) => context.Response.Cookies.Append(CookieName(context.Request), _text, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    });

    private static string CookieName(HttpRequest request) => $"firstbyte-host-{request.HttpContext.Connection.LocalPort}";

    // Of one length whatever was sent, so that the length does not show either.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
