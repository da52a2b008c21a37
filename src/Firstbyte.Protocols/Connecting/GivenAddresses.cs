using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Urls;

namespace Firstbyte.Connecting;

/// <summary>Addresses that hosts have by whoever asks, before any resolver is: what curl's <c>--resolve</c> gives.</summary>
/// <remarks>A host is given with a port, as curl has it: the name may lead elsewhere at another.</remarks>
public sealed class GivenAddresses
{
    /// <summary>The host of an entry that is for every host.</summary>
    public const string AnyHost = "*";

    private readonly Dictionary<(string Host, int Port), IpAddress[]> _entries = [];

    /// <summary>How many hosts have addresses.</summary>
    public int Count => _entries.Count;

    /// <summary>Gives a host addresses, instead of those that it had.</summary>
    /// <param name="host">A name in whatever case, with or without its last full stop; an address; or <see cref="AnyHost"/>.</param>
    /// <param name="port">The port of the connections that go there, 0 to 65535.</param>
    /// <param name="addresses">The addresses; at least one.</param>
    /// <exception cref="ArgumentException">There is no address, or no such port.</exception>
    public void Add(string host, int port, params ReadOnlySpan<IpAddress> addresses)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)port, ushort.MaxValue, nameof(port));
        if (addresses.IsEmpty) { throw new ArgumentException("a host is given at least one address", nameof(addresses)); }
        _entries[Key(host, port)] = addresses.ToArray();
    }

    /// <summary>
    /// Takes an entry as curl's command line has it: <c>HOST:PORT:ADDRESS[,ADDRESS]…</c>, an IPv6 address in brackets or without, a <c>+</c> before it of
    /// no effect; <c>-HOST:PORT</c> takes addresses away again. False for anything else.
    /// </summary>
    public bool TryAdd(ReadOnlySpan<char> entry)
    {
        var isRemoval = entry is ['-', ..];
        if (entry is ['-' or '+', ..]) { entry = entry[1..]; }
        // The host may be an address in brackets.
        var after = entry is ['[', ..] ? entry.IndexOf(']') + 1 : entry.IndexOf(':');
        if (after <= 0 || after >= entry.Length || entry[after] != ':') { return false; }
        var host = entry[..after].ToString();
        var rest = entry[(after + 1)..];
        var end = rest.IndexOf(':');
        if (!ushort.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var port)) { return false; }
        if (isRemoval)
        {
            _entries.Remove(Key(host, port));
            return end < 0;
        }
        if (end < 0) { return false; }
        var list = rest[(end + 1)..];
        var addresses = new List<IpAddress>();
        foreach (var range in list.Split(','))
        {
            var one = list[range];
            if (one.IsEmpty) { continue; }
            if (!IpAddress.TryParse(one is ['[', .. var inner, ']'] ? inner : one, out var address)) { return false; }
            addresses.Add(address);
        }
        if (addresses.Count == 0) { return false; }
        Add(host, port, [.. addresses]);
        return true;
    }

    /// <summary>The addresses of a host, those of its own before those of every host; null when it was given none.</summary>
    public IpAddress[]? Find(string host, int port) =>
        _entries.Count == 0 ? null : _entries.GetValueOrDefault(Key(host, port)) ?? _entries.GetValueOrDefault(Key(AnyHost, port));

    // As URLs have it: a name of other letters than ASCII's in its ASCII form, so that it may be typed as in the URL.
    private static (string Host, int Port) Key(string host, int port)
    {
        var bare = host is ['[', .. var inner, ']'] ? inner : host.TrimEnd('.');
        return (IpAddress.TryParse(bare, out var address) ? address.ToString() : HostParser.DomainToAscii(bare) ?? bare.ToLowerInvariant(), port);
    }
}
