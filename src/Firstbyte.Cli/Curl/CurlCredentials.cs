using Firstbyte.Http;
using Firstbyte.Http.Authentication;

namespace Firstbyte.Cli.Curl;

/// <summary>Who asks a server.</summary>
/// <param name="User">The user; null for nobody.</param>
/// <param name="Password">The password.</param>
/// <param name="IsFromNetrc">A netrc file says so.</param>
internal sealed record CurlCredentials(string? User, string? Password, bool IsFromNetrc)
{
    public static readonly CurlCredentials Nobody = new(null, null, false);

    /// <summary>URL, then -u, then netrc; --netrc-optional prefers what the URL says, --netrc the file.</summary>
    /// <param name="before">Who has asked for the hop before.</param>
    /// <param name="task">What the command line says.</param>
    /// <param name="url">Where the hop leads.</param>
    /// <param name="netrc">The netrc file; null for none.</param>
    /// <param name="isCleared">Who was said is not for this host.</param>
    /// <exception cref="CurlStop">The file says what no request can.</exception>
    public static CurlCredentials Choose(CurlCredentials before, CurlTask task, CurlUrl url, NetrcFile? netrc, bool isCleared)
    {
        var (user, password) = (before.User, before.Password);
        if (!isCleared && task.User is { } said)
        {
            var colon = said.IndexOf(':', StringComparison.Ordinal);
            (user, password) = colon < 0 ? (said, "") : (said[..colon], said[(colon + 1)..]);
        }
        var inUrl = false;
        if (url.User is not null && !(task.Netrc && !task.NetrcOptional))
        {
            (user, password, inUrl) = (Decoded(url.User), url.Password is null ? null : Decoded(url.Password), true);
        }
        else if (url.User is not null) { (user, password, inUrl) = (Decoded(url.User), null, true); }
        var isFromNetrc = false;
        var isAsked = netrc is not null && (task.User is null || isCleared) && (password is null || (task.Netrc && !task.NetrcOptional));
        if (isAsked && netrc!.OpenQuoteLine > 0) { throw new CurlStop(CurlCode.ReadError, ".netrc parser error"); }
        if (isAsked && netrc!.Find(url.Host, inUrl && user?.Length > 0 ? user : null) is { } found)
        {
            if (found.User.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0 || found.Password.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0)
            {
                throw new CurlStop(CurlCode.ReadError, "control code detected in .netrc credentials");
            }
            (user, password, isFromNetrc) = (found.User, found.Password, true);
        }
        return new CurlCredentials(user, user is null ? null : password ?? "", isFromNetrc);
    }

    private static string Decoded(string text) => OctetText.Of(CurlText.Unescape(text));
}
