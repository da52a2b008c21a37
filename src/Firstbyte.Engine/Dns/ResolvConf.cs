using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns;

/// <summary>The configuration of a stub resolver as resolv.conf(5) describes it.</summary>
/// <param name="Nameservers">The recursive servers, at most <see cref="MaxNameservers"/>; when the file names none, the own host.</param>
/// <param name="Search">The domains tried behind short names.</param>
public sealed record ResolvConf(IpAddress[] Nameservers, DnsName[] Search)
{
    /// <summary>Where the file is.</summary>
    public const string Path = "/etc/resolv.conf";

    /// <summary>MAXNS of resolv.conf(5).</summary>
    public const int MaxNameservers = 3;

    /// <summary>RES_MAXNDOTS of resolv.conf(5).</summary>
    public const int MaxDots = 15;

    /// <summary>RES_MAXRETRANS of resolv.conf(5), in seconds.</summary>
    public const int MaxTimeoutSeconds = 30;

    /// <summary>RES_MAXRETRY of resolv.conf(5).</summary>
    public const int MaxAttempts = 5;

    /// <summary>Search domains kept: glibc before 2.26 kept 6, newer ones any number; this many questions for one short name are enough.</summary>
    public const int MaxSearch = 32;

    /// <summary>A name with at least so many dots is tried as it stands before the search list.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>How long one server is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the list of servers is gone through.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>options rotate</summary>
    public bool Rotate { get; init; }

    /// <summary>options edns0</summary>
    public bool Edns { get; init; }

    /// <summary>options use-vc: TCP only.</summary>
    public bool UseTcp { get; init; }

    /// <summary>Whether the file names no server, so that the own host is asked in its place.</summary>
    public bool NamesNoServer { get; init; }

    /// <summary>What holds when there is no file: the server on the own host.</summary>
    public static ResolvConf Default { get; } = new([IpAddress.LoopbackV4], []) { NamesNoServer = true };

    /// <summary>
    /// Reads the file's bytes. Lines and options it does not know are ignored, as resolv.conf(5) asks; of several search or domain lines
    /// the last counts.
    /// </summary>
    public static ResolvConf Parse(ReadOnlySpan<byte> file)
    {
        var nameservers = new List<IpAddress>();
        var conf = Default;
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            if (line.StartsWith('#') || line.StartsWith(';')) { continue; }
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) { continue; }
            switch (words[0])
            {
                case "nameserver" when nameservers.Count < MaxNameservers && IpAddress.TryParse(words[1], out var address): nameservers.Add(address); break;
                case "domain" or "search": conf = conf with { Search = ReadNames(words[0] == "domain" ? words[1..2] : words[1..]) }; break;
                case "options": foreach (var option in words.AsSpan(1)) { conf = conf.WithOption(option); } break;
            }
        }
        return nameservers.Count == 0 ? conf : conf with { Nameservers = [.. nameservers], NamesNoServer = false };
    }

    private static DnsName[] ReadNames(string[] words)
    {
        var names = new List<DnsName>();
        foreach (var word in words)
        {
            if (names.Count < MaxSearch && DnsName.TryParse(word, out var name) && !names.Contains(name)) { names.Add(name); }
        }
        return [.. names];
    }

    private ResolvConf WithOption(string option) => option switch
    {
        "rotate" => this with { Rotate = true },
        "edns0" => this with { Edns = true },
        "use-vc" => this with { UseTcp = true },
        _ when TryReadNumber(option, "ndots:", out var dots) => this with { Dots = Math.Min(dots, MaxDots) },
        _ when TryReadNumber(option, "timeout:", out var seconds) =>
            this with { Timeout = TimeSpan.FromSeconds((long)Math.Clamp(seconds, 1, MaxTimeoutSeconds)) },
        _ when TryReadNumber(option, "attempts:", out var attempts) => this with { Attempts = Math.Clamp(attempts, 1, MaxAttempts) },
        _ => this,
    };

    private static bool TryReadNumber(string option, string prefix, out int number)
    {
        number = 0;
        return option.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(option.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
