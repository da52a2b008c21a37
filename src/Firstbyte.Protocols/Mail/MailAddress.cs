using System.Buffers;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Urls;

namespace Firstbyte.Mail;

/// <summary>A mailbox: who, at which domain (RFC 5321 4.1.2, with RFC 6531 3.3's characters beyond ASCII).</summary>
/// <param name="LocalPart">Who, as it is written: a dot-atom, or a quoted string with its quotes.</param>
/// <param name="Domain">The domain in ASCII (A-labels, small letters), or an address literal with its brackets.</param>
/// <param name="WrittenDomain">The domain as it was written.</param>
public sealed record MailAddress(string LocalPart, string Domain, string WrittenDomain)
{
    // What ends a host in a URL, or is none of its characters.
    private static readonly SearchValues<char> s_foreign = SearchValues.Create(" /\\?#:@%[]");

    /// <summary>Whether it can be said only to servers that know SMTPUTF8 (RFC 6531): a domain has a form in ASCII, a local part has none.</summary>
    public bool NeedsUtf8 => LocalPart.Any(static character => character > '\x7f');

    /// <summary>The mailbox as SMTP says it.</summary>
    public override string ToString() => $"{LocalPart}@{Domain}";

    /// <summary>Reads a mailbox; false for what is none. Comments, folding and routes (RFC 5322 4.4) are not taken.</summary>
    /// <remarks>
    /// <code>
    /// Mailbox    = Local-part "@" ( Domain / address-literal )      Local-part = Dot-string / Quoted-string
    /// Dot-string = Atom *("." Atom)                                 atext      = ALPHA / DIGIT / "!#$%&amp;'*+-/=?^_`{|}~" / UTF8-non-ascii
    /// </code>
    /// </remarks>
    public static bool TryParse(string text, out MailAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        var at = text.LastIndexOf('@');
        if (at <= 0 || text.Any(char.IsControl)) { return false; }
        var (local, domain) = (text[..at], text[(at + 1)..]);
        if (Encoding.UTF8.GetByteCount(local) > MailLimits.LocalPart || !(IsDotString(local) || IsQuoted(local))) { return false; }
        if (DomainOf(domain) is not { } ascii) { return false; }
        address = new MailAddress(local, ascii, domain);
        return true;
    }

    private static bool IsDotString(string local) => Array.TrueForAll(local.Split('.'), static atom => atom.Length > 0 && atom.All(IsAtomText));

    private static bool IsAtomText(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~".Contains(character, StringComparison.Ordinal) || character > '\x9f';

    // DQUOTE *( %d32-33 / %d35-91 / %d93-126 / "\" %d32-126 ) DQUOTE
    private static bool IsQuoted(string local)
    {
        if (local.Length < 2 || local[0] != '"' || local[^1] != '"') { return false; }
        for (var i = 1; i < local.Length - 1; i++)
        {
            if (local[i] == '"') { return false; }
            if (local[i] == '\\' && ++i == local.Length - 1) { return false; }
        }
        return true;
    }

    // What names a host in a URL names one here; an address stands in brackets.
    private static string? DomainOf(string domain)
    {
        if (domain is ['[', .., ']'])
        {
            var literal = domain[1..^1];
            var isV6 = literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase);
            if (!IpAddress.TryParse(isV6 ? literal[5..] : literal, out var address) || address.IsV4 == isV6) { return null; }
            return isV6 ? $"[IPv6:{address}]" : $"[{address}]";
        }
        if (domain.Length is 0 or > MailLimits.Domain || domain.AsSpan().ContainsAny(s_foreign) || domain.Contains("..", StringComparison.Ordinal))
        {
            return null;
        }
        if (!Url.TryParse($"http://{domain}/", null, out var url) || url.HostKind != UrlHostKind.Domain) { return null; }
        var host = url.Hostname;
        return Array.TrueForAll(host.Split('.'), IsLabel) ? host : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');
}

/// <summary>How much a message and its way may be.</summary>
public static class MailLimits
{
    /// <summary>Bytes of a local part (RFC 5321 4.5.3.1.1).</summary>
    public const int LocalPart = 64;

    /// <summary>Characters of a domain (RFC 5321 4.5.3.1.2).</summary>
    public const int Domain = 255;

    /// <summary>Recipients of a message: what every server takes (RFC 5321 4.5.3.1.8).</summary>
    public const int Recipients = 100;

    /// <summary>Characters of a mailto: URL that are read.</summary>
    public const int Url = 1024 * 1024;

    /// <summary>Bytes of a command line with its end (RFC 5321 4.5.3.1.4, and what MAIL's parameters add; AUTH: 12288, RFC 4954 4).</summary>
    public const int Command = 12288;

    /// <summary>Bytes of a line of a reply, its end not counted (RFC 5321 4.5.3.1.5: 512; others write more).</summary>
    public const int ReplyLine = 8 * 1024;

    /// <summary>Lines of one reply.</summary>
    public const int ReplyLines = 200;

    /// <summary>Servers of a domain that are tried (RFC 5321 5.1: at least two).</summary>
    public const int Exchangers = 10;

    /// <summary>Rounds of PBKDF2 that a server may ask for (RFC 7677 4: at least 4096): a server is not to keep this host busy.</summary>
    public const int ScramIterations = 1_000_000;
}
