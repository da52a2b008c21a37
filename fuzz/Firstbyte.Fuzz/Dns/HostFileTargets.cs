using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>The file resolv.conf.</summary>
internal sealed class ResolvConfTarget : FuzzTarget
{
    public override string Name => "resolv-conf";

    public override string Holds => "no exception; every number within resolv.conf(5)'s limits; written out and read again it is the same";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "nameserver ", "search ", "domain ", "options ", "ndots:", "timeout:", "attempts:", "rotate", "edns0", "use-vc", "\n", "\r\n", "#", ";", "192.0.2.1", "::1", "fe80::1%eth0", "example.com", ".");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch a.example b.example\noptions ndots:2 timeout:3 attempts:4 rotate edns0 use-vc\n",
        "# comment\n; another\ndomain example.com\r\nnameserver 127.0.0.53\n");

    public override void Check(byte[] input)
    {
        var conf = ResolvConf.Parse(input);
        Require(conf.Nameservers.Length is >= 1 and <= ResolvConf.MaxNameservers, "too many servers, or none");
        Require(conf.Search.Length <= ResolvConf.MaxSearch && conf.Search.Distinct().Count() == conf.Search.Length, "the search list");
        Require(conf.Dots is >= 0 and <= ResolvConf.MaxDots && conf.Attempts is >= 1 and <= ResolvConf.MaxAttempts, "a number outside its limits");
        Require(conf.Timeout >= TimeSpan.FromSeconds(1) && conf.Timeout <= TimeSpan.FromSeconds(ResolvConf.MaxTimeoutSeconds), "the time-out");
        var text = new StringBuilder();
        // Where the file names none, its reading does.
        foreach (var server in conf.NamesNoServer ? [] : conf.Nameservers) { text.Append("nameserver ").Append(server).Append('\n'); }
        if (conf.Search.Length > 0) { text.Append("search ").AppendJoin(' ', (IEnumerable<DnsName>)conf.Search).Append('\n'); }
        text.Append($"options ndots:{conf.Dots} timeout:{conf.Timeout.TotalSeconds} attempts:{conf.Attempts}");
        if (conf.Rotate) { text.Append(" rotate"); }
        if (conf.Edns) { text.Append(" edns0"); }
        if (conf.UseTcp) { text.Append(" use-vc"); }
        var again = ResolvConf.Parse(Encoding.UTF8.GetBytes(text.ToString()));
        Require(again.Nameservers.SequenceEqual(conf.Nameservers) && again.Search.SequenceEqual(conf.Search)
            && again with { Nameservers = conf.Nameservers, Search = conf.Search } == conf, $"read again it is another one:\n{text}");
    }
}

/// <summary>The hosts file: the input is the file, its last word the name that is looked for.</summary>
internal sealed class HostsFileTarget : FuzzTarget
{
    public override string Name => "hosts-file";

    public override string Holds => "no exception; a name is found exactly where a plain reading of the lines finds it";

    public override IReadOnlyList<byte[]> Tokens => Utf8("127.0.0.1 ", "::1 ", "localhost", "#", "\n", "\r\n", "\t", "a.example", "0.0.0.0", "A", "\u00fc");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "127.0.0.1 localhost a # b\n::1 localhost\n192.0.2.1 www.example.com www\nlocalhost", "10.0.0.1 x X x.\n10.0.0.1 x\n10.0.0.2 x\nx");

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!DnsName.TryParse(text.Split(' ', '\t', '\n', '\r')[^1], out var wanted)) { return; }
        var found = HostsFile.Parse(input).TryFind(wanted, out var addresses, out var line);
        var expected = new List<IpAddress>();
        var first = 0;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || !IpAddress.TryParse(words[0], out var address)) { continue; }
            if (!words.Skip(1).Any(word => DnsName.TryParse(word, out var name) && name == wanted) || expected.Contains(address)) { continue; }
            if (expected.Count == 0) { first = i + 1; }
            expected.Add(address);
        }
        Require(found == expected.Count > 0 && addresses.SequenceEqual(expected) && line == first, $"{wanted}: {string.Join(' ', addresses)} in line {line}");
    }
}
