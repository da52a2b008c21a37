using System.Buffers.Binary;

namespace Firstbyte.Dns.Wire;

/// <summary>The code of an EDNS option (IANA registry "DNS EDNS0 Option Codes").</summary>
public readonly record struct EdnsOptionCode(ushort Value)
{
    /// <summary>RFC 5001</summary>
    public static EdnsOptionCode Nsid => new(3);

    /// <summary>RFC 7871</summary>
    public static EdnsOptionCode ClientSubnet => new(8);

    /// <summary>RFC 7314</summary>
    public static EdnsOptionCode Expire => new(9);

    /// <summary>RFC 7873</summary>
    public static EdnsOptionCode Cookie => new(10);

    /// <summary>RFC 7828</summary>
    public static EdnsOptionCode KeepAlive => new(11);

    /// <summary>RFC 7830</summary>
    public static EdnsOptionCode Padding => new(12);

    /// <summary>RFC 7901</summary>
    public static EdnsOptionCode Chain => new(13);

    /// <summary>RFC 8914</summary>
    public static EdnsOptionCode ExtendedError => new(15);

    /// <summary>The name, or "OPT123".</summary>
    public override string ToString() =>
        Value switch
        {
            3 => "NSID",
            8 => "ECS",
            9 => "EXPIRE",
            10 => "COOKIE",
            11 => "KEEPALIVE",
            12 => "PADDING",
            13 => "CHAIN",
            15 => "EDE",
            _ => $"OPT{Value}",
        };
}

/// <summary>An OPT record where it lies (RFC 6891 section 6.1.2).</summary>
public readonly ref struct EdnsView
{
    /// <summary>More options than any honest message has: the number at which Unbound stops since CVE-2026-41292.</summary>
    public const int MaxOptions = 100;

    /// <summary>RFC 6891 section 6.2.3: smaller sizes count as 512.</summary>
    public const int MinPayloadSize = 512;

    private readonly uint _ttl;
    private readonly ushort _class;

    internal EdnsView(RecordView record)
    {
        _ttl = record.TtlBits;
        _class = record.Class.Value;
        Options = record.RawData;
    }

    /// <summary>The longest UDP message that the sender takes, at least 512.</summary>
    public int PayloadSize => Math.Max((int)_class, MinPayloadSize);

    /// <summary>The size as it stands there.</summary>
    internal ushort StatedPayloadSize => _class;

    /// <summary>The flag bits that mean nothing yet and must be zero (RFC 6891 section 6.1.4).</summary>
    internal ushort ReservedFlags => (ushort)(_ttl & 0x7FFF);

    /// <summary>The upper 8 bits of the response code.</summary>
    public byte ExtendedResponseCode => (byte)(_ttl >> 24);

    /// <summary>The version; only 0 exists.</summary>
    public byte Version => (byte)(_ttl >> 16);

    /// <summary>DO: the sender wants DNSSEC's records (RFC 3225).</summary>
    public bool DnssecOk => (_ttl & 0x8000) != 0;

    /// <summary>The options' bytes.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>True when the options end where the record ends and are not more than <see cref="MaxOptions"/>.</summary>
    public bool IsWellFormed => AreWellFormed(Options);

    /// <summary>True when options end where their bytes end and are not more than <see cref="MaxOptions"/>.</summary>
    internal static bool AreWellFormed(ReadOnlySpan<byte> options)
    {
        for (var count = 0; options.Length > 0; count++)
        {
            if (count == MaxOptions || options.Length < 4) { return false; }
            var length = 4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (options.Length < length) { return false; }
            options = options[length..];
        }
        return true;
    }

    /// <summary>Finds the first option with a code.</summary>
    public bool TryGetOption(EdnsOptionCode code, out ReadOnlySpan<byte> data) => TryFindOption(Options, code, out data);

    /// <summary>Finds the first of well-formed options with a code.</summary>
    internal static bool TryFindOption(ReadOnlySpan<byte> options, EdnsOptionCode code, out ReadOnlySpan<byte> data)
    {
        while (options.Length > 0)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            data = options.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(options) == code.Value) { return true; }
            options = options[(4 + length)..];
        }
        data = default;
        return false;
    }

    /// <summary>The same as a value of its own.</summary>
    public Edns ToEdns()
    {
        var options = new List<EdnsOption>();
        for (var rest = Options; rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            options.Add(new EdnsOption(new EdnsOptionCode(BinaryPrimitives.ReadUInt16BigEndian(rest)), rest.Slice(4, length).ToArray()));
            rest = rest[(4 + length)..];
        }
        return new Edns((ushort)PayloadSize, Version, DnssecOk, options);
    }
}

/// <summary>One EDNS option.</summary>
public sealed record EdnsOption(EdnsOptionCode Code, byte[] Data);

/// <summary>What an OPT record says beside the response code (RFC 6891).</summary>
public sealed record Edns(ushort PayloadSize, byte Version, bool DnssecOk, IReadOnlyList<EdnsOption> Options)
{
    /// <summary>The payload size that passes nearly everywhere without fragments (DNS flag day 2020; the default of Unbound and BIND).</summary>
    public const ushort DefaultPayloadSize = 1232;

    /// <summary>Version 0, 1,232 bytes, no DNSSEC, no options.</summary>
    public static Edns Default { get; } = new(DefaultPayloadSize, 0, false, []);

    /// <summary>The options as bytes.</summary>
    public byte[] OptionBytes()
    {
        var bytes = new byte[Options.Sum(option => 4 + option.Data.Length)];
        var at = 0;
        foreach (var option in Options)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), option.Code.Value);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), (ushort)option.Data.Length);
            option.Data.CopyTo(bytes, at + 4);
            at += 4 + option.Data.Length;
        }
        return bytes;
    }
}
