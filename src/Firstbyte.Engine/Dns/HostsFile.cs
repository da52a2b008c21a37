using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns;

/// <summary>The hosts(5) file: addresses and the names that stand for them on this host.</summary>
public sealed class HostsFile
{
    /// <summary>Where the file is.</summary>
    public const string Path = "/etc/hosts";

    private readonly Dictionary<DnsName, List<Entry>> _entries;

    private HostsFile(Dictionary<DnsName, List<Entry>> entries) => _entries = entries;

    /// <summary>A file without lines.</summary>
    public static HostsFile Empty { get; } = new([]);

    /// <summary>Reads the file's bytes: an address, its name, its aliases; '#' begins a comment. Lines that are not so are ignored.</summary>
    public static HostsFile Parse(ReadOnlySpan<byte> file)
    {
        var entries = new Dictionary<DnsName, List<Entry>>();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IpAddress.TryParse(words[0], out var address)) { continue; }
            foreach (var word in words.AsSpan(1))
            {
                if (!DnsName.TryParse(word, out var name)) { continue; }
                if (!entries.TryGetValue(name, out var lines)) { entries.Add(name, lines = []); }
                if (!lines.Exists(entry => entry.Address == address)) { lines.Add(new Entry(address, number)); }
            }
        }
        return new HostsFile(entries);
    }

    /// <summary>The addresses of a name, in the order of the file, and the first line that gives one; false when no line has the name.</summary>
    public bool TryFind(DnsName name, out IpAddress[] addresses, out int line)
    {
        if (!_entries.TryGetValue(name, out var entries))
        {
            (addresses, line) = ([], 0);
            return false;
        }
        (addresses, line) = ([.. entries.Select(entry => entry.Address)], entries[0].Line);
        return true;
    }

    /// <summary>The names of the address that a name in in-addr.arpa or ip6.arpa stands for; none where no line has it.</summary>
    public DnsName[] NamesOf(DnsName reverse) =>
        [.. _entries.Where(entry => entry.Value.Exists(one => DnsName.Parse(ReverseName.Of(one.Address)) == reverse)).Select(static entry => entry.Key)];

    private sealed record Entry(IpAddress Address, int Line);
}
