using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>What an EDNS option says: one leaf for each kind that is known, and one for all others and for those that do not have their kind's shape.</summary>
/// <remarks>Texts of a server are shown as they came, with a dot for every octet that is no printable ASCII; octets are hexadecimal digits.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "option")]
[JsonDerivedType(typeof(ServerIdentifierOption), "nsid")]
[JsonDerivedType(typeof(ClientSubnetOption), "ecs")]
[JsonDerivedType(typeof(ExpireOption), "expire")]
[JsonDerivedType(typeof(CookieOption), "cookie")]
[JsonDerivedType(typeof(KeepAliveOption), "keepalive")]
[JsonDerivedType(typeof(PaddingOption), "padding")]
[JsonDerivedType(typeof(ChainOption), "chain")]
[JsonDerivedType(typeof(ExtendedErrorOption), "ede")]
[JsonDerivedType(typeof(OtherOption), "other")]
public abstract record EdnsOptionValue
{
    private protected EdnsOptionValue() { }

    /// <summary>Reads an option.</summary>
    public static EdnsOptionValue Read(EdnsOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return TryRead(option.Code, option.Data) ?? new OtherOption(option.Code.Value, Convert.ToHexStringLower(option.Data));
    }

    /// <summary>Reads all options of an OPT record.</summary>
    public static EdnsOptionValue[] ReadAll(Edns edns)
    {
        ArgumentNullException.ThrowIfNull(edns);
        return [.. edns.Options.Select(Read)];
    }

    private static EdnsOptionValue? TryRead(EdnsOptionCode code, ReadOnlySpan<byte> data)
    {
        if (code == EdnsOptionCode.Nsid) { return new ServerIdentifierOption(Text(data), Convert.ToHexStringLower(data)); }
        if (code == EdnsOptionCode.ClientSubnet)
        {
            return ClientSubnet.TryRead(data, out var subnet)
                ? new ClientSubnetOption(subnet.Family == 0 ? null : subnet.Address, subnet.SourceLength, subnet.ScopeLength)
                : null;
        }
        if (code == EdnsOptionCode.Expire)
        {
            return data.Length switch { 0 => new ExpireOption(null), sizeof(uint) => new ExpireOption(BinaryPrimitives.ReadUInt32BigEndian(data)), _ => null };
        }
        if (code == EdnsOptionCode.Cookie) { return Cookie(data); }
        if (code == EdnsOptionCode.KeepAlive)
        {
            return data.Length switch
            {
                0 => new KeepAliveOption(null),
                sizeof(ushort) => new KeepAliveOption(BinaryPrimitives.ReadUInt16BigEndian(data) * KeepAliveOption.Unit),
                _ => null,
            };
        }
        if (code == EdnsOptionCode.Padding) { return new PaddingOption(data.Length); }
        if (code == EdnsOptionCode.Chain) { return WireName.IsValid(data) ? new ChainOption(DnsName.FromValidWire(data).ToString()) : null; }
        if (code == EdnsOptionCode.ExtendedError && data.Length >= sizeof(ushort))
        {
            var error = new ExtendedErrorCode(BinaryPrimitives.ReadUInt16BigEndian(data));
            return new ExtendedErrorOption(error.Value, error.Purpose, Text(data[sizeof(ushort)..]));
        }
        return null;
    }

    /// <summary>RFC 7873 section 4: 8 octets of the client's, and none or 8 to 32 of the server's.</summary>
    private static CookieOption? Cookie(ReadOnlySpan<byte> data)
    {
        const int client = 8, leastServer = 8, mostServer = 32;
        return data.Length == client ? new CookieOption(Convert.ToHexStringLower(data), null)
            : data.Length is >= client + leastServer and <= client + mostServer
                ? new CookieOption(Convert.ToHexStringLower(data[..client]), Convert.ToHexStringLower(data[client..]))
                : null;
    }

    private static string Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length);
        foreach (var value in data) { text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.'); }
        return text.ToString();
    }
}

/// <summary>What the server calls itself (RFC 5001); in a query the wish to hear it, empty.</summary>
public sealed record ServerIdentifierOption(string Text, string Hex) : EdnsOptionValue;

/// <summary>For whom it is asked (RFC 7871).</summary>
/// <param name="Address">The address, its other bits zero; null for nobody.</param>
/// <param name="SourceLength">So many leading bits of it are told.</param>
/// <param name="ScopeLength">In an answer: for addresses with so many of the same leading bits it holds.</param>
public sealed record ClientSubnetOption(IpAddress? Address, byte SourceLength, byte ScopeLength) : EdnsOptionValue;

/// <summary>When the server's copy of the zone expires (RFC 7314), in seconds; in a query the wish to hear it, null.</summary>
public sealed record ExpireOption(uint? Seconds) : EdnsOptionValue;

/// <summary>The client's cookie and the server's (RFC 7873); the server's is null where the client has none yet.</summary>
public sealed record CookieOption(string Client, string? Server) : EdnsOptionValue;

/// <summary>How long an idle connection is kept (RFC 7828), in milliseconds; in a query the wish to hear it, null.</summary>
public sealed record KeepAliveOption(int? Milliseconds) : EdnsOptionValue
{
    /// <summary>RFC 7828 section 3.1 counts in 100 milliseconds.</summary>
    internal const int Unit = 100;
}

/// <summary>Octets that only make the message longer (RFC 7830).</summary>
public sealed record PaddingOption(int Length) : EdnsOptionValue;

/// <summary>The name from which on the client wants the chain of trust (RFC 7901).</summary>
public sealed record ChainOption(string ClosestTrustPoint) : EdnsOptionValue;

/// <summary>More about the response code (RFC 8914).</summary>
/// <param name="Code">The number.</param>
/// <param name="Purpose">What the registry says it is for; null where it says nothing.</param>
/// <param name="Text">What the server adds, for people.</param>
public sealed record ExtendedErrorOption(int Code, string? Purpose, string Text) : EdnsOptionValue;

/// <summary>An option of another kind, or one that does not have the shape of its kind.</summary>
public sealed record OtherOption(int Code, string Hex) : EdnsOptionValue;
