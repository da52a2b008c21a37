namespace Firstbyte.Tcp;

/// <summary>A place in a TCP byte stream: 32 bits that wrap (RFC 9293 section 3.4).</summary>
/// <remarks>
/// The comparisons are those of the specification's "modulo 2^32": they hold for numbers less than 2^31 apart, which the largest
/// window (2^30, RFC 7323 section 2.2) guarantees inside one connection. There is no total order, hence no <see cref="IComparable{T}"/>.
/// </remarks>
public readonly record struct SequenceNumber(uint Value)
{
    /// <summary>The place <paramref name="count"/> octets further on.</summary>
    public static SequenceNumber operator +(SequenceNumber number, int count) => new(unchecked(number.Value + (uint)count));

    /// <summary>The place <paramref name="count"/> octets further on.</summary>
    public static SequenceNumber operator +(SequenceNumber number, uint count) => new(unchecked(number.Value + count));

    /// <summary>The place <paramref name="count"/> octets back.</summary>
    public static SequenceNumber operator -(SequenceNumber number, int count) => new(unchecked(number.Value - (uint)count));

    /// <summary>How many octets <paramref name="left"/> lies after <paramref name="right"/>; negative when it lies before.</summary>
    public static int operator -(SequenceNumber left, SequenceNumber right) => unchecked((int)(left.Value - right.Value));

    /// <summary>True when <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(SequenceNumber left, SequenceNumber right) => left - right < 0;

    /// <summary>True when <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(SequenceNumber left, SequenceNumber right) => left - right > 0;

    /// <summary>True when <paramref name="left"/> is or comes before <paramref name="right"/>.</summary>
    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left - right <= 0;

    /// <summary>True when <paramref name="left"/> is or comes after <paramref name="right"/>.</summary>
    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left - right >= 0;

    /// <summary>The later of the two.</summary>
    public static SequenceNumber Max(SequenceNumber left, SequenceNumber right) => left > right ? left : right;

    /// <summary>The earlier of the two.</summary>
    public static SequenceNumber Min(SequenceNumber left, SequenceNumber right) => left < right ? left : right;

    /// <summary>True when start =&lt; this &lt; start + length: the test of RFC 9293 section 3.4 for a window.</summary>
    public bool IsIn(SequenceNumber start, uint length) => unchecked(Value - start.Value) < length;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
