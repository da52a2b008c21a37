using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls.Idna;

/// <summary>Punycode (RFC 3492), in n log n: a label of a URL may be a megabyte long, and the algorithm as printed is quadratic.</summary>
/// <remarks>
/// Encoding walks the code points in ascending order; between two of them it must know how many smaller ones stand on the way. Decoding
/// inserts code points at places that count what is there already. Both are questions of rank, which a Fenwick tree answers in log n;
/// short labels take the plain loops.
/// </remarks>
internal static class Punycode
{
    // RFC 3492 section 5.
    private const int Base = 36, MinimumThreshold = 1, MaximumThreshold = 26, Skew = 38, Damp = 700, InitialBias = 72, InitialCodePoint = 128;

    // Below this length the plain quadratic loops are faster than the tree.
    private const int ShortLabel = 96;

    /// <summary>
    /// Appends the encoding of a label (without "xn--"); false on overflow (RFC 3492 section 6.4: 31 bits are enough for any label DNS
    /// could carry).
    /// </summary>
    public static bool TryEncode(scoped ReadOnlySpan<int> label, ref SpanBuilder<char> output)
    {
        var basic = 0;
        foreach (var codePoint in label)
        {
            if (codePoint < 0x80) { output.Append((char)codePoint); basic++; }
        }
        if (basic > 0) { output.Append('-'); }
        if (basic == label.Length) { return true; }
        return label.Length <= ShortLabel ? TryEncodeShort(label, basic, ref output) : TryEncodeLong(label, basic, ref output);
    }

    private static bool TryEncodeShort(scoped ReadOnlySpan<int> label, int basic, ref SpanBuilder<char> output)
    {
        var (codePoint, delta, bias, handled) = (InitialCodePoint, 0L, InitialBias, basic);
        var next = int.MaxValue;
        foreach (var c in label)
        {
            if (c >= InitialCodePoint && c < next) { next = c; }
        }
        while (handled < label.Length)
        {
            delta += (long)(next - codePoint) * (handled + 1);
            if (delta > int.MaxValue) { return false; }
            (codePoint, next) = (next, int.MaxValue);
            foreach (var c in label)
            {
                if (c < codePoint) { delta++; continue; }
                if (c > codePoint) { next = Math.Min(next, c); continue; }
                AppendInteger((int)delta, bias, ref output);
                bias = Adapt((int)delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
            delta++;
            codePoint++;
        }
        return true;
    }

    private static bool TryEncodeLong(scoped ReadOnlySpan<int> label, int basic, ref SpanBuilder<char> output)
    {
        // In the order in which the algorithm emits: by code point, then by place.
        var order = new ulong[label.Length - basic];
        var tree = new int[label.Length + 1];
        var count = 0;
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] < 0x80) { Add(tree, i, 1); }
            else { order[count++] = (ulong)(uint)label[i] << 32 | (uint)i; }
        }
        Array.Sort(order);

        // Before each code point the decoder stands at a rank among the handled ones; delta is the way from there, once round for every
        // code point value in between.
        var (codePoint, bias, handled, rank) = (InitialCodePoint, InitialBias, basic, 0);
        foreach (var item in order)
        {
            var (next, place) = ((int)(item >> 32), (int)(uint)item);
            var target = Rank(tree, place);
            var delta = (long)(next - codePoint) * (handled + 1) + target - rank;
            if (delta > int.MaxValue) { return false; }
            AppendInteger((int)delta, bias, ref output);
            bias = Adapt((int)delta, handled + 1, handled == basic);
            Add(tree, place, 1);
            handled++;
            (codePoint, rank) = (next, target + 1);
        }
        return true;
    }

    /// <summary>Appends the code points of an encoded label (without "xn--"); false when it is no Punycode.</summary>
    public static bool TryDecode(scoped ReadOnlySpan<int> encoded, ref SpanBuilder<int> output)
    {
        var start = output.Length;
        var delimiter = encoded.LastIndexOf('-');
        if (delimiter > 0)
        {
            foreach (var c in encoded[..delimiter])
            {
                if (c >= 0x80) { return false; }
            }
            output.Append(encoded[..delimiter]);
        }
        var basic = output.Length - start;
        var rest = encoded[(delimiter > 0 ? delimiter + 1 : 0)..];
        var insertions = new SpanBuilder<ulong>(stackalloc ulong[64]);
        var good = TryReadInsertions(rest, basic, ref insertions);
        if (good)
        {
            if (basic + insertions.Length <= ShortLabel)
            {
                foreach (var insertion in insertions.Written) { output.Insert(start + (int)(uint)insertion, [(int)(insertion >> 32)]); }
            }
            else { Place(insertions.Written, basic, start, ref output); }
        }
        insertions.Dispose();
        return good;
    }

    private static bool TryReadInsertions(scoped ReadOnlySpan<int> rest, int basic, ref SpanBuilder<ulong> insertions)
    {
        var (codePoint, index, bias, length) = ((long)InitialCodePoint, 0L, InitialBias, basic);
        for (var at = 0; at < rest.Length;)
        {
            var (previous, weight) = (index, 1L);
            for (var k = Base; ; k += Base)
            {
                if (at == rest.Length) { return false; }
                var digit = DigitOf(rest[at++]);
                if (digit < 0) { return false; }
                index += digit * weight;
                if (index > int.MaxValue) { return false; }
                var threshold = Math.Clamp(k - bias, MinimumThreshold, MaximumThreshold);
                if (digit < threshold) { break; }
                weight *= Base - threshold;
                if (weight > int.MaxValue) { return false; }
            }
            length++;
            bias = Adapt((int)(index - previous), length, previous == 0 && length == basic + 1);
            codePoint += index / length;
            index %= length;
            if (codePoint > 0x10FFFF || codePoint is >= 0xD800 and <= 0xDFFF) { return false; }
            insertions.Append((ulong)codePoint << 32 | (uint)index);
            index++;
        }
        return true;
    }

    /// <summary>Finds where each insertion ends up: from the last to the first, each takes the place of its rank among those still free.</summary>
    private static void Place(scoped ReadOnlySpan<ulong> insertions, int basic, int start, ref SpanBuilder<int> output)
    {
        var total = basic + insertions.Length;
        var tree = new int[total + 1];
        for (var i = 1; i <= total; i++) { tree[i] = i & -i; }
        var result = new int[total];
        result.AsSpan().Fill(-1);
        for (var i = insertions.Length - 1; i >= 0; i--)
        {
            var place = Select(tree, (int)(uint)insertions[i]);
            result[place] = (int)(insertions[i] >> 32);
            Add(tree, place, -1);
        }
        // The free places hold the basic code points, in their order.
        var nextBasic = start;
        for (var i = 0; i < total; i++)
        {
            if (result[i] < 0) { result[i] = output[nextBasic++]; }
        }
        output.Truncate(start);
        output.Append(result);
    }

    // A Fenwick tree: tree[i] holds the sum of the (i & -i) places before i.
    private static void Add(int[] tree, int place, int value)
    {
        for (var i = place + 1; i < tree.Length; i += i & -i) { tree[i] += value; }
    }

    private static int Rank(int[] tree, int place)
    {
        var sum = 0;
        for (var i = place; i > 0; i -= i & -i) { sum += tree[i]; }
        return sum;
    }

    private static int Select(int[] tree, int rank)
    {
        var place = 0;
        for (var step = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)tree.Length); step > 0; step >>= 1)
        {
            if (place + step < tree.Length && tree[place + step] <= rank)
            {
                place += step;
                rank -= tree[place];
            }
        }
        return place;
    }

    private static void AppendInteger(int value, int bias, ref SpanBuilder<char> output)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Math.Clamp(k - bias, MinimumThreshold, MaximumThreshold);
            if (value < threshold) { break; }
            // Two of the divisors are nearly all there are, and dividing by a constant is several times faster.
            value -= threshold;
            var quotient = threshold switch
            {
                MinimumThreshold => value / (Base - MinimumThreshold),
                MaximumThreshold => value / (Base - MaximumThreshold),
                _ => value / (Base - threshold),
            };
            output.Append(DigitFor(threshold + value - quotient * (Base - threshold)));
            value = quotient;
        }
        output.Append(DigitFor(value));
    }

    private static int Adapt(int delta, int length, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / length;
        var k = 0;
        while (delta > (Base - MinimumThreshold) * MaximumThreshold / 2)
        {
            delta /= Base - MinimumThreshold;
            k += Base;
        }
        return k + (Base - MinimumThreshold + 1) * delta / (delta + Skew);
    }

    private static char DigitFor(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitOf(int codePoint) => codePoint switch
    {
        >= 'a' and <= 'z' => codePoint - 'a',
        >= 'A' and <= 'Z' => codePoint - 'A',
        >= '0' and <= '9' => codePoint - '0' + 26,
        _ => -1,
    };
}
