using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;

namespace Firstbyte.Dns.Digging;

/// <summary>A line of dig's: questions, and what holds for all of them.</summary>
/// <remarks>
/// Theory of operation (dig(1), "MULTIPLE QUERIES"). Words are read from left to right. What stands before the first name holds for every question of the
/// line, what stands behind a name for that question alone. A word that is a type or a class is one, unless <c>-q</c> says that it is a name.
/// </remarks>
public sealed class DigLine
{
    private readonly List<DigQuery> _queries = [];
    private readonly List<string> _warnings = [];
    private readonly bool _isHabit;
    private DigQuery _common;
    private DigQuery? _current;
    private bool _hasType;
    private bool _hasClass;

    private DigLine(DigQuery defaults, bool isHabit = false) => (_common, _isHabit) = (defaults, isHabit);

    /// <summary>The questions, one at least.</summary>
    public IReadOnlyList<DigQuery> Queries => _queries;

    /// <summary>What holds for the questions of a batch file too.</summary>
    public DigQuery Common => _common;

    /// <summary>-f</summary>
    public string? BatchFile { get; private set; }

    /// <summary>-k</summary>
    public string? KeyFile { get; private set; }

    /// <summary>-r: what the user has laid down as his habits does not hold.</summary>
    public bool IsWithoutHabits { get; private set; }

    /// <summary>-v</summary>
    public bool IsVersion { get; private set; }

    /// <summary>-h</summary>
    public bool IsHelp { get; private set; }

    /// <summary>What dig warns of and goes on.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The names of all options, for whoever has mistyped one.</summary>
    public static IEnumerable<string> OptionNames(bool isNegated) => DigOptions.Names(isNegated);

    /// <summary>The option that may be meant by one that is none is looked for among these letters.</summary>
    public static IEnumerable<string> Letters => ["-4", "-6", "-b", "-c", "-f", "-h", "-k", "-m", "-p", "-q", "-r", "-t", "-u", "-v", "-x", "-y"];

    /// <summary>Reads a line; false, and why, when it is none.</summary>
    /// <param name="words">The words behind <c>dig</c>.</param>
    /// <param name="defaults">What holds where the line says nothing.</param>
    /// <param name="line">What it says.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(IReadOnlyList<string> words, DigQuery defaults, out DigLine line, out DigFault fault)
    {
        ArgumentNullException.ThrowIfNull(words);
        line = new DigLine(defaults);
        fault = DigFault.None;
        for (var i = 0; i < words.Count && fault.Kind == DigFaultKind.None; i++) { fault = line.Take(words, ref i); }
        if (fault.Kind != DigFaultKind.None) { return false; }
        line.Close();
        if (line._queries.Count == 0 && line.BatchFile is null)
        {
            // dig without a name asks for the servers of the root.
            line._queries.Add(line._common with { Type = line._hasType || defaults.HasHabitType ? line._common.Type : RecordType.NS });
        }
        return true;
    }

    /// <summary>
    /// Reads a line of the file in which a user has his habits (.digrc): its options hold for every question, and names in it ask for nothing.
    /// </summary>
    /// <param name="words">The words of the line.</param>
    /// <param name="defaults">What holds where the line says nothing.</param>
    /// <param name="habits">What holds with it.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryReadHabits(IReadOnlyList<string> words, DigQuery defaults, out DigQuery habits, out DigFault fault)
    {
        ArgumentNullException.ThrowIfNull(words);
        var line = new DigLine(defaults, isHabit: true);
        fault = DigFault.None;
        for (var i = 0; i < words.Count && fault.Kind == DigFaultKind.None; i++) { fault = line.Take(words, ref i); }
        habits = line._common with { HasHabitType = defaults.HasHabitType || line._hasType };
        return fault.Kind == DigFaultKind.None;
    }

    /// <summary>The words as they may be shown: without the secret of <c>-y</c>.</summary>
    public static string Shown(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return string.Join(' ', words.Select((word, i) => word == "-y" || !word.StartsWith("-y", StringComparison.Ordinal)
            ? i > 0 && words[i - 1] == "-y" ? Masked(word) : word
            : "-y" + Masked(word[2..])));
    }

    private static string Masked(string key) => key.LastIndexOf(':') is >= 0 and var colon ? key[..(colon + 1)] + "***" : "***";

    private DigFault Take(IReadOnlyList<string> words, ref int i)
    {
        var word = words[i];
        if (word.StartsWith('@') && word.Length > 1) { return Change(query => query with { Server = word[1..] }); }
        if (word.StartsWith('+') && word.Length > 1)
        {
            var query = _current ?? _common;
            var fault = DigOptions.Apply(word, ref query);
            return fault.Kind == DigFaultKind.None ? Change(_ => query) : fault;
        }
        return word.StartsWith('-') && word.Length > 1 ? TakeLetters(words, ref i) : TakeWord(word);
    }

    /// <summary>"-4", or several that take nothing in one word, or one with its value in the same word or the next.</summary>
    private DigFault TakeLetters(IReadOnlyList<string> words, ref int i)
    {
        var word = words[i];
        for (var at = 1; at < word.Length; at++)
        {
            switch (word[at])
            {
                case '4': Change(static query => query with { Version = IpVersion.V4 }); continue;
                case '6': Change(static query => query with { Version = IpVersion.V6 }); continue;
                case 'u': Change(static query => query with { Display = query.Display with { Microseconds = true } }); continue;
                // Memory is not accounted for here.
                case 'm': continue;
                case 'r': IsWithoutHabits = true; continue;
                case 'h': IsHelp = true; continue;
                case 'v': IsVersion = true; continue;
            }
            if ("bcfkpqtxy".IndexOf(word[at], StringComparison.Ordinal) < 0) { return new DigFault(DigFaultKind.UnknownOption, word); }
            var letter = word[at];
            if (at + 1 < word.Length) { return TakeValue(letter, word[(at + 1)..]); }
            return i + 1 < words.Count ? TakeValue(letter, words[++i]) : new DigFault(DigFaultKind.WantsValue, $"-{letter}", ValueOf(letter));
        }
        return DigFault.None;
    }

    private static string ValueOf(char letter) => letter switch
    {
        'b' => "ADDR[#PORT]",
        'c' => "CLASS",
        'f' or 'k' => "FILE",
        'p' => "PORT",
        'q' => "NAME",
        't' => "TYPE",
        'x' => "ADDR",
        _ => "[ALGORITHM:]NAME:KEY",
    };

    private DigFault TakeValue(char letter, string value)
    {
        var bad = new DigFault(DigFaultKind.BadValue, $"-{letter}", letter == 'y' ? Masked(value) : value);
        switch (letter)
        {
            case 'b':
                if (!TrySource(value, out var source)) { return bad; }
                return Change(query => query with { Source = source });
            case 'c':
                if (!RecordClass.TryParse(value, out var recordClass)) { return Ignore("class", value); }
                return Change(query => query with { Class = recordClass });
            case 'f': BatchFile = value; return DigFault.None;
            case 'k': KeyFile = value; return DigFault.None;
            case 'p':
                if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) { return bad; }
                return Change(query => query with { Port = port });
            case 'q': return Begin(value);
            case 't': return TryType(value, out var fault) ? fault : Ignore("type", value);
            case 'x':
                if (_isHabit) { return DigFault.None; }
                if (Begin(Reverse(value)) is { Kind: not DigFaultKind.None } noName) { return noName; }
                _hasType = true;
                return Change(static query => query with { Type = RecordType.PTR, Class = RecordClass.IN });
            default:
                return TryKey(value) is { } key ? Change(query => query with { Key = key }) : bad;
        }
    }

    private DigFault Ignore(string what, string value)
    {
        _warnings.Add($";; Warning, ignoring invalid {what} {value}");
        return DigFault.None;
    }

    private DigFault TakeWord(string word)
    {
        if (TryType(word, out var fault)) { return fault; }
        if (!RecordClass.TryParse(word, out var recordClass)) { return Begin(word); }
        if (_hasClass) { _warnings.Add(";; Warning, extra class option"); }
        _hasClass = true;
        return Change(query => query with { Class = recordClass });
    }

    private bool TryType(string word, out DigFault fault)
    {
        fault = DigFault.None;
        var (type, serial) = (default(RecordType), 0u);
        if (word.StartsWith("ixfr=", StringComparison.OrdinalIgnoreCase))
        {
            type = RecordType.IXFR;
            if (!uint.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out serial))
            {
                fault = new DigFault(DigFaultKind.BadValue, "ixfr", word[5..]);
                return true;
            }
        }
        else if (!RecordType.TryParse(word, out type)) { return false; }
        if (_hasType) { _warnings.Add(";; Warning, extra type option"); }
        _hasType = true;
        Change(query => query with { Type = type, Serial = serial });
        return true;
    }

    private DigFault Begin(string text)
    {
        if (_isHabit) { return DigFault.None; }
        if (!DnsName.TryParse(text, out var name)) { return new DigFault(DigFaultKind.NoName, text); }
        Close();
        _current = _common with { Name = name, TypedName = text };
        (_hasType, _hasClass) = (false, false);
        return DigFault.None;
    }

    private void Close()
    {
        if (_current is { } query) { _queries.Add(query); }
        _current = null;
    }

    private DigFault Change(Func<DigQuery, DigQuery> change)
    {
        if (_current is { } query) { _current = change(query); }
        else { _common = change(_common); }
        return DigFault.None;
    }

    /// <summary>The name of an address backwards; of the first parts of an IPv4 address, or of whatever else has parts, of those.</summary>
    private static string Reverse(string text) => IpAddress.TryParse(text, out var address)
        ? ReverseName.Of(address)
        : string.Join('.', text.TrimEnd('.').Split('.').Reverse()) + ".in-addr.arpa.";

    private static bool TrySource(string text, out Endpoint source)
    {
        source = default;
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        ushort port = 0;
        if (hash >= 0 && !ushort.TryParse(text.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) { return false; }
        if (!IpAddress.TryParse(hash < 0 ? text : text[..hash], out var address)) { return false; }
        source = new Endpoint(address, port);
        return true;
    }

    /// <summary>"[algorithm:]name:secret"; without an algorithm it is SHA-256, as every newer tool has it.</summary>
    private static TsigKey? TryKey(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is not (2 or 3)) { return null; }
        var algorithm = parts.Length == 2 ? TsigAlgorithm.HmacSha256 : TsigAlgorithm.Find(parts[0]);
        var secret = new byte[parts[^1].Length];
        return algorithm is not null && DnsName.TryParse(parts[^2], out var name)
            && Convert.TryFromBase64String(parts[^1], secret, out var length) && length > 0 ? new TsigKey(name, algorithm, secret.AsSpan(0, length)) : null;
    }
}
