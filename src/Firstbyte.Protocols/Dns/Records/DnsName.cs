using System.Runtime.CompilerServices;

namespace Firstbyte.Dns.Records;

/// <summary>A domain name: its bytes as they go over the wire (RFC 1035 section 3.1), at most 255. The default value is the root.</summary>
/// <remarks>Case is kept and ignored: names that differ only in ASCII case are equal (RFC 4343). All names are absolute.</remarks>
public readonly partial struct DnsName : IEquatable<DnsName>, IComparable<DnsName>, ISpanParsable<DnsName>, ISpanFormattable
{
    private static readonly byte[] RootWire = [0];
    private static readonly int RootHash = WireName.Hash(RootWire);
    private readonly byte[]? _wire;
    private readonly int _hash;

    private DnsName(byte[] wire)
    {
        _wire = wire;
        _hash = WireName.Hash(wire);
    }

    /// <summary>The root, written ".".</summary>
    public static DnsName Root => default;

    /// <summary>The name in wire form: labels, each after its length, and the closing zero.</summary>
    public ReadOnlySpan<byte> Wire => _wire ?? RootWire;

    /// <summary>The bytes of the wire form.</summary>
    public ReadOnlyMemory<byte> WireMemory => _wire ?? RootWire;

    /// <summary>The length of the wire form in bytes: 1 for the root.</summary>
    public int Length => _wire?.Length ?? 1;

    /// <summary>True for the root.</summary>
    public bool IsRoot => Length == 1;

    /// <summary>True when the leftmost label is "*" (RFC 4592 section 2.1.1).</summary>
    public bool IsWildcard => Wire is [1, (byte)'*', ..];

    /// <summary>The number of labels without the root: 3 for www.example.com, 0 for the root.</summary>
    public int LabelCount => WireName.CountLabels(Wire);

    /// <summary>The name without its leftmost label; the root for the root.</summary>
    public DnsName Parent => Length <= 2 ? Root : new DnsName(WireName.Parent(Wire).ToArray());

    /// <summary>The labels, leftmost first, without the root.</summary>
    public LabelEnumerable Labels => new(Wire);

    /// <summary>Takes a name from its uncompressed wire form; false when the span is not exactly one name.</summary>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, out DnsName name)
    {
        name = default;
        if (!WireName.IsValid(wire)) { return false; }
        if (wire.Length > 1) { name = new DnsName(wire.ToArray()); }
        return true;
    }

    /// <summary>Takes bytes that are known to be a valid name.</summary>
    internal static DnsName FromValidWire(ReadOnlySpan<byte> wire) => wire.Length <= 1 ? Root : new DnsName(wire.ToArray());

    /// <summary>The name made of the rightmost <paramref name="labels"/> labels: 0 gives the root.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The name has fewer labels.</exception>
    public DnsName Suffix(int labels)
    {
        var skip = LabelCount - labels;
        ArgumentOutOfRangeException.ThrowIfNegative(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(skip, nameof(labels));
        if (skip == 0) { return this; }
        var rest = Wire;
        for (; skip > 0; skip--) { rest = WireName.Parent(rest); }
        return FromValidWire(rest);
    }

    /// <summary>Puts a label in front; false when the label is empty or over 63 bytes, or the name would pass 255.</summary>
    public bool TryPrepend(ReadOnlySpan<byte> label, out DnsName name)
    {
        name = default;
        if (label.Length is 0 or > WireName.MaxLabelLength || label.Length + 1 + Length > WireName.MaxLength) { return false; }
        var wire = new byte[label.Length + 1 + Length];
        wire[0] = (byte)label.Length;
        label.CopyTo(wire.AsSpan(1));
        Wire.CopyTo(wire.AsSpan(1 + label.Length));
        name = new DnsName(wire);
        return true;
    }

    /// <summary>True when this name is <paramref name="ancestor"/> or lies below it.</summary>
    public bool IsSubdomainOf(DnsName ancestor) => WireName.IsSubdomainOf(Wire, ancestor.Wire);

    /// <summary>True when this name lies below <paramref name="ancestor"/> and is not the same.</summary>
    public bool IsBelow(DnsName ancestor) => Length > ancestor.Length && IsSubdomainOf(ancestor);

    /// <summary>How many labels two names share, counted from the right.</summary>
    public int CountCommonLabels(DnsName other) => WireName.CountCommonLabels(Wire, other.Wire);

    /// <summary>The same name in lower case (the canonical form of RFC 4034 section 6.2).</summary>
    public DnsName ToLower()
    {
        if (_wire is null || _wire.AsSpan().IndexOfAnyInRange((byte)'A', (byte)'Z') < 0) { return this; }
        var lower = new byte[_wire.Length];
        for (var i = 0; i < lower.Length; i++) { lower[i] = WireName.Fold(_wire[i]); }
        return new DnsName(lower);
    }

    /// <inheritdoc/>
    public bool Equals(DnsName other) => GetHashCode() == other.GetHashCode() && WireName.Equals(Wire, other.Wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    /// <summary>Equality with regard to case, byte for byte (the check of 0x20 answers).</summary>
    public bool EqualsExactly(DnsName other) => Wire.SequenceEqual(other.Wire);

    /// <inheritdoc/>
    public override int GetHashCode() => _wire is null ? RootHash : _hash;

    /// <summary>Canonical order (RFC 4034 section 6.1).</summary>
    public int CompareTo(DnsName other) => WireName.CompareCanonical(Wire, other.Wire);

    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);
    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);
    public static bool operator <(DnsName left, DnsName right) => left.CompareTo(right) < 0;
    public static bool operator >(DnsName left, DnsName right) => left.CompareTo(right) > 0;
    public static bool operator <=(DnsName left, DnsName right) => left.CompareTo(right) <= 0;
    public static bool operator >=(DnsName left, DnsName right) => left.CompareTo(right) >= 0;

    /// <summary>The labels of a name, for foreach.</summary>
    public readonly ref struct LabelEnumerable(ReadOnlySpan<byte> wire)
    {
        private readonly ReadOnlySpan<byte> _wire = wire;

        /// <summary>Starts at the leftmost label.</summary>
        public LabelEnumerator GetEnumerator() => new(_wire);
    }

    /// <summary>Walks the labels of a name.</summary>
    public ref struct LabelEnumerator(ReadOnlySpan<byte> wire)
    {
        private ReadOnlySpan<byte> _rest = wire;

        /// <summary>The bytes of the label, without its length.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes one label to the right; false at the root.</summary>
        public bool MoveNext()
        {
            if (_rest[0] == 0) { return false; }
            Current = _rest.Slice(1, _rest[0]);
            _rest = _rest[(1 + _rest[0])..];
            return true;
        }
    }
}

/// <summary>Compares names without regard to case, also with names that are still bytes in a message: looking one up allocates nothing.</summary>
public sealed class DnsNameComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DnsName>
{
    /// <summary>The one instance: it holds nothing.</summary>
    public static readonly DnsNameComparer Instance = new();

    private DnsNameComparer() { }

    /// <inheritdoc/>
    public bool Equals(DnsName x, DnsName y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(DnsName obj) => obj.GetHashCode();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ReadOnlySpan<byte> alternate, DnsName other) => WireName.Equals(alternate, other.Wire);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => WireName.Hash(alternate);

    /// <inheritdoc/>
    public DnsName Create(ReadOnlySpan<byte> alternate) => DnsName.FromValidWire(alternate);
}
