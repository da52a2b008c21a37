using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls.Idna;

/// <summary>Why UTS #46 refuses a domain.</summary>
internal enum IdnaFault : byte
{
    None,

    /// <summary>A code point that is not valid in a label (validity criterion 7).</summary>
    DisallowedCodePoint,

    /// <summary>A label that begins with "xn--" is no Punycode, decodes to nothing or to ASCII alone.</summary>
    BrokenPunycode,

    /// <summary>A decoded label is not in Normalization Form C (criterion 1).</summary>
    NotNormalized,

    /// <summary>A decoded label begins with "xn--" or holds a dot (criteria 4 and 5).</summary>
    NestedEncoding,

    /// <summary>A label begins with a combining mark (criterion 6).</summary>
    LeadingMark,

    /// <summary>A zero width (non-)joiner where the script does not join (criterion 8: RFC 5892 appendix A).</summary>
    Joiner,

    /// <summary>Left-to-right and right-to-left mixed in a label against RFC 5893 section 2 (criterion 9).</summary>
    Bidi,
}

/// <summary>
/// Domain names with other letters than ASCII's: UTS #46, nontransitional, CheckBidi and CheckJoiners, without CheckHyphens,
/// UseSTD3ASCIIRules and VerifyDnsLength.
/// </summary>
/// <remarks>These are the flags of the URL Standard's "domain to ASCII" with beStrict false.</remarks>
internal static class IdnaProcessing
{
    /// <summary>Appends the domain in ASCII, lower case; <paramref name="fault"/> says why not.</summary>
    /// <remarks>On a fault nothing sensible has been appended.</remarks>
    [SkipLocalsInit]
    public static bool TryToAscii(scoped ReadOnlySpan<char> domain, ref SpanBuilder<char> output, out IdnaFault fault)
    {
        var mapped = new SpanBuilder<int>(stackalloc int[128]);
        var isPlain = MapAndNormalize(domain, ref mapped);
        fault = isPlain ? IdnaFault.None : CheckLabels(mapped.Written);
        if (fault == IdnaFault.None && !TryAppendLabels(mapped.Written, ref output)) { fault = IdnaFault.BrokenPunycode; }
        mapped.Dispose();
        return fault == IdnaFault.None;
    }

    // UTS #46 section 4.2, step 2: each label with something beyond ASCII is written in Punycode.
    private static bool TryAppendLabels(scoped ReadOnlySpan<int> domain, ref SpanBuilder<char> output)
    {
        while (true)
        {
            var (end, any) = (0, 0);
            for (; end < domain.Length && domain[end] != '.'; end++) { any |= domain[end]; }
            if (any < 0x80)
            {
                var room = output.AppendRoom(end);
                for (var i = 0; i < room.Length; i++) { room[i] = (char)domain[i]; }
            }
            else
            {
                output.Append("xn--");
                if (!Punycode.TryEncode(domain[..end], ref output)) { return false; }
            }
            if (end == domain.Length) { return true; }
            output.Append('.');
            domain = domain[(end + 1)..];
        }
    }

    /// <summary>Appends the domain with its "xn--" labels decoded; a label that breaks a rule stays as it is, and the result says so.</summary>
    public static IdnaFault ToUnicode(scoped ReadOnlySpan<char> domain, ref SpanBuilder<int> output)
    {
        var mapped = new SpanBuilder<int>(stackalloc int[128]);
        MapAndNormalize(domain, ref mapped);
        var fault = CheckLabels(mapped.Written);
        foreach (var range in new Labels(mapped.Written))
        {
            var label = mapped.Written[range];
            if (range.Start.Value > 0) { output.Append('.'); }
            var start = output.Length;
            if (!IsEncoded(label)) { output.Append(label); continue; }
            if (!Punycode.TryDecode(label[4..], ref output) || CheckLabel(output.Written[start..], decoded: true) != IdnaFault.None)
            {
                output.Truncate(start);
                output.Append(label);
            }
        }
        mapped.Dispose();
        return fault;
    }

    // UTS #46 section 4, steps 1 and 2. True when every code point is plain and no label can be encoded: then there is nothing to check.
    private static bool MapAndNormalize(scoped ReadOnlySpan<char> domain, ref SpanBuilder<int> mapped)
    {
        var isPlain = true;
        for (var i = 0; i < domain.Length; i++)
        {
            int codePoint = domain[i];
            if (codePoint < 0x80) { AppendAscii(codePoint, ref mapped, ref isPlain); continue; }
            if (char.IsSurrogate(domain[i]))
            {
                Rune.DecodeFromUtf16(domain[i..], out var rune, out var used);
                codePoint = rune.Value;
                i += used - 1;
            }
            var properties = IdnaTables.PropertiesOf(codePoint);
            switch (properties.Status)
            {
                case IdnaStatus.Ignored: break;
                case IdnaStatus.Mapped: AppendUtf16(IdnaTables.MappingOf(codePoint), ref mapped, ref isPlain); break;
                // A disallowed code point stays, to be found by the check of its label.
                default:
                    mapped.Append(codePoint);
                    isPlain &= properties.IsPlain;
                    break;
            }
        }
        if (isPlain || Nfc.IsCertain(mapped.Written)) { return isPlain; }
        var normalized = new SpanBuilder<int>(stackalloc int[128]);
        Nfc.Append(mapped.Written, ref normalized);
        mapped.Truncate(0);
        mapped.Append(normalized.Written);
        normalized.Dispose();
        return false;
    }

    private static void AppendAscii(int codePoint, ref SpanBuilder<int> mapped, ref bool isPlain)
    {
        // "xn--" needs two hyphens side by side.
        isPlain &= codePoint != '-' || mapped.Length == 0 || mapped[mapped.Length - 1] != '-';
        mapped.Append(codePoint is >= 'A' and <= 'Z' ? codePoint | 0x20 : codePoint);
    }

    private static void AppendUtf16(ReadOnlySpan<ushort> text, ref SpanBuilder<int> mapped, ref bool isPlain)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var codePoint = char.IsHighSurrogate((char)text[i]) ? char.ConvertToUtf32((char)text[i], (char)text[++i]) : text[i];
            if (codePoint < 0x80) { AppendAscii(codePoint, ref mapped, ref isPlain); continue; }
            mapped.Append(codePoint);
            isPlain &= IdnaTables.PropertiesOf(codePoint).IsPlain;
        }
    }

    // UTS #46 section 4, steps 3 and 4. Bidi comes second, because whether it matters is a property of the whole domain.
    private static IdnaFault CheckLabels(ReadOnlySpan<int> domain)
    {
        var (isBidi, fault) = (false, IdnaFault.None);
        var decoded = new SpanBuilder<int>(stackalloc int[64]);
        foreach (var range in new Labels(domain))
        {
            var label = domain[range];
            if (label.IsEmpty) { continue; }
            var encoded = IsEncoded(label);
            if (encoded && !TryDecode(label, ref decoded)) { fault = IdnaFault.BrokenPunycode; break; }
            var text = encoded ? decoded.Written : label;
            fault = CheckLabel(text, encoded);
            if (fault != IdnaFault.None) { break; }
            isBidi = isBidi || BidiRule.IsRightToLeft(text);
        }
        if (isBidi && fault == IdnaFault.None)
        {
            foreach (var range in new Labels(domain))
            {
                var label = domain[range];
                if (label.IsEmpty) { continue; }
                var encoded = IsEncoded(label) && TryDecode(label, ref decoded);
                if (!BidiRule.IsKept(encoded ? decoded.Written : label)) { fault = IdnaFault.Bidi; break; }
            }
        }
        decoded.Dispose();
        return fault;
    }

    private static bool IsEncoded(ReadOnlySpan<int> label) => label.StartsWith([(int)'x', 'n', '-', '-']);

    private static bool TryDecode(scoped ReadOnlySpan<int> label, ref SpanBuilder<int> decoded)
    {
        decoded.Truncate(0);
        return !label.ContainsAnyExceptInRange(0, 0x7F) && Punycode.TryDecode(label[4..], ref decoded) && decoded.Written.ContainsAnyExceptInRange(0, 0x7F);
    }

    // UTS #46 section 4.1, the validity criteria but for hyphens (CheckHyphens is false) and bidi.
    private static IdnaFault CheckLabel(ReadOnlySpan<int> label, bool decoded)
    {
        if (label.IsEmpty) { return IdnaFault.None; }
        if (decoded)
        {
            // What was not encoded has just been normalized and cut at its dots.
            if (!Nfc.IsNormalized(label)) { return IdnaFault.NotNormalized; }
            if (IsEncoded(label) || label.Contains('.')) { return IdnaFault.NestedEncoding; }
        }
        if (IdnaTables.PropertiesOf(label[0]).IsMark) { return IdnaFault.LeadingMark; }
        var joiners = false;
        foreach (var codePoint in label)
        {
            if (codePoint < 0x80)
            {
                // Upper case is mapped, so it is not valid where it comes out of Punycode.
                if (codePoint is >= 'A' and <= 'Z') { return IdnaFault.DisallowedCodePoint; }
                continue;
            }
            if (IdnaTables.PropertiesOf(codePoint).Status != IdnaStatus.Valid) { return IdnaFault.DisallowedCodePoint; }
            joiners |= codePoint is 0x200C or 0x200D;
        }
        return joiners && !JoinerRule.IsKept(label) ? IdnaFault.Joiner : IdnaFault.None;
    }

    /// <summary>The ranges of a domain's labels, empty ones included.</summary>
    private ref struct Labels(ReadOnlySpan<int> domain)
    {
        private readonly ReadOnlySpan<int> _domain = domain;
        private int _next;

        public Range Current { get; private set; }

        public readonly Labels GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next > _domain.Length) { return false; }
            var length = _domain[_next..].IndexOf('.');
            var end = length < 0 ? _domain.Length : _next + length;
            Current = _next..end;
            _next = end + 1;
            return true;
        }
    }
}

/// <summary>RFC 5892 appendix A.1 and A.2: where zero width non-joiner and joiner may stand.</summary>
internal static class JoinerRule
{
    public static bool IsKept(ReadOnlySpan<int> label)
    {
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] is not (0x200C or 0x200D)) { continue; }
            if (i > 0 && IdnaTables.PropertiesOf(label[i - 1]).IsVirama) { continue; }
            if (label[i] == 0x200D || !Joins(label, i)) { return false; }
        }
        return true;
    }

    // (Joining_Type:{L,D})(Joining_Type:T)* ZWNJ (Joining_Type:T)*(Joining_Type:{R,D})
    private static bool Joins(ReadOnlySpan<int> label, int at)
    {
        var before = at - 1;
        while (before >= 0 && IdnaTables.PropertiesOf(label[before]).Joining == JoiningType.T) { before--; }
        if (before < 0 || IdnaTables.PropertiesOf(label[before]).Joining is not (JoiningType.L or JoiningType.D)) { return false; }
        var after = at + 1;
        while (after < label.Length && IdnaTables.PropertiesOf(label[after]).Joining == JoiningType.T) { after++; }
        return after < label.Length && IdnaTables.PropertiesOf(label[after]).Joining is JoiningType.R or JoiningType.D;
    }
}

/// <summary>The Bidi Rule, RFC 5893 section 2.</summary>
internal static class BidiRule
{
    /// <summary>True when the label makes its domain a Bidi domain name: it holds a character of class R, AL or AN.</summary>
    public static bool IsRightToLeft(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (codePoint >= 0x590 && IdnaTables.PropertiesOf(codePoint).Bidi is BidiClass.R or BidiClass.AL or BidiClass.AN) { return true; }
        }
        return false;
    }

    /// <summary>True when a label of a Bidi domain name keeps the six conditions.</summary>
    public static bool IsKept(ReadOnlySpan<int> label)
    {
        var first = IdnaTables.PropertiesOf(label[0]).Bidi;
        // 1. The first character must be of class L, R or AL.
        if (first is not (BidiClass.L or BidiClass.R or BidiClass.AL)) { return false; }
        var rightToLeft = first != BidiClass.L;
        var (european, arabic, last) = (false, false, first);
        foreach (var codePoint in label)
        {
            var bidi = IdnaTables.PropertiesOf(codePoint).Bidi;
            european |= bidi == BidiClass.EN;
            arabic |= bidi == BidiClass.AN;
            if (bidi != BidiClass.NSM) { last = bidi; }
            var allowed = bidi switch
            {
                BidiClass.EN or BidiClass.ES or BidiClass.CS or BidiClass.ET or BidiClass.ON or BidiClass.BN or BidiClass.NSM => true,
                // 2. and 5. Each direction has its own letters.
                BidiClass.R or BidiClass.AL or BidiClass.AN => rightToLeft,
                BidiClass.L => !rightToLeft,
                _ => false,
            };
            if (!allowed) { return false; }
        }
        // 3., 4. and 6. What it may end with, before any NSM; European and Arabic digits do not mix.
        return rightToLeft
            ? last is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN && !(european && arabic)
            : last is BidiClass.L or BidiClass.EN;
    }
}
