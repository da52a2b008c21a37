using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Firstbyte.Http.Authentication;
using Firstbyte.Urls;

namespace Firstbyte.Proxies;

/// <summary>A proxy: how it is spoken to, where it is, and who asks it.</summary>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Host">Its name or address, an IPv6 address without brackets.</param>
/// <param name="Port">Its port.</param>
/// <param name="Credentials">Who asks; null for nobody in particular.</param>
public sealed record ProxyAddress(ProxyKind Kind, string Host, ushort Port, Credentials? Credentials = null)
{
    /// <summary>Reads "[scheme://][user:password@]host[:port][/]" as curl does: without a scheme it is an HTTP proxy.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">What it is where the text does not say so.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="fault">Why it is none.</param>
    public static bool TryRead(string text, ProxyKind kind, [NotNullWhen(true)] out ProxyAddress? proxy, out ProxyAddressFault fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        (proxy, fault) = (null, ProxyAddressFault.None);
        var rest = text.AsSpan().Trim();
        if (rest.IndexOf("://") is >= 0 and var colon)
        {
            if (ProxyKinds.Of(rest[..colon]) is not { } named)
            {
                fault = ProxyAddressFault.SchemeUnknown;
                return false;
            }
            kind = named;
            rest = rest[(colon + 3)..];
        }
        if (rest.IsEmpty)
        {
            fault = ProxyAddressFault.HostMissing;
            return false;
        }
        // The URL parser knows hosts: names in any script, IPv4 in its forms, IPv6 in brackets. A scheme's own port it leaves out: of two schemes one keeps it.
        if (!Url.TryParse($"http://{rest}", out var url) || !Url.TryParse($"https://{rest}", out var other) || url.Hostname.Length == 0)
        {
            fault = ProxyAddressFault.HostInvalid;
            return false;
        }
        if (url.Pathname is not ("" or "/") || url.Search.Length > 0 || url.Hash.Length > 0)
        {
            fault = ProxyAddressFault.PathGiven;
            return false;
        }
        var port = url.Port.Length > 0 ? url.Port : other.Port;
        var host = url.HostKind == UrlHostKind.Ipv6 ? url.Hostname[1..^1] : url.Hostname;
        proxy = new ProxyAddress(
            kind, host, port.Length > 0 ? ushort.Parse(port, CultureInfo.InvariantCulture) : ProxyKinds.DefaultPort(kind),
            url.HasCredentials ? new Credentials(Decoded(url.UsernameSpan), Decoded(url.PasswordSpan)) : null);
        return true;
    }

    /// <summary>"http://host:port", without who asks it.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture, $"{ProxyKinds.SchemeOf(Kind)}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static string Decoded(ReadOnlySpan<char> text) => Encoding.UTF8.GetString(PercentDecoding.Decode(text));
}

/// <summary>Why a text names no proxy.</summary>
public enum ProxyAddressFault : byte
{
    /// <summary>It names one.</summary>
    None,

    /// <summary>Its scheme is none that a proxy has.</summary>
    SchemeUnknown,

    /// <summary>It names no host.</summary>
    HostMissing,

    /// <summary>What stands for the host, or for its port, is none.</summary>
    HostInvalid,

    /// <summary>A path, a query or a fragment follows: a proxy has none.</summary>
    PathGiven,
}
