using System.Globalization;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Digging;

/// <summary>A record as dig shows it: columns by tabs, digits in words, and in the form of many lines what comes where.</summary>
/// <remarks>
/// Columns are those of a line of a zone file: each field begins at its own, or one blank behind the field before it. The form of many lines puts the
/// data of a few types in parentheses, as <see cref="s_breaks"/> says, and tells what numbers mean.
/// </remarks>
internal sealed class DigRecordText
{
    private const int TabWidth = 8;

    /// <summary>Digits of a word: on one line, and in the form of many.</summary>
    private const int WideSplit = 56, NarrowSplit = 44;

    /// <summary>How many words stand before the parenthesis, and how many on the first line within it.</summary>
    private static readonly Dictionary<ushort, (int Before, int FirstLine)> s_breaks = new()
    {
        [24] = (5, 3),
        [25] = (3, 0),
        [37] = (3, 0),
        [43] = (3, 0),
        [44] = (3, 0),
        [45] = (0, 4),
        [46] = (4, 4),
        [48] = (3, 0),
        [49] = (0, 0),
        [50] = (4, 1),
        [52] = (3, 0),
        [53] = (3, 0),
        [55] = (0, 2),
        [57] = (3, 0),
        [59] = (3, 0),
        [60] = (3, 0),
        [61] = (0, 0),
        [63] = (3, 0),
        [32768] = (3, 0),
        [32769] = (3, 0),
    };

    private readonly DigDisplay _display;
    private readonly (int Ttl, int Class, int Type, int Data) _columns;
    private readonly string _lineBreak;
    private readonly int _split;

    public DigRecordText(DigDisplay display)
    {
        _display = display;
        _columns = display.IsMultiline || !display.Ttl && !display.Class ? (24, 24, 24, 32)
            : !display.Ttl || !display.Class ? (24, 24, 32, 40)
            : (24, 32, 40, 48);
        _lineBreak = display.IsMultiline ? "\n" + new string('\t', _columns.Data / TabWidth) : " ";
        _split = display.Split ?? (display.IsMultiline ? NarrowSplit : WideSplit);
    }

    private bool ShowsComments => _display.RecordComments ?? _display.IsMultiline;

    /// <summary>"name. class type" in their columns, without the class where it is not shown.</summary>
    public string Question(Question question)
    {
        var line = new Columns(question.Name.ToString());
        if (_display.Class) { line.Add(_columns.Class, question.Class.ToString()); }
        line.Add(_columns.Type, question.Type.ToString());
        return line.ToString();
    }

    /// <summary>The record, which may take many lines.</summary>
    public string Record(DnsRecord record)
    {
        var line = new Columns(record.Owner.ToString());
        if (_display.Ttl) { line.Add(_columns.Ttl, _display.TtlUnits ? Units(record.Ttl.Seconds) : record.Ttl.ToString()); }
        if (_display.Class) { line.Add(_columns.Class, _display.IsUnknownFormat ? $"CLASS{record.Class.Value}" : record.Class.ToString()); }
        line.Add(_columns.Type, _display.IsUnknownFormat ? $"TYPE{record.Type.Value}" : record.Type.ToString());
        line.Add(_columns.Data, Data(record.Data));
        return line.ToString();
    }

    /// <summary>The data alone.</summary>
    public string Data(RecordData data)
    {
        if (_display.IsUnknownFormat) { return Generic(data); }
        var words = new Words();
        if (!data.TryPrint(words)) { return Generic(data); }
        return data switch
        {
            SoaData soa when _display.IsMultiline => Soa(soa),
            AddressData { Address.IsV6: true } address when _display.ExpandsAddresses => Expanded(data.Wire),
            _ => Join(data, words.All),
        };
    }

    /// <summary>"1h30m" (RFC 1035 has no units; BIND's zone files have).</summary>
    private static string Units(uint seconds)
    {
        if (seconds == 0) { return "0s"; }
        var text = new StringBuilder();
        foreach (var (length, unit) in ((uint, char)[])[(604_800, 'w'), (86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')])
        {
            if (seconds >= length) { text.Append(CultureInfo.InvariantCulture, $"{seconds / length}{unit}"); }
            seconds %= length;
        }
        return text.ToString();
    }

    /// <summary>"2 weeks", "1 hour 30 minutes".</summary>
    public static string Spoken(uint seconds)
    {
        var parts = new List<string>();
        foreach (var (length, unit) in ((uint, string)[])[(604_800, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")])
        {
            if (seconds >= length) { parts.Add($"{seconds / length} {unit}{(seconds / length == 1 ? "" : "s")}"); }
            seconds %= length;
        }
        return parts.Count == 0 ? "0 seconds" : string.Join(' ', parts);
    }

    private string Soa(SoaData soa)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{soa.Primary} {soa.Mailbox} (");
        foreach (var (number, name) in ((uint, string)[])
            [(soa.Serial, "serial"), (soa.Refresh, "refresh"), (soa.Retry, "retry"), (soa.Expire, "expire"), (soa.Minimum, "minimum")])
        {
            text.Append(_lineBreak);
            if (!ShowsComments) { text.Append(number); continue; }
            text.Append(CultureInfo.InvariantCulture, $"{number,-10} ; {name}");
            if (name != "serial") { text.Append(CultureInfo.InvariantCulture, $" ({Spoken(number)})"); }
        }
        return text.Append(ShowsComments ? _lineBreak : " ").Append(')').ToString();
    }

    private static string Expanded(ReadOnlySpan<byte> address)
    {
        var groups = new string[8];
        for (var i = 0; i < groups.Length; i++) { groups[i] = Convert.ToHexStringLower(address.Slice(2 * i, 2)); }
        return string.Join(':', groups);
    }

    /// <summary>RFC 3597 section 5.</summary>
    private string Generic(RecordData data)
    {
        if (data.Wire.Length == 0) { return @"\# 0"; }
        var digits = string.Join(_lineBreak, Chunks(Convert.ToHexString(data.Wire)));
        return _display.IsMultiline ? $@"\# {data.Wire.Length} ( {digits} )" : $@"\# {data.Wire.Length} {digits}";
    }

    private string Join(RecordData data, IReadOnlyList<(string Word, bool AreDigits)> words)
    {
        var type = data.Type.Value;
        var plain = words.Where(static one => !one.AreDigits).Select((one, i) => Worded(type, i, one.Word)).ToList();
        var digits = string.Concat(words.Where(static one => one.AreDigits).Select(static one => one.Word));
        var omitted = _display.Crypto ? null : Omitted(data);
        var lines = omitted is null ? Chunks(digits).ToList() : [omitted];
        var comment = ShowsComments ? Comment(data) : null;
        var (before, firstLine) = s_breaks.GetValueOrDefault(type, (-1, 0));
        if (!_display.IsMultiline || before < 0)
        {
            var text = string.Join(' ', plain.Concat(lines));
            return comment is null ? text : $"{text} {(type is 48 or 60 ? " " : "")}{comment}";
        }
        var open = new StringBuilder(string.Join(' ', plain.Take(before)));
        if (before > 0) { open.Append(' '); }
        open.Append('(');
        var within = new List<string>();
        if (firstLine > 0) { within.Add(string.Join(' ', plain.Skip(before).Take(firstLine))); }
        // A host's servers stand each on a line; types together on one.
        var rest = plain.Skip(before + firstLine);
        within.AddRange(type == 55 ? rest : lines);
        if (type == 50 && rest.Any()) { within.Add(string.Join(' ', rest)); }
        open.Append(before > 0 ? _lineBreak : " ").AppendJoin(_lineBreak, within);
        if (type == 49)
        {
            var wire = data.Wire;
            return open.Append(CultureInfo.InvariantCulture, $" ) ; {wire[0] << 8 | wire[1]} {wire[2]} {wire.Length - 3}").ToString();
        }
        return comment is null ? open.Append(" )").ToString()
            : open.Append(_lineBreak).Append(type is 48 or 60 ? ") " : ")").Append(comment).ToString();
    }

    /// <summary>What dig writes otherwise than zone files here do, which keep to the letter of the documents: a word of the data by its place.</summary>
    private static string Worded(ushort type, int place, string word) => (type, place) switch
    {
        // RFC 5155 section 3.3 has the hash without case.
        (50, 4) => word.ToUpperInvariant(),
        (37, 2) => byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var algorithm) ? Algorithm(algorithm) : word,
        (66, 1) when word == "1" => "NOTIFY",
        (104 or 106, 1) => string.Join(':', word.Split(':').Select(static group => group.TrimStart('0') is { Length: > 0 } digits ? digits : "0")),
        _ => word,
    };

    /// <summary>What stands for the digits with <c>+nocrypto</c>; null where they are shown.</summary>
    private static string? Omitted(RecordData data) => data.Type.Value switch
    {
        25 or 48 or 57 or 60 => $"[key id = {ZonePublicKey.TagOf(data.Wire)}]",
        43 or 46 or 59 or 61 or 63 or 32768 or 32769 => "[omitted]",
        _ => null,
    };

    private static string? Comment(RecordData data)
    {
        var wire = data.Wire;
        switch (data.Type.Value)
        {
            case 25 or 48 or 57 or 60 when wire.Length > 4:
                var use = data.Type.Value is not (48 or 60) ? "" : (wire[1] & 1) != 0 ? "; KSK" : "; ZSK";
                return $"{use}; alg = {Algorithm(wire[3])} ; key id = {ZonePublicKey.TagOf(wire)}";
            default: return null;
        }
    }

    // IANA registry "DNS Security Algorithm Numbers".
    private static string Algorithm(byte number) => number switch
    {
        1 => "RSAMD5",
        2 => "DH",
        3 => "DSA",
        5 => "RSASHA1",
        6 => "NSEC3DSA",
        7 => "NSEC3RSASHA1",
        8 => "RSASHA256",
        10 => "RSASHA512",
        12 => "ECCGOST",
        13 => "ECDSAP256SHA256",
        14 => "ECDSAP384SHA384",
        15 => "ED25519",
        16 => "ED448",
        252 => "INDIRECT",
        253 => "PRIVATEDNS",
        254 => "PRIVATEOID",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private IEnumerable<string> Chunks(string digits)
    {
        if (_split == 0) { return digits.Length == 0 ? [] : [digits]; }
        return digits.Chunk(_split).Select(static chunk => new string(chunk));
    }

    /// <summary>A line whose fields begin at columns, with tabs between.</summary>
    private sealed class Columns(string first)
    {
        private readonly StringBuilder _line = new(first);
        private int _column = first.Length;

        public void Add(int column, string text)
        {
            var target = Math.Max(column, _column + 1);
            var tabs = target / TabWidth - _column / TabWidth;
            if (tabs > 0)
            {
                _line.Append('\t', tabs);
                _column = target / TabWidth * TabWidth;
            }
            _line.Append(' ', target - _column).Append(text);
            _column = target + text.Length;
        }

        public override string ToString() => _line.ToString();
    }

    /// <summary>The words apart from each other, and which of them are digits.</summary>
    private sealed class Words : RecordTextWriter
    {
        private readonly List<(string Word, bool AreDigits)> _all = [];

        public IReadOnlyList<(string Word, bool AreDigits)> All => _all;

        public override void Digits(string digits) => _all.Add((digits, true));

        public override void Word(ReadOnlySpan<char> word) => _all.Add((word.ToString(), false));

        public override void Word(ulong number) => _all.Add((number.ToString(CultureInfo.InvariantCulture), false));
    }
}
