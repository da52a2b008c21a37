using System.Text;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Serving;

/// <summary>The names in class CH by which a server is asked about itself (RFC 4892, and BIND's older ones).</summary>
internal sealed class ServerNames(string? version, string? identity)
{
    private readonly (DnsName Name, byte[]? Text)[] _names =
    [
        (DnsName.Parse("version.bind."), ToText(version)), (DnsName.Parse("version.server."), ToText(version)),
        (DnsName.Parse("id.server."), ToText(identity)), (DnsName.Parse("hostname.bind."), ToText(identity)),
    ];

    /// <summary>The data of the TXT record at a name; empty when that is kept or there is no such name.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name)
    {
        foreach (var (own, text) in _names)
        {
            if (WireName.Equals(own.Wire, name)) { return text; }
        }
        return default;
    }

    /// <summary>A text as one character-string (RFC 1035 section 3.3), which has at most 255 bytes.</summary>
    private static byte[]? ToText(string? text)
    {
        if (text is null) { return null; }
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        return bytes.Length <= byte.MaxValue ? [(byte)bytes.Length, .. bytes] : throw new ArgumentException("a text has at most 255 bytes", nameof(text));
    }
}

/// <summary>The option by which one of many servers behind an address says which it is (RFC 5001).</summary>
internal sealed class NsidOption(string? identity)
{
    /// <summary>The bytes to send; empty for none.</summary>
    public ReadOnlySpan<byte> Data => _data;

    private readonly byte[] _data = identity is null ? [] : Encoding.UTF8.GetBytes(identity);
}
