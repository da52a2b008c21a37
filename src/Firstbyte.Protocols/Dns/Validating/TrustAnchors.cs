using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Validating;

/// <summary>A zone whose keys are believed without a parent: DS or DNSKEY records that came another way than by DNS (RFC 4033 section 2).</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Signers">Data of DS records.</param>
/// <param name="Keys">Data of DNSKEY records.</param>
public sealed record TrustAnchor(DnsName Zone, RecordData[] Signers, RecordData[] Keys);

/// <summary>What a validator believes, and what it leaves alone.</summary>
public sealed class TrustAnchors
{
    private readonly Dictionary<DnsName, TrustAnchor> _anchors = new(DnsNameComparer.Instance);
    private readonly HashSet<DnsName> _insecure = new(DnsNameComparer.Instance);

    private TrustAnchors() { }

    /// <summary>Nothing is believed: answers are taken as they come.</summary>
    public static TrustAnchors None { get; } = new();

    /// <summary>The keys of the root: KSK-2017 (20326) and KSK-2024 (38696).</summary>
    /// <remarks>Source: IANA's https://data.iana.org/root-anchors/root-anchors.xml, valid from 2017-02-02 and from 2024-07-18.</remarks>
    public static TrustAnchors Root { get; } = From(
    [
        RootSigner(20326, "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"),
        RootSigner(38696, "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"),
    ]);

    /// <summary>Whether nothing is believed.</summary>
    public bool IsEmpty => _anchors.Count == 0;

    /// <summary>The zones.</summary>
    public IEnumerable<TrustAnchor> All => _anchors.Values.OrderBy(static anchor => anchor.Zone);

    /// <summary>Anchors out of DS and DNSKEY records; others are ignored.</summary>
    /// <param name="records">The records, each owned by its zone.</param>
    /// <param name="insecure">Zones that are taken as unsigned, with everything below them (negative trust anchors, RFC 7646).</param>
    public static TrustAnchors From(IEnumerable<DnsRecord> records, IEnumerable<DnsName>? insecure = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        var anchors = new TrustAnchors();
        var usable = records.Where(static record => record.Type == RecordType.DS || record.Type == RecordType.DNSKEY);
        foreach (var zone in usable.GroupBy(static record => record.Owner))
        {
            anchors._anchors[zone.Key] = new TrustAnchor(
                zone.Key, [.. zone.Where(static record => record.Type == RecordType.DS).Select(static record => record.Data)],
                [.. zone.Where(static record => record.Type == RecordType.DNSKEY).Select(static record => record.Data)]);
        }
        foreach (var name in insecure ?? []) { anchors._insecure.Add(name); }
        return anchors;
    }

    /// <summary>Whether a key of the root with this number is believed without a parent.</summary>
    public bool TrustsRootKey(ushort keyTag) => _anchors.TryGetValue(DnsName.Root, out var root)
        && (Array.Exists(root.Signers, signer => BinaryPrimitives.ReadUInt16BigEndian(signer.Wire) == keyTag)
            || Array.Exists(root.Keys, key => ZonePublicKey.TagOf(key.Wire) == keyTag));

    /// <summary>The anchor at or nearest above a name; null when there is none.</summary>
    internal TrustAnchor? FindClosest(DnsName name)
    {
        while (true)
        {
            if (_anchors.TryGetValue(name, out var anchor)) { return anchor; }
            if (name.IsRoot) { return null; }
            name = name.Parent;
        }
    }

    /// <summary>Whether a name lies at or below a zone that is taken as unsigned, and no anchor lies between.</summary>
    internal bool IsInsecure(DnsName name)
    {
        while (_insecure.Count > 0)
        {
            if (_insecure.Contains(name)) { return true; }
            if (name.IsRoot || _anchors.ContainsKey(name)) { return false; }
            name = name.Parent;
        }
        return false;
    }

    private static DnsRecord RootSigner(ushort tag, string digest) => new(
        DnsName.Root, Ttl.Zero,
        RecordWire.ToData(RecordType.DS, [(byte)(tag >> 8), (byte)tag, SigningAlgorithm.RsaSha256.Value, 2, .. Convert.FromHexString(digest)]));
}
