using System.Globalization;
using System.Text;

namespace Firstbyte.Urls.Patterns;

/// <summary>A set of ASCII characters. What patterns are matched against is always ASCII, so of a character class nothing else can matter.</summary>
internal readonly record struct AsciiSet(UInt128 Bits)
{
    private const int Size = 128;

    // The two-letter names of the general categories, in the order of the enumeration UnicodeCategory.
    private const string CategoryNames = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";

    public static readonly AsciiSet Empty;
    public static readonly AsciiSet All = ~Empty;
    public static readonly AsciiSet Digits = Range('0', '9');
    public static readonly AsciiSet Letters = Range('A', 'Z') | Range('a', 'z');
    public static readonly AsciiSet Word = Letters | Digits | Of('_');
    public static readonly AsciiSet Space = Range('\t', '\r') | Of(' ');
    public static readonly AsciiSet NoLineEnd = ~(Of('\n') | Of('\r'));

    /// <summary>The set of one code point; empty for one beyond ASCII.</summary>
    public static AsciiSet Of(int character) => character < Size ? new(UInt128.One << character) : Empty;

    /// <summary>From the first to the last, as far as they are ASCII.</summary>
    public static AsciiSet Range(int first, int last)
    {
        var bits = UInt128.Zero;
        for (var c = first; c <= last && c < Size; c++) { bits |= UInt128.One << c; }
        return new(bits);
    }

    public bool Contains(int character) => character < Size && (Bits >> character & 1) != 0;

    public static AsciiSet operator |(AsciiSet left, AsciiSet right) => new(left.Bits | right.Bits);
    public static AsciiSet operator &(AsciiSet left, AsciiSet right) => new(left.Bits & right.Bits);
    public static AsciiSet operator -(AsciiSet left, AsciiSet right) => new(left.Bits & ~right.Bits);
    public static AsciiSet operator ~(AsciiSet set) => new(~set.Bits);

    /// <summary>With the other case of every letter.</summary>
    public AsciiSet FoldCase() => this | new AsciiSet((this & Range('A', 'Z')).Bits << 32) | new AsciiSet((this & Range('a', 'z')).Bits >> 32);

    /// <summary>The ASCII characters of a Unicode property as ECMAScript names it; null for a name that is not known here.</summary>
    public static AsciiSet? OfProperty(string name, string? value) => (name, value) switch
    {
        ("General_Category" or "gc", { } category) => OfCategory(category),
        ("Script" or "sc" or "Script_Extensions" or "scx", "Latin" or "Latn") => Letters,
        ("Script" or "sc" or "Script_Extensions" or "scx", "Common" or "Zyyy") => ~Letters,
        (_, not null) => null,
        ("Any" or "ASCII", _) => All,
        ("Assigned", _) => All,
        ("Alphabetic" or "Alpha" or "ID_Start" or "IDS" or "XID_Start" or "XIDS" or "Cased", _) => Letters,
        ("ID_Continue" or "IDC" or "XID_Continue" or "XIDC", _) => Word,
        ("Uppercase" or "Upper", _) => Range('A', 'Z'),
        ("Lowercase" or "Lower", _) => Range('a', 'z'),
        ("ASCII_Hex_Digit" or "AHex" or "Hex_Digit" or "Hex", _) => Digits | Range('A', 'F') | Range('a', 'f'),
        ("White_Space" or "space", _) => Space,
        _ => OfCategory(name),
    };

    private static AsciiSet? OfCategory(string name)
    {
        name = name switch
        {
            "Letter" => "L",
            "Uppercase_Letter" => "Lu",
            "Lowercase_Letter" => "Ll",
            "Mark" or "Combining_Mark" => "M",
            "Number" => "N",
            "Decimal_Number" or "digit" => "Nd",
            "Punctuation" or "punct" => "P",
            "Connector_Punctuation" => "Pc",
            "Dash_Punctuation" => "Pd",
            "Open_Punctuation" => "Ps",
            "Close_Punctuation" => "Pe",
            "Other_Punctuation" => "Po",
            "Symbol" => "S",
            "Math_Symbol" => "Sm",
            "Currency_Symbol" => "Sc",
            "Modifier_Symbol" => "Sk",
            "Separator" => "Z",
            "Space_Separator" => "Zs",
            "Other" => "C",
            "Control" or "cntrl" => "Cc",
            "Cased_Letter" => "LC",
            _ => name,
        };
        if (name == "LC") { return Letters; }
        if (name.Length is not (1 or 2) || !IsCategory(name)) { return null; }
        var set = Empty;
        for (var c = 0; c < Size; c++)
        {
            var category = 2 * (int)CharUnicodeInfo.GetUnicodeCategory((char)c);
            if (CategoryNames.AsSpan(category, name.Length).SequenceEqual(name)) { set |= Of(c); }
        }
        return set;
    }

    private static bool IsCategory(string name)
    {
        for (var i = 0; i < CategoryNames.Length; i += 2)
        {
            if (CategoryNames.AsSpan(i, name.Length).SequenceEqual(name)) { return true; }
        }
        return false;
    }

    /// <summary>Writes the set as a character class of .NET.</summary>
    public void AppendTo(StringBuilder output)
    {
        if (Bits == 0) { output.Append(@"[^\0-\uFFFF]"); return; }
        output.Append('[');
        for (var first = 0; first < Size; first++)
        {
            if (!Contains(first)) { continue; }
            var last = first;
            while (Contains(last + 1)) { last++; }
            AppendCharacter(first, output);
            if (last > first)
            {
                output.Append('-');
                AppendCharacter(last, output);
            }
            first = last;
        }
        output.Append(']');
    }

    /// <summary>Writes a character so that it has no other meaning, within a class or outside.</summary>
    public static void AppendCharacter(int character, StringBuilder output)
    {
        if (char.IsAsciiLetterOrDigit((char)character)) { output.Append((char)character); }
        else { output.Append(CultureInfo.InvariantCulture, $@"\x{character:X2}"); }
    }
}
