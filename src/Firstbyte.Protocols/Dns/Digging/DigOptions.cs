using System.Globalization;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Digging;

/// <summary>One of dig's options that begin with "+".</summary>
/// <param name="Name">Its name without "+" and "no".</param>
/// <param name="Apply">The query with it: switched on or off, with its value or without one; null when the value is none.</param>
/// <param name="Value">What its value is called where it takes one; null where it takes none.</param>
/// <param name="IsValueNeeded">Whether switching it on takes one.</param>
internal sealed record DigOption(string Name, Func<DigQuery, bool, string?, DigQuery?> Apply, string? Value = null, bool IsValueNeeded = false);

/// <summary>The table of dig's options (dig(1), "QUERY OPTIONS").</summary>
internal static class DigOptions
{
    /// <summary>+time: the longest (RFC 1035 says nothing; a day).</summary>
    private const int MaxSeconds = 86_400;

    /// <summary>+padding: RFC 8467 section 4.1 recommends 128; dig takes up to 512.</summary>
    private const int MaxPadding = 512;

    private static readonly DigOption[] s_all =
    [
        // By the letters of the header dig takes the shortest of them too, though other options begin so.
        Flag("aa", HeaderFlags.AuthoritativeAnswer), Flag("ad", HeaderFlags.AuthenticData), Flag("aaflag", HeaderFlags.AuthoritativeAnswer),
        Flag("aaonly", HeaderFlags.AuthoritativeAnswer), Flag("adflag", HeaderFlags.AuthenticData),
        Flag("cdflag", HeaderFlags.CheckingDisabled), Flag("raflag", HeaderFlags.RecursionAvailable), Flag("rdflag", HeaderFlags.RecursionDesired),
        Flag("recurse", HeaderFlags.RecursionDesired), Flag("tcflag", HeaderFlags.Truncated),
        Show("additional", static (d, on) => d with { Additional = on }), Show("all", static (d, on) => d.WithAll(on)),
        Show("answer", static (d, on) => d with { Answer = on }), Show("authority", static (d, on) => d with { Authority = on }),
        Show("class", static (d, on) => d with { Class = on }), Show("cmd", static (d, on) => d with { Command = on }),
        Show("comments", static (d, on) => d with { Comments = on }), Show("crypto", static (d, on) => d with { Crypto = on }),
        Show("expandaaaa", static (d, on) => d with { ExpandsAddresses = on }), Show("identify", static (d, on) => d with { Identify = on }),
        Show("multiline", static (d, on) => d with { IsMultiline = on }), Show("onesoa", static (d, on) => d with { OneSoa = on }),
        Show("qr", static (d, on) => d with { Query = on }), Show("question", static (d, on) => d with { Question = on }),
        Show("rrcomments", static (d, on) => d with { RecordComments = on }), Show("short", Short),
        Show("stats", static (d, on) => d with { Statistics = on }),
        Show("ttlid", static (d, on) => d with { Ttl = on }), Show("ttlunits", static (d, on) => d with { TtlUnits = on, Ttl = on || d.Ttl }),
        Show("unknownformat", static (d, on) => d with { IsUnknownFormat = on }),
        // What can be read of a malformed message is shown in any case.
        Switch("besteffort", static (q, _) => q), Switch("badcookie", static (q, on) => q with { RetriesBadCookie = on }),
        Switch("dnssec", static (q, on) => WithEdns(q with { IsDnssecWanted = on }, on)),
        Switch("do", static (q, on) => WithEdns(q with { IsDnssecWanted = on }, on)),
        Switch("ednsnegotiation", static (q, on) => q with { NegotiatesEdns = on }),
        Switch("expire", static (q, on) => WithEdns(q with { IsExpireWanted = on }, on)),
        Switch("header-only", static (q, on) => q with { IsHeaderOnly = on }), Switch("ignore", static (q, on) => q with { IgnoresTruncation = on }),
        Switch("keepalive", static (q, on) => WithEdns(q with { IsKeepAliveWanted = on }, on)),
        Switch("nsid", static (q, on) => WithEdns(q with { IsNsidWanted = on }, on)), Switch("tcp", static (q, on) => q with { IsOverTcp = on }),
        Switch("tls", static (q, on) => q with { IsOverTls = on }), Switch("trace", Trace), Switch("vc", static (q, on) => q with { IsOverTcp = on }),
        Switch("zflag", static (q, on) => q with { Z = on }),
        new("bufsize", static (q, on, value) => !on || value is null ? WithEdns(q with { BufferSize = Edns.DefaultPayloadSize }, on)
            : TryNumber(value, ushort.MaxValue, out var size) ? WithEdns(q with { BufferSize = (ushort)size }, true) : null, "N"),
        new("cookie", Cookie, "HEX"),
        new("edns", static (q, on, value) => !on ? q with { EdnsVersion = null } : value is null ? q with { EdnsVersion = 0 }
            : TryNumber(value, byte.MaxValue, out var version) ? q with { EdnsVersion = (byte)version } : null, "N"),
        new("ednsflags", static (q, on, value) => !on || value is null ? q with { EdnsFlags = 0 }
            : TryHexadecimal(value, out var flags) ? WithEdns(q with { EdnsFlags = flags }, true) : null, "N"),
        new("ednsopt", EdnsOption, "CODE[:HEX]"),
        new("opcode", static (q, on, value) => !on ? q with { OpCode = Records.OpCode.Query }
            : TryOpCode(value!, out var code) ? q with { OpCode = code } : null, "N", IsValueNeeded: true),
        new("padding", static (q, on, value) => !on ? q with { Padding = 0 }
            : TryNumber(value!, MaxPadding, out var block) ? WithEdns(q with { Padding = block }, block > 0) : null, "N", IsValueNeeded: true),
        new("qid", static (q, on, value) => !on ? q with { Id = null }
            : TryNumber(value!, ushort.MaxValue, out var id) ? q with { Id = (ushort)id } : null, "N", IsValueNeeded: true),
        new("retry", static (q, on, value) => on && TryNumber(value!, int.MaxValue - 1, out var more) ? q with { Tries = more + 1 } : null, "N",
            IsValueNeeded: true),
        new("split", Split, "N"),
        new("subnet", static (q, on, value) => !on ? q with { Subnet = null } : ClientSubnet.TryParse(value, out var subnet)
            ? WithEdns(q with { Subnet = subnet }, true) : null, "ADDR[/N]", IsValueNeeded: true),
        new("time", Time, "SECONDS"), new("timeout", Time, "SECONDS"),
        new("tries", static (q, on, value) => on && TryNumber(value!, int.MaxValue, out var tries) ? q with { Tries = Math.Max(1, tries) } : null, "N",
            IsValueNeeded: true),
    ];

    /// <summary>What dig has besides; whoever uses it shall know that it is not done here.</summary>
    private static readonly string[] s_notDone =
    [
        "defname", "dns64prefix", "domain", "dscp", "fail", "http-plain", "http-plain-get", "http-plain-post", "https", "https-get", "https-post", "idnin",
        "idnout", "keepopen", "mapped", "ndots", "nssearch", "proxy", "search", "showbadcookie", "showsearch", "sigchase", "tls-ca", "tls-certfile",
        "tls-hostname", "tls-keyfile", "topdown", "trusted-key", "yaml",
    ];

    /// <summary>What of it is on unless it is switched off.</summary>
    private static readonly string[] s_onInDig = ["fail", "mapped"];

    private static readonly Dictionary<string, DigOption> s_byName = s_all.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>Every option that is done.</summary>
    public static IReadOnlyList<DigOption> All => s_all;

    /// <summary>The names that may be meant by one that is none, with "+" and with "+no" where that was typed.</summary>
    public static IEnumerable<string> Names(bool isNegated) => s_all.Select(one => (isNegated ? "+no" : "+") + one.Name);

    /// <summary>Applies a word that begins with "+".</summary>
    public static DigFault Apply(string word, ref DigQuery query)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (word[1..], null) : (word[1..equals], word[(equals + 1)..]);
        // "+nsid" and "+norecurse" both begin with a letter of "no".
        if (Find(name) is { } option) { return Apply(option, true, value, word, ref query); }
        if (name.StartsWith("no", StringComparison.Ordinal) && Find(name[2..]) is { } negated) { return Apply(negated, false, value, word, ref query); }
        var bare = name.StartsWith("no", StringComparison.Ordinal) ? name[2..] : name;
        // Not to do what is not done here is what is done.
        if (bare != name && Array.IndexOf(s_notDone, bare) >= 0 && Array.IndexOf(s_onInDig, bare) < 0) { return DigFault.None; }
        return new DigFault(Array.Exists(s_notDone, one => one == name || one == bare) ? DigFaultKind.NotDone : DigFaultKind.UnknownOption, "+" + name);
    }

    private static DigFault Apply(DigOption option, bool isOn, string? value, string word, ref DigQuery query)
    {
        if (isOn && option.IsValueNeeded && value is null) { return new DigFault(DigFaultKind.WantsValue, word, option.Value!); }
        if (option.Apply(query, isOn, value) is not { } changed) { return new DigFault(DigFaultKind.BadValue, word.Split('=')[0], value ?? ""); }
        query = changed;
        return DigFault.None;
    }

    /// <summary>By the whole name, or by the first letters of one alone.</summary>
    private static DigOption? Find(string name)
    {
        if (s_byName.TryGetValue(name, out var option)) { return option; }
        const int fewestLetters = 2;
        if (name.Length < fewestLetters || Array.Exists(s_notDone, one => one.StartsWith(name, StringComparison.Ordinal))) { return null; }
        var meant = Array.FindAll(s_all, one => one.Name.StartsWith(name, StringComparison.Ordinal));
        return meant.Length == 1 ? meant[0] : null;
    }

    private static DigOption Flag(string name, HeaderFlags flag) =>
        new(name, (query, on, _) => query with { Flags = on ? query.Flags | flag : query.Flags & ~flag });

    private static DigOption Show(string name, Func<DigDisplay, bool, DigDisplay> change) =>
        new(name, (query, on, _) => query with { Display = change(query.Display, on) });

    private static DigOption Switch(string name, Func<DigQuery, bool, DigQuery> change) => new(name, (query, on, _) => change(query, on));

    // Whoever wants an option of EDNS wants EDNS.
    private static DigQuery WithEdns(DigQuery query, bool isOn) => isOn ? query with { EdnsVersion = query.EdnsVersion ?? 0 } : query;

    private static DigDisplay Short(DigDisplay display, bool on) => on
        ? display with { IsShort = true, Additional = false, Answer = true, Authority = false, Comments = false, RecordComments = false, Statistics = false }
        : display with { IsShort = false };

    private static DigQuery Trace(DigQuery query, bool on) => !on ? query with { IsTrace = false } : query with
    {
        IsTrace = true,
        IsDnssecWanted = true,
        Flags = query.Flags & ~(HeaderFlags.RecursionDesired | HeaderFlags.AuthenticData),
        Display = query.Display with
        {
            Comments = false,
            RecordComments = false,
            Statistics = false,
            Additional = false,
            Authority = true,
            Question = false,
            IsShort = false,
        },
    };

    private static DigQuery? Time(DigQuery query, bool on, string? value)
    {
        if (!on || value is null) { return query with { Patience = TimeSpan.FromSeconds(5) }; }
        return TryNumber(value, MaxSeconds, out var seconds) ? query with { Patience = TimeSpan.FromSeconds(Math.Max(1, seconds)) } : null;
    }

    private static DigQuery? Split(DigQuery query, bool on, string? value)
    {
        var display = query.Display;
        if (!on) { return query with { Display = display with { Split = 0 } }; }
        if (value is null) { return query with { Display = display with { Split = null } }; }
        // Base64 comes four digits at a time.
        return TryNumber(value, 1023, out var width) ? query with { Display = display with { Split = (width + 3) / 4 * 4 } } : null;
    }

    private static DigQuery? Cookie(DigQuery query, bool on, string? value)
    {
        if (!on) { return query with { HasCookie = false, Cookie = null }; }
        if (value is null) { return WithEdns(query with { HasCookie = true, Cookie = null }, true); }
        // RFC 7873 section 4: a client's cookie has 8 bytes, with a server's behind it up to 40.
        return TryBytes(value, out var cookie) && cookie.Length is >= 8 and <= 40 ? WithEdns(query with { HasCookie = true, Cookie = cookie }, true) : null;
    }

    private static DigQuery? EdnsOption(DigQuery query, bool on, string? value)
    {
        if (!on || value is null) { return query with { Options = [] }; }
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var (code, hex) = colon < 0 ? (value, "") : (value[..colon], value[(colon + 1)..]);
        if (!TryOptionCode(code, out var number) || !TryBytes(hex, out var data)) { return null; }
        return WithEdns(query with { Options = [.. query.Options, new EdnsOption(number, data)] }, true);
    }

    private static bool TryOptionCode(string text, out EdnsOptionCode code)
    {
        code = text.ToUpperInvariant() switch
        {
            "NSID" => EdnsOptionCode.Nsid,
            "ECS" => EdnsOptionCode.ClientSubnet,
            "EXPIRE" => EdnsOptionCode.Expire,
            "COOKIE" => EdnsOptionCode.Cookie,
            "KEEPALIVE" => EdnsOptionCode.KeepAlive,
            "PAD" or "PADDING" => EdnsOptionCode.Padding,
            "CHAIN" => EdnsOptionCode.Chain,
            "EDE" => EdnsOptionCode.ExtendedError,
            _ => default,
        };
        if (code.Value != 0) { return true; }
        if (!TryNumber(text, ushort.MaxValue, out var number)) { return false; }
        code = new EdnsOptionCode((ushort)number);
        return true;
    }

    private static bool TryOpCode(string text, out Records.OpCode code)
    {
        code = default;
        if (TryNumber(text, 15, out var number))
        {
            code = new Records.OpCode((byte)number);
            return true;
        }
        for (byte one = 0; one <= 15; one++)
        {
            code = new Records.OpCode(one);
            if (code.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }

    private static bool TryNumber(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;

    private static bool TryHexadecimal(string text, out ushort number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryBytes(string hex, out byte[] bytes)
    {
        bytes = [];
        if (hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit)) { return false; }
        bytes = Convert.FromHexString(hex);
        return true;
    }
}
