using System.Runtime.CompilerServices;

namespace Firstbyte.Urls.Idna;

/// <summary>What UTS #46 does with a code point (section 5, nontransitional).</summary>
internal enum IdnaStatus : byte { Valid, Mapped, Ignored, Disallowed }

/// <summary>The bidirectional classes that RFC 5893 section 2 tells apart.</summary>
internal enum BidiClass : byte { Other, L, R, AL, EN, ES, CS, ET, AN, ON, BN, NSM }

/// <summary>The joining types that RFC 5892 appendix A.1 tells apart.</summary>
internal enum JoiningType : byte { U, L, R, D, T, C }

/// <summary>What the rules need to know of one code point, in one word of the generated tables.</summary>
internal readonly struct CodePointProperties(uint word)
{
    // Anything that a rule other than the code point's own validity would have to look at, in bits of the word.
    private const uint NeedsCare = 3 | 1u << 9 | 3u << 10 | 0xFFu << 12;
    private const uint NeedsBidiCare = 1u << (int)BidiClass.R | 1u << (int)BidiClass.AL | 1u << (int)BidiClass.AN | 1u << (int)BidiClass.BN;

    /// <summary>
    /// True for a valid code point that no rule about its neighbours concerns: no mark, certain in NFC, not right-to-left, no joiner
    /// (those are of bidi class BN).
    /// </summary>
    public bool IsPlain => (word & NeedsCare) == 0 && (NeedsBidiCare >> (int)(word >> 2 & 15) & 1) == 0;

    public IdnaStatus Status => (IdnaStatus)(word & 3);
    public BidiClass Bidi => (BidiClass)(word >> 2 & 15);
    public JoiningType Joining => (JoiningType)(word >> 6 & 7);
    public bool IsMark => (word >> 9 & 1) != 0;
    public bool IsNfcCertain => (word >> 10 & 3) == 0;
    public byte CombiningClass => (byte)(word >> 12);

    /// <summary>Canonical_Combining_Class=Virama, which RFC 5892's joiner rules ask for.</summary>
    public bool IsVirama => CombiningClass == 9;
}

/// <summary>Look-ups in the generated tables.</summary>
internal static partial class IdnaTables
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static CodePointProperties PropertiesOf(int codePoint)
    {
        if ((uint)codePoint >= TrieLimit)
        {
            // The variation selectors supplement lies alone, far beyond the trie; the generator checks that this is all there is.
            return new CodePointProperties(codePoint is >= 0xE0100 and <= 0xE01EF ? (uint)IdnaStatus.Ignored | 1u << 9 : (uint)IdnaStatus.Disallowed);
        }
        return new CodePointProperties(Classes[ClassStage2[ClassStage1[codePoint >> 7] << 7 | codePoint & 127]]);
    }

    /// <summary>The UTF-16 text that a mapped code point is replaced by.</summary>
    internal static ReadOnlySpan<ushort> MappingOf(int codePoint)
    {
        var index = MappingStage2[MappingStage1[codePoint >> 7] << 7 | codePoint & 127];
        if (index == 0) { return default; }
        var target = MappingTargets[index - 1];
        return MappingPool.AsSpan((ushort)target, (int)(target >> 16));
    }

    /// <summary>The full canonical decomposition of a code point, or nothing (Hangul syllables are computed by the caller).</summary>
    internal static ReadOnlySpan<uint> DecompositionOf(int codePoint)
    {
        var index = Array.BinarySearch(Decomposed, (uint)codePoint);
        return index < 0 ? default : DecompositionPool.AsSpan()[DecompositionAt[index]..DecompositionAt[index + 1]];
    }

    /// <summary>The primary composite of a pair, or 0.</summary>
    internal static int CompositionOf(int first, int second)
    {
        var index = Array.BinarySearch(CompositionPairs, (ulong)(uint)first << 21 | (uint)second);
        return index < 0 ? 0 : (int)Compositions[index];
    }
}
