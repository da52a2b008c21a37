using Firstbyte.Addressing;

namespace Firstbyte.Tls;

/// <summary>Whether a certificate's names cover the host that was asked for (RFC 9525 section 6).</summary>
/// <remarks>
/// Only subjectAltName counts, never the subject's common name (section 2). A wildcard is the whole leftmost label and stands for exactly
/// one label (section 6.3). An IP address matches an equal address only (section 6.5). Names are compared without regard to ASCII case;
/// internationalised names are
/// compared in their ASCII form.
/// </remarks>
public static class ServerNameMatch
{
    /// <summary>Whether any of the names covers the host, which is a DNS name in ASCII or an IP address without brackets.</summary>
    public static bool Covers(IEnumerable<string> names, string host)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(host);
        var isAddress = IpAddress.TryParse(host, out var address);
        foreach (var name in names)
        {
            if (isAddress ? IpAddress.TryParse(name, out var own) && own == address : CoversName(name, host)) { return true; }
        }
        return false;
    }

    private static bool CoversName(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        host = WithoutRoot(host);
        pattern = WithoutRoot(pattern);
        if (host.IsEmpty || pattern.IsEmpty) { return false; }
        if (!pattern.StartsWith("*.")) { return pattern.Equals(host, StringComparison.OrdinalIgnoreCase); }
        var dot = host.IndexOf('.');
        return dot > 0 && pattern[1..].Equals(host[dot..], StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> WithoutRoot(ReadOnlySpan<char> name) => name is [.. var rest, '.'] ? rest : name;
}
