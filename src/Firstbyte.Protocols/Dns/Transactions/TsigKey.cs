using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Transactions;

/// <summary>A secret that two hosts share, by its name (RFC 8945 section 4.2).</summary>
public sealed class TsigKey
{
    /// <summary>RFC 8945 section 10: seconds by which two clocks may differ.</summary>
    public const int DefaultFudge = 300;

    private readonly byte[] _secret;

    /// <summary>A key.</summary>
    /// <param name="name">The name by which both sides call it.</param>
    /// <param name="algorithm">How it signs.</param>
    /// <param name="secret">The secret's bytes; nothing here ever shows them.</param>
    /// <param name="macLength">How many bytes of a code are sent, and the fewest that are believed; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">So short no code is well-formed, or so long none is.</exception>
    public TsigKey(DnsName name, TsigAlgorithm algorithm, ReadOnlySpan<byte> secret, int macLength = 0)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        MacLength = macLength == 0 ? algorithm.Length : macLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(MacLength, algorithm.MinLength, nameof(macLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MacLength, algorithm.Length, nameof(macLength));
        (Name, Algorithm, _secret) = (name.ToLower(), algorithm, secret.ToArray());
    }

    /// <summary>The name, in lower case.</summary>
    public DnsName Name { get; }

    /// <summary>How it signs.</summary>
    public TsigAlgorithm Algorithm { get; }

    /// <summary>How many bytes of a code are sent, and the fewest that are believed.</summary>
    public int MacLength { get; }

    /// <summary>The length of a signature record of this key at most, with the time of BADTIME.</summary>
    internal int RecordLength => Name.Length + TsigRecord.FixedLength + Algorithm.Name.Length + TsigRecord.FieldsLength + MacLength + TsigRecord.TimeLength;

    /// <summary>The name and the algorithm; the secret is not shown.</summary>
    public override string ToString() => $"{Name} {Algorithm}";

    internal TsigHash StartHash() => Algorithm.Start(_secret);
}

/// <summary>The keys that a host knows, by their names.</summary>
public sealed class TsigKeyring
{
    private readonly Dictionary<DnsName, TsigKey> _keys = new(DnsNameComparer.Instance);

    /// <summary>A ring of keys; of two with the same name the last one counts.</summary>
    public TsigKeyring(params IEnumerable<TsigKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys) { _keys[key.Name] = key; }
    }

    /// <summary>No keys: every signature is by an unknown one.</summary>
    public static TsigKeyring Empty { get; } = new();

    /// <summary>One of the keys: the one where there is one; null where there are none.</summary>
    public TsigKey? First => _keys.Values.FirstOrDefault();

    /// <summary>The number of keys.</summary>
    public int Count => _keys.Count;

    /// <summary>The key of a name, or null.</summary>
    public TsigKey? Find(DnsName name) => _keys.GetValueOrDefault(name);

    /// <summary>The key of a name in wire form, or null.</summary>
    internal TsigKey? Find(ReadOnlySpan<byte> name) => _keys.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var key) ? key : null;
}
