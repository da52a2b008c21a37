using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Reads the data of a record from the words that follow its type in a zone file.</summary>
internal sealed class RecordDataReader(ZoneEntry entry, int next, DnsName origin, Action<ZoneProblem> report)
{
    private int _next = next;

    /// <summary>Reads the data of a type, or reports what is wrong and returns null.</summary>
    public RecordData? Read(RecordType type)
    {
        if (Peek() is { IsQuoted: false, Text: @"\#" }) { return ReadGeneric(type); }
        RecordData? data = type.Value switch
        {
            1 => Address(IpVersion.V4, ZoneTerm.IPv4Address) is { } address ? new AddressData(address) : null,
            28 => Address(IpVersion.V6, ZoneTerm.IPv6Address) is { } address ? new AddressData(address) : null,
            2 or 5 or 12 or 39 => Name(ZoneTerm.DomainName) is { } target ? new NameData(type, target) : null,
            6 => ReadSoa(),
            13 => ReadHostInfo(),
            15 => Number(ushort.MaxValue, ZoneTerm.Preference) is { } preference && Name(ZoneTerm.MailExchange) is { } exchange
                ? new MxData((ushort)preference, exchange) : null,
            16 => ReadText(),
            33 => Number(ushort.MaxValue, ZoneTerm.Priority) is { } priority && Number(ushort.MaxValue, ZoneTerm.Weight) is { } weight
                && Number(ushort.MaxValue, ZoneTerm.Port) is { } port && Name(ZoneTerm.Target) is { } target
                ? new SrvData((ushort)priority, (ushort)weight, (ushort)port, target) : null,
            _ => Wrong<RecordData>(Peek(), ZoneFlaw.DataShape, new ZoneExpectation(ZoneTerm.GenericData, $"{type}")),
        };
        if (data is null) { return null; }
        return Peek() is { } surplus ? Wrong<RecordData>(surplus, ZoneFlaw.DataShape, new ZoneExpectation(ZoneTerm.EndOfRecord, $"{type}")) : data;
    }

    /// <summary>Reads "1h30m" or a number of seconds; null when it is neither or greater than the maximum.</summary>
    public static uint? ParseTime(ReadOnlySpan<char> text, uint max = Ttl.MaxSeconds)
    {
        if (text.Length == 0 || !char.IsAsciiDigit(text[0])) { return null; }
        ulong total = 0, number = 0;
        var pending = false;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = number * 10 + (ulong)(c - '0');
                pending = true;
            }
            else
            {
                ulong unit = char.ToLowerInvariant(c) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (unit == 0 || !pending) { return null; }
                total += number * unit;
                (number, pending) = (0, false);
            }
            if (number > uint.MaxValue || total > uint.MaxValue) { return null; }
        }
        total += number;
        return total > max ? null : (uint)total;
    }

    private SoaData? ReadSoa()
    {
        if (Name(ZoneTerm.PrimaryServer) is not { } primary || Name(ZoneTerm.Mailbox) is not { } mailbox
            || Number(uint.MaxValue, ZoneTerm.Serial) is not { } serial) { return null; }
        Span<uint> times = stackalloc uint[4];
        ReadOnlySpan<ZoneTerm> expected = [ZoneTerm.RefreshTime, ZoneTerm.RetryTime, ZoneTerm.ExpireTime, ZoneTerm.MinimumTime];
        for (var i = 0; i < 4; i++)
        {
            if (Peek() is not { } token || ParseTime(token.Text, uint.MaxValue) is not { } time) { return Wrong<SoaData>(Peek(), ZoneFlaw.DataShape, expected[i]); }
            times[i] = time;
            _next++;
        }
        return new SoaData(primary, mailbox, serial, times[0], times[1], times[2], times[3]);
    }

    private TxtData? ReadText()
    {
        var strings = new List<byte[]>();
        while (Peek() is not null)
        {
            if (String() is not { } value) { return null; }
            strings.Add(value);
        }
        if (strings.Sum(value => 1 + value.Length) > ushort.MaxValue) { return Wrong<TxtData>(entry.Tokens[^1], ZoneFlaw.DataShape, ZoneTerm.DataSize); }
        return strings.Count > 0 ? new TxtData(strings) : Wrong<TxtData>(null, ZoneFlaw.DataShape, ZoneTerm.OneString);
    }

    private RecordData? ReadHostInfo()
    {
        if (String() is not { } cpu || String() is not { } system) { return null; }
        RecordData.TryRead(RecordType.HINFO, [(byte)cpu.Length, .. cpu, (byte)system.Length, .. system], out var data);
        return data;
    }

    /// <summary>"\# length hex…" (RFC 3597 section 5).</summary>
    private RecordData? ReadGeneric(RecordType type)
    {
        _next++;
        if (Number(ushort.MaxValue, ZoneTerm.DataLength) is not { } length) { return null; }
        var hex = string.Concat(entry.Tokens.Skip(_next).Select(token => token.Text));
        var first = Peek();
        if (hex.Length % 2 != 0 || hex.Any(c => !char.IsAsciiHexDigit(c))) { return Wrong<RecordData>(first, ZoneFlaw.DataShape, ZoneTerm.HexadecimalPairs); }
        if (hex.Length / 2 != length) { return Wrong<RecordData>(first, ZoneFlaw.DataShape, new ZoneExpectation(ZoneTerm.HexadecimalBytes, $"{length}")); }
        return RecordData.TryRead(type, Convert.FromHexString(hex), out var data) ? data : Wrong<RecordData>(first, ZoneFlaw.DataShape, new ZoneExpectation(ZoneTerm.DataOfType, $"{type}"));
    }

    private ZoneToken? Peek() => _next < entry.Tokens.Count ? entry.Tokens[_next] : null;

    private T? Wrong<T>(ZoneToken? found, ZoneFlaw flaw, ZoneTerm expected) where T : class => Wrong<T>(found, flaw, new ZoneExpectation(expected));

    private T? Wrong<T>(ZoneToken? found, ZoneFlaw flaw, ZoneExpectation expected) where T : class
    {
        report(new ZoneProblem(found?.Place ?? entry.End, flaw, expected, found?.Text ?? ""));
        return null;
    }

    private IpAddress? Address(IpVersion version, ZoneTerm expected)
    {
        if (Peek() is { } token && IpAddress.TryParse(token.Text.AsSpan(), out var address) && address.Version == version && address.Zone is null)
        {
            _next++;
            return address;
        }
        Wrong<RecordData>(Peek(), ZoneFlaw.DataShape, expected);
        return null;
    }

    private uint? Number(uint max, ZoneTerm expected)
    {
        if (Peek() is { } token && uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max)
        {
            _next++;
            return number;
        }
        Wrong<RecordData>(Peek(), ZoneFlaw.DataShape, expected);
        return null;
    }

    private DnsName? Name(ZoneTerm expected)
    {
        if (Peek() is not { } token)
        {
            Wrong<RecordData>(null, ZoneFlaw.DataShape, expected);
            return null;
        }
        _next++;
        return ZoneFileReader.ReadName(token, origin, expected, report);
    }

    /// <summary>A character-string of at most 255 bytes (RFC 1035 section 3.3). Text beyond ASCII is taken as UTF-8.</summary>
    private byte[]? String()
    {
        if (Peek() is not { } token) { return Wrong<byte[]>(null, ZoneFlaw.DataShape, ZoneTerm.String); }
        var bytes = new List<byte>();
        Span<byte> utf8 = stackalloc byte[4];
        for (var rest = token.Text.AsSpan(); rest.Length > 0;)
        {
            if (rest[0] == '\\')
            {
                if (!DnsName.TryReadEscape(rest, out var value, out var used)) { return Wrong<byte[]>(token, ZoneFlaw.DataShape, ZoneTerm.Escape); }
                bytes.Add(value);
                rest = rest[used..];
                continue;
            }
            System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var length);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            rest = rest[length..];
        }
        if (bytes.Count > byte.MaxValue) { return Wrong<byte[]>(token, ZoneFlaw.DataShape, ZoneTerm.StringLength); }
        _next++;
        return [.. bytes];
    }
}
