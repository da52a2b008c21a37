using System.Diagnostics;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;
using Firstbyte.Tests.Dns.Records;

namespace Firstbyte.Tests.Conformance;

/// <summary>
/// A zone with every record type that may stand in one, signed by us: BIND's, ldns' and NSD's checkers take it as we write it, and dig, kdig and drill read
/// every record of it, out of our server's answers, as the bytes that it is.
/// </summary>
public partial class EveryTypeTests
{
    private const string BindChecker = "/usr/bin/named-checkzone", BindVerifier = "/usr/bin/dnssec-verify", LdnsVerifier = "/usr/bin/ldns-verify-zone", NsdChecker = "/usr/sbin/nsd-checkzone";

    /// <summary>Types of messages and questions, and those that the signing of a zone makes.</summary>
    private static readonly string[] s_notWritten = ["OPT", "TKEY", "TSIG", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "ZONEMD"];

    /// <summary>The types that a tool has no words for, or wrong ones: they are given to it as bytes (RFC 3597 section 5).</summary>
    private static readonly Dictionary<string, string[]> s_unknown = new()
    {
        ["bind"] = [.. RecordVector.TypesUnknownTo("bind"), "NXT", "SINK"],
        // Of SVCB see HasEscapedComma.
        ["ldns"] = [.. RecordVector.TypesUnknownTo("ldns"), "NXT", "SVCB"],
        ["nsd"] = [.. RecordVector.TypesUnknownTo("nsd"), "GPOS", "HIP", "NSAP-PTR", "NXT", "SINK", "TALINK"],
    };

    /// <summary>What a tool refuses, in words and in bytes, and why it is left out of what the tool is given.</summary>
    private static readonly Dictionary<string, ushort[]> s_left = new()
    {
        // MD and MF, the mail destinations of 1983, are "obsolete": a server may refuse them (RFC 1035 section 3.3.4).
        ["bind"] = [3, 4],
        // NSAP-PTR is a text to ldns 1.8.3 and SINK has a form of its own there: signatures over them do not hold for it, and messages are none.
        ["ldns"] = [23, 40],
        ["nsd"] = [],
    };

    private const ushort Nxt = 30, Sink = 40;

    private static readonly DnsName s_origin = DnsName.Parse("Types.test");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BIND_writes_the_zone_again_as_it_was(bool isHashed)
    {
        Assert.SkipUnless(File.Exists(BindChecker) && File.Exists(BindVerifier), "named-checkzone and dnssec-verify are not installed (bind9-utils)");
        var folder = Directory.CreateTempSubdirectory("firstbyte-types-").FullName;
        try
        {
            var records = Signed(isHashed, s_left["bind"]);
            File.WriteAllText(Path.Combine(folder, "zone"), Write(records, "bind"));
            string[] lenient = ["-i", "none", "-k", "ignore", "-m", "ignore", "-M", "ignore", "-n", "ignore", "-r", "ignore", "-S", "ignore", "-T", "ignore"];
            PeerTool.Demand(BindChecker, folder, [.. lenient, "-D", "-s", "full", "-o", "again", $"{s_origin}", "zone"]);
            Compare(records, Read(File.ReadAllText(Path.Combine(folder, "again"))));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_signatures_and_its_chain_hold_for_BIND_and_ldns_and_NSD_takes_it(bool isHashed)
    {
        Assert.SkipUnless(File.Exists(BindVerifier) && File.Exists(LdnsVerifier) && File.Exists(NsdChecker), "dnssec-verify, ldns-verify-zone, nsd-checkzone: bind9-utils, ldnsutils, nsd");
        var folder = Directory.CreateTempSubdirectory("firstbyte-types-").FullName;
        try
        {
            foreach (var tool in s_left.Keys) { File.WriteAllText(Path.Combine(folder, tool), Write(Signed(isHashed, s_left[tool]), tool)); }
            PeerTool.Demand(BindVerifier, folder, "-o", $"{s_origin}", "bind");
            // ldns 1.8.3 compares digests of zones with NSEC alone (see SignedByUsTests).
            PeerTool.Demand(LdnsVerifier, folder, isHashed ? ["ldns"] : ["-ZZ", "ldns"]);
            PeerTool.Demand(NsdChecker, folder, $"{s_origin}", "nsd");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData("dig")]
    [InlineData("kdig")]
    [InlineData("drill")]
    public async Task A_tool_reads_every_record_out_of_our_answers(string tool)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{tool}"), $"{tool} is not installed");
        var records = Signed(isHashed: false, tool == "drill" ? s_left["ldns"] : []);
        if (tool == "drill")
        {
            var misread = records.Where(HasEscapedComma).Select(static record => record.Owner).ToHashSet();
            records.RemoveAll(record => misread.Contains(record.Owner));
        }
        Assert.True(Zone.TryCreate(s_origin, records, out var zone, out var problems), string.Join('\n', problems));
        using var server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
        var port = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0)).Port;
        var serving = server.RunAsync();
        var read = new List<DnsRecord>();
        var questions = records.Select(static record => (record.Owner, record.Type)).Where(static question => question.Type != RecordType.RRSIG).Distinct().ToList();
        foreach (var (owner, type) in questions)
        {
            // By number: it is the bytes that are asked for, and the tool chooses the words of what it shows.
            string[] question = [$"{owner}", $"TYPE{type.Value}"];
            var text = await RunAsync(tool, tool == "drill"
                ? ["-D", "-o", "rd", "-t", "-p", $"{port}", question[0], "@127.0.0.1", question[1]]
                : ["@127.0.0.1", "-p", $"{port}", "+norecurse", "+tcp", "+dnssec", "+noall", "+answer", .. question]);
            read.AddRange(Read(Answer(text)).Where(record => record.Owner == owner && (record.Type == type || record.Type == RecordType.RRSIG)));
        }
        server.Dispose();
        await serving;
        var cuts = records.Where(static record => record.Type == RecordType.NS && record.Owner != s_origin).Select(static record => record.Owner).ToHashSet();
        // Of delegated names a server says where they are, and of their records it has those about the delegation's keys alone.
        Compare(records.Where(record => !cuts.Contains(record.Owner) || record.Type == RecordType.DS).ToList(), read.Where(record => !cuts.Contains(record.Owner) || record.Type == RecordType.DS).ToList());
        Assert.InRange(questions.Count, 100, 1_000);
    }

    /// <summary>Escaped commas in a list of protocols are to ldns 1.8.3 what separates them (RFC 9460 appendix A.1 has them as a part).</summary>
    private static bool HasEscapedComma(DnsRecord record) => record.Type == RecordType.SVCB && $"{record.Data}".Contains("\\,", StringComparison.Ordinal);

    /// <summary>Records of NXT and SINK in a tool's words.</summary>
    [GeneratedRegex(@"\bIN\s+(NXT|SINK)\s+[^\\]")]
    private static partial Regex Wordy();

    /// <summary>The zone's records, one for each example, signed.</summary>
    private static List<DnsRecord> Signed(bool isHashed, params ushort[] left)
    {
        var text = $"$ORIGIN {s_origin}\n$TTL 300\n@ SOA ns Host.Master 7 7200 900 1209600 60\n@ NS ns\nns A 127.0.0.1\n";
        var (number, types) = (0, new HashSet<string>());
        foreach (var (type, data) in RecordVector.All.Select(static vector => (vector.Type, vector.Text)))
        {
            if (s_notWritten.Contains(type) || type == "SOA") { continue; }
            Assert.True(RecordType.TryParse(type, out var parsed));
            if (left.Contains(parsed.Value)) { continue; }
            types.Add(type);
            var owner = type == "CSYNC" ? "@" : $"{type.ToLowerInvariant()}{++number}";
            text += (type == "DS" ? $"{owner} NS ns\n" : "") + $"{owner} {type} {data}\n";
        }
        Assert.InRange(types.Count, 66, 90);
        Assert.True(Zone.TryLoad(text, "zone", s_origin, out var zone, out var problems), string.Join('\n', problems));
        var now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        ZoneKey[] keys = [Key(true), Key(false)];
        return [.. ZoneSigner.Sign(zone, keys, new SigningOptions(now - 3600, now + 86400, isHashed) { HasDigest = true, AsksParent = true })];
    }

    private static ZoneKey Key(bool isEntryPoint) => ZoneKey.Generate(s_origin, isEntryPoint, SigningAlgorithm.Ed25519, OsRandom.Instance);

    private static string Write(IEnumerable<DnsRecord> records, string tool)
    {
        var unknown = s_unknown[tool].Select(static name => (Name: name, Number: RecordType.TryParse(name, out var type) ? $"TYPE{type.Value}" : "")).ToList();
        return string.Concat(records.Select(record => IsUnknown(record.Type)
            ? $"{record.Owner} {record.Ttl} IN TYPE{record.Type.Value} \\# {record.RawData.Length} {Convert.ToHexString(record.RawData)}\n"
            : $"{Numbered(record)}\n"));

        bool IsUnknown(RecordType type) => unknown.Exists(one => one.Name == $"{type}");

        // Types are named in signatures and in links of the chain too.
        string Numbered(DnsRecord record) => record.Type == RecordType.RRSIG || record.Type == RecordType.NSEC || record.Type == RecordType.NSEC3
            ? unknown.Aggregate($"{record} ", static (text, one) => text.Replace($" {one.Name} ", $" {one.Number} ", StringComparison.Ordinal))
            : $"{record}";
    }

    /// <summary>Reads what a tool has written; two types of which it has words, and our table has none, are left out.</summary>
    private static List<DnsRecord> Read(string text)
    {
        var lines = text.Split('\n').Where(static line => !Wordy().IsMatch(line)).ToArray();
        var file = ZoneFileReader.Read(string.Join('\n', lines), "", DnsName.Root);
        Assert.True(file.Problems.Count == 0, string.Join('\n', file.Problems.Select(problem => $"{problem}: {lines[problem.Place.Line - 1]}")));
        return [.. file.Records];
    }

    /// <summary>The lines of the answer section alone.</summary>
    private static string Answer(string text)
    {
        var start = text.IndexOf(";; ANSWER SECTION:", StringComparison.Ordinal);
        if (start < 0) { return text; }
        var end = text.IndexOf(";; AUTHORITY SECTION:", start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static void Compare(List<DnsRecord> ours, List<DnsRecord> theirs)
    {
        var expected = ours.Where(static record => record.Type.Value is not (Nxt or Sink)).ToHashSet();
        Assert.Equal([], expected.Except(theirs).Select(static record => $"missing: {record}").Concat(theirs.Except(ours).Select(static record => $"more: {record}")));
    }

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false })!;
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
