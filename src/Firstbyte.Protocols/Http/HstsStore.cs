using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>Hosts that want to be asked over TLS alone, and until when (RFC 6797), in memory and in curl's file.</summary>
/// <remarks>
/// Theory of operation. A host says it in a response that came over TLS without a fault; from then on http: URLs of it are asked for by https: (8.3). What a
/// host says covers the names below its own where it says so, and never any above or beside (8.2). Addresses are no hosts here (8.1.1). The file has a
/// line for each host:
/// its name, with a dot before it where the names below are meant, and in quotes the time in UTC until which it holds, or "unlimited".
/// </remarks>
public sealed class HstsStore
{
    /// <summary>Hosts that are kept: whoever visits more in one run forgets those whose time is over first.</summary>
    public const int Maximum = 10_000;

    /// <summary>The longest line of a file that is read: curl's (MAX_HSTS_LINE).</summary>
    public const int MaximumLine = 4095;

    private const string Format = "yyyyMMdd HH:mm:ss", Unlimited = "unlimited";

    private readonly SortedDictionary<string, (Instant Until, bool CoversSubdomains)> _hosts = new(StringComparer.Ordinal);

    /// <summary>How many hosts there are.</summary>
    public int Count => _hosts.Count;

    /// <summary>Takes what a host has said in a response over TLS; false where it says nothing that is heeded.</summary>
    public bool Note(string host, ReadOnlySpan<char> value, Instant now)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (NameOf(host) is not { } name || !StrictTransportSecurity.TryRead(value, out var wish)) { return false; }
        if (wish.MaximumAge == TimeSpan.Zero) { return _hosts.Remove(name); }
        Keep(name, now + wish.MaximumAge, wish.CoversSubdomains, now);
        return true;
    }

    /// <summary>The host by whose wish this one is asked over TLS: itself, or one above it that speaks for those below; null where nobody wishes it.</summary>
    public string? Find(string host, Instant now)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (NameOf(host) is not { } name) { return null; }
        // A name of 255 bytes has at most 127 labels.
        for (var rest = name; ; rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (_hosts.TryGetValue(rest, out var known) && known.Until > now && (rest.Length == name.Length || known.CoversSubdomains)) { return rest; }
            if (!rest.Contains('.', StringComparison.Ordinal)) { return null; }
        }
    }

    /// <summary>Reads curl's file; returns the numbers of the lines that say nothing.</summary>
    public IReadOnlyList<int> Read(string text, Instant now)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (passed, number) = (new List<int>(), 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].TrimEnd('\r').Trim(" \t");
            if (line.Length == 0 || line[0] == '#') { continue; }
            if (!ReadLine(line, now)) { passed.Add(number); }
        }
        return passed;
    }

    /// <summary>curl's file: what has not expired, in the order of the names.</summary>
    public string Write(Instant now)
    {
        var text = new StringBuilder("# HSTS hosts, in curl's format (RFC 6797).\n");
        foreach (var (name, (until, covers)) in _hosts)
        {
            if (until <= now) { continue; }
            var time = until == Instant.Never ? Unlimited : until.ToDateTimeOffset().UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
            text.Append(covers ? "." : "").Append(name).Append(" \"").Append(time).Append("\"\n");
        }
        return text.ToString();
    }

    private bool ReadLine(ReadOnlySpan<char> line, Instant now)
    {
        var quote = line.IndexOf('"');
        if (line.Length > MaximumLine || quote < 0 || line[^1] != '"' || line.Length < quote + 2) { return false; }
        var time = line[(quote + 1)..^1];
        var host = line[..quote].TrimEnd(" \t");
        var covers = host is ['.', ..];
        if (NameOf((covers ? host[1..] : host).ToString()) is not { } name) { return false; }
        if (time is Unlimited)
        {
            Keep(name, Instant.Never, covers, now);
            return true;
        }
        if (!DateTimeOffset.TryParseExact(time, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)) { return false; }
        // What an instant cannot hold is further away than anybody waits.
        var end = until.Year > 2261 ? Instant.Never : Instant.FromDateTimeOffset(until);
        if (end > now) { Keep(name, end, covers, now); }
        return true;
    }

    private void Keep(string name, Instant until, bool covers, Instant now)
    {
        if (_hosts.Count >= Maximum && !_hosts.ContainsKey(name))
        {
            foreach (var (gone, _) in _hosts.Where(one => one.Value.Until <= now).ToArray()) { _hosts.Remove(gone); }
            if (_hosts.Count >= Maximum) { _hosts.Remove(_hosts.MinBy(static one => one.Value.Until.Nanoseconds).Key); }
        }
        _hosts[name] = (until, covers);
    }

    // In small letters, without the dot of the root, as URLs have them; null for an address, and for what is no name.
    private static string? NameOf(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (name.Length is 0 or > 253 || name.Contains("..", StringComparison.Ordinal) || name[0] == '.') { return null; }
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')) { return null; }
        }
        return IpAddress.TryParse(name, out _) ? null : name;
    }
}
