using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>A whole-resolver scenario in the .rpl format of testbound and Deckard: servers by address and step, and what is asked and expected.</summary>
internal sealed class Scenario
{
    private readonly List<string> _lines = [];
    private int _at;

    private Scenario(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var content = StripComment(line).Trim();
            if (content.Length > 0) { _lines.Add(content); }
        }
    }

    /// <summary>The header's settings, in order: key and value.</summary>
    public List<(string Key, string Value)> Settings { get; } = [];

    public List<ScenarioRange> Ranges { get; } = [];
    public List<ScenarioStep> Steps { get; } = [];

    public IEnumerable<string> Values(string key) => Settings.Where(setting => setting.Key == key).Select(setting => setting.Value);

    /// <summary>Reads the header alone.</summary>
    public static Scenario ParseSettings(string text)
    {
        var scenario = new Scenario(text);
        scenario.ReadSettings();
        return scenario;
    }

    /// <exception cref="FormatException">The file is not of the format, or uses a part that is not supported; the message says which.</exception>
    public static Scenario Parse(string text)
    {
        var scenario = new Scenario(text);
        scenario.ReadSettings();
        scenario.Require("SCENARIO_BEGIN");
        while (scenario.Next() is { } line && !line.StartsWith("SCENARIO_END", StringComparison.Ordinal))
        {
            var words = Words(line);
            switch (words[0])
            {
                case "RANGE_BEGIN": scenario.ReadRange(words); break;
                case "STEP": scenario.ReadStep(words); break;
                default: throw new FormatException($"unexpected: {line}");
            }
        }
        return scenario;
    }

    private void ReadSettings()
    {
        while (Next() is { } line && line != "CONFIG_END")
        {
            // A quoted value may go on in further lines (keys are long).
            while (line.Count(static c => c == '"') % 2 != 0 && Next() is { } more) { line += " " + more; }
            var content = line.Contains('"', StringComparison.Ordinal) ? line : line.Split('#')[0].Trim();
            var colon = content.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) { continue; }
            var value = content[(colon + 1)..].Trim();
            if (value.StartsWith('"') && value.IndexOf('"', 1) is > 0 and var end) { value = value[1..end]; }
            Settings.Add((content[..colon].Trim(), value));
        }
    }

    private void ReadRange(string[] begin)
    {
        // Addresses may stand behind the steps.
        var range = new ScenarioRange(
            int.Parse(begin[1], CultureInfo.InvariantCulture), int.Parse(begin[2], CultureInfo.InvariantCulture), [.. begin[3..].Select(IpAddress.Parse)], []);
        while (Next() is { } line && line != "RANGE_END")
        {
            var words = Words(line);
            if (words[0] == "ADDRESS") { range.Addresses.Add(IpAddress.Parse(words[1])); }
            else if (words[0] == "ENTRY_BEGIN") { range.Entries.Add(ReadEntry()); }
            else { throw new FormatException($"in a range: {line}"); }
        }
        Ranges.Add(range);
    }

    private void ReadStep(string[] words)
    {
        var id = int.Parse(words[1], CultureInfo.InvariantCulture);
        var kind = words[2];
        var seconds = kind == "TIME_PASSES" ? double.Parse(words[4], CultureInfo.InvariantCulture) : 0;
        ScenarioEntry? entry = null;
        if (kind is "QUERY" or "CHECK_ANSWER" or "REPLY" or "CHECK_OUT_QUERY")
        {
            if (Peek() == "ENTRY_BEGIN")
            {
                Next();
                entry = ReadEntry();
            }
        }
        else if (kind is not ("TIME_PASSES" or "NOTHING" or "TRAFFIC")) { throw new FormatException($"step {id}: {kind} is not supported"); }
        Steps.Add(new ScenarioStep(id, kind, seconds, entry));
    }

    private ScenarioEntry ReadEntry()
    {
        var entry = new ScenarioEntry();
        var section = "";
        while (Next() is { } line && line != "ENTRY_END")
        {
            var words = Words(line);
            switch (words[0])
            {
                case "MATCH": entry.Match.UnionWith(words[1..]); break;
                case "ADJUST": entry.Adjust.UnionWith(words[1..]); break;
                case "REPLY" or "FLAGS": entry.Flags.UnionWith(words[1..]); break;
                case "SECTION": section = words[1]; break;
                case "MANDATORY": break;
                case "RAW": entry.Raw = Convert.FromHexString(string.Concat(Words(Next()!))); break;
                case "HEX_ANSWER_BEGIN" or "HEX_EDNSDATA_BEGIN" or "EXTRA_PACKET": throw new FormatException($"{words[0]} is not supported");
                default: entry.Add(section, ReadRecord(line)); break;
            }
        }
        return entry;
    }

    private string ReadRecord(string line)
    {
        while (line.Count(c => c == '(') > line.Count(c => c == ')')) { line += " " + Next(); }
        return line;
    }

    private string? Peek() => _at < _lines.Count ? _lines[_at] : null;

    private string? Next() => _at < _lines.Count ? _lines[_at++] : null;

    private void Require(string start)
    {
        if (Next() is not { } line || !line.StartsWith(start, StringComparison.Ordinal)) { throw new FormatException($"{start} is missing"); }
    }

    private static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static string StripComment(string line)
    {
        // A value that is quoted over several lines has its comments inside.
        var isOpen = line.Count(static c => c == '"') % 2 != 0;
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') { quoted = !quoted; }
            if (line[i] == ';' && (!quoted || isOpen)) { return line[..i]; }
        }
        return line;
    }
}

/// <summary>Entries that servers at these addresses answer from while the step lies in the range; without an address, all servers.</summary>
internal sealed record ScenarioRange(int First, int Last, List<IpAddress> Addresses, List<ScenarioEntry> Entries);

internal sealed record ScenarioStep(int Id, string Kind, double Seconds, ScenarioEntry? Entry);

/// <summary>A message and the rules by which it is compared or sent.</summary>
internal sealed class ScenarioEntry
{
    private static readonly Dictionary<string, HeaderFlags> FlagWords = new()
    {
        ["QR"] = HeaderFlags.Response,
        ["AA"] = HeaderFlags.AuthoritativeAnswer,
        ["TC"] = HeaderFlags.Truncated,
        ["RD"] = HeaderFlags.RecursionDesired,
        ["RA"] = HeaderFlags.RecursionAvailable,
        ["AD"] = HeaderFlags.AuthenticData,
        ["CD"] = HeaderFlags.CheckingDisabled,
    };

    private static readonly Dictionary<string, ushort> CodeWords = new()
    {
        ["NOERROR"] = 0,
        ["FORMERR"] = 1,
        ["SERVFAIL"] = 2,
        ["NXDOMAIN"] = 3,
        ["NOTIMP"] = 4,
        ["NOTIMPL"] = 4,
        ["REFUSED"] = 5,
        ["YXDOMAIN"] = 6,
        ["YXRRSET"] = 7,
        ["NXRRSET"] = 8,
        ["NOTAUTH"] = 9,
        ["NOTZONE"] = 10,
        ["BADVERS"] = 16,
    };

    public HashSet<string> Match { get; } = [];
    public HashSet<string> Adjust { get; } = [];
    public HashSet<string> Flags { get; } = [];
    public byte[]? Raw { get; set; }
    public Question? Question { get; private set; }
    public List<DnsRecord> Answers { get; } = [];
    public List<DnsRecord> Authorities { get; } = [];
    public List<DnsRecord> Additionals { get; } = [];

    public HeaderFlags HeaderFlags => Flags.Where(FlagWords.ContainsKey).Aggregate(HeaderFlags.None, (flags, word) => flags | FlagWords[word]);

    public ResponseCode Code => new(Flags.Where(CodeWords.ContainsKey).Select(word => CodeWords[word]).FirstOrDefault());

    public bool DnssecOk => Flags.Contains("DO");

    public void Add(string section, string line)
    {
        if (section == "QUESTION")
        {
            Question ??= ReadQuestion(line);
            return;
        }
        var read = ZoneFileReader.Read($"$TTL 3600\n{line}\n", "scenario", DnsName.Root);
        if (!read.Records.Any() && line.TrimEnd().EndsWith('='))
        {
            // A signature that nobody can use may be no signature at all: its padding is taken away.
            var data = line.TrimEnd().TrimEnd('=');
            read = ZoneFileReader.Read($"$TTL 3600\n{data}\n", "scenario", DnsName.Root);
        }
        var record = read.Records.FirstOrDefault() ?? throw new FormatException($"{string.Join(", ", read.Problems)}: {line}");
        (section switch { "ANSWER" => Answers, "AUTHORITY" => Authorities, "ADDITIONAL" => Additionals, _ => throw new FormatException($"no section: {line}") }).Add(record);
    }

    /// <summary>Null when the message is as this entry expects, otherwise what differs.</summary>
    public string? Differs(DnsMessage received)
    {
        bool Wants(string word) => Match.Contains(word) || Match.Contains("all");
        var asked = received.Questions.Count > 0 ? received.Questions[0] : (Question?)null;
        if (Match.FirstOrDefault(word => !Known.Contains(word)) is { } unknown) { return $"MATCH {unknown} is not supported"; }
        if (Wants("opcode") && received.OpCode != OpCode.Query) { return $"opcode {received.OpCode}"; }
        if ((Wants("qtype") || Match.Contains("question")) && Question?.Type != asked?.Type) { return $"type {asked?.Type}, expected {Question?.Type}"; }
        if ((Wants("qname") || Match.Contains("question")) && Question?.Name != asked?.Name) { return $"name {asked?.Name}, expected {Question?.Name}"; }
        if (Match.Contains("qcase") && !(asked is { } exact && Question is { } own && exact.Name.EqualsExactly(own.Name))) { return "case of the name"; }
        if (Match.Contains("subdomain") && Question is { } above && !(asked is { } below && below.Name.IsSubdomainOf(above.Name))) { return $"{asked?.Name} is not below {above.Name}"; }
        if (Wants("flags") && received.Flags != HeaderFlags) { return $"flags {received.Flags}, expected {HeaderFlags}"; }
        if (Wants("rcode") && received.ResponseCode != Code) { return $"code {received.ResponseCode}, expected {Code}"; }
        if (Wants("answer") && Compare(Answers, received.Answers) is { } answer) { return $"answer: {answer}"; }
        if (Wants("authority") && Compare(Expected(received), received.Authorities) is { } authority) { return $"authority: {authority}"; }
        if (Wants("additional") && Compare(Additionals, received.Additionals) is { } additional) { return $"additional: {additional}"; }
        return null;
    }

    /// <summary>Beside the SOA record of a denial the zone's NS records may stand or not (RFC 2308 section 2.1.1 has both).</summary>
    private IEnumerable<DnsRecord> Expected(DnsMessage received) =>
        Answers.Count == 0 && Authorities.Exists(static record => record.Type == RecordType.SOA)
            ? Authorities.Where(record => record.Type != RecordType.NS || received.Authorities.Contains(record))
            : Authorities;

    /// <summary>The entry as the reply to a query.</summary>
    public byte[]? ReplyTo(DnsMessage query)
    {
        if (Adjust.Contains("do_not_answer")) { return null; }
        if (Raw is not null)
        {
            var raw = (byte[])Raw.Clone();
            if (raw.Length >= 2 && (Adjust.Contains("raw_id") || Adjust.Contains("copy_id"))) { (raw[0], raw[1]) = ((byte)(query.Id >> 8), (byte)query.Id); }
            return raw;
        }
        // With its id the reply also takes the spelling of the name: servers copy the question they got.
        var question = Adjust.Contains("copy_query") ? query.Questions
            : Question is null ? []
            : Adjust.Contains("copy_id") && query.Questions.Count > 0 && query.Questions[0].Name == Question.Value.Name ? [Question.Value with { Name = query.Questions[0].Name }]
            : (IReadOnlyList<Question>)[Question.Value];
        return new DnsMessage
        {
            Id = Adjust.Contains("copy_id") ? query.Id : (ushort)0,
            Flags = HeaderFlags,
            ResponseCode = Code,
            Questions = question,
            Answers = Answers,
            Authorities = Authorities,
            Additionals = Additionals,
            Edns = query.Edns,
        }.ToArray();
    }

    private static readonly HashSet<string> Known = ["opcode", "qtype", "qname", "qcase", "subdomain", "question", "flags", "rcode", "answer", "authority", "additional", "all"];

    private static Question ReadQuestion(string line)
    {
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return RecordType.TryParse(words[^1], out var type) ? new Question(DnsName.Parse(words[0]), type) : throw new FormatException($"no question: {line}");
    }

    private static string? Compare(IEnumerable<DnsRecord> expected, IEnumerable<DnsRecord> received)
    {
        static HashSet<string> Lines(IEnumerable<DnsRecord> records) =>
            [.. records.Select(record => $"{record.Owner.ToLower()} {record.Type} {Convert.ToHexString(record.Data.ToCanonical())} {record.Data}".ToLowerInvariant())];
        var (wanted, got) = (Lines(expected), Lines(received));
        if (wanted.FirstOrDefault(line => !got.Contains(line)) is { } missing) { return $"missing {missing}"; }
        return got.FirstOrDefault(line => !wanted.Contains(line)) is { } extra ? $"too much: {extra}" : null;
    }
}
