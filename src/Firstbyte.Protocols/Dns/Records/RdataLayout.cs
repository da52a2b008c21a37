namespace Firstbyte.Dns.Records;

/// <summary>Where the names lie in a type's RDATA: fixed bytes, character-strings, names, and what follows.</summary>
/// <remarks>
/// Theory of operation. Everything that must look into RDATA without understanding it needs only this one row per type: taking
/// compressed names apart (RFC 1035 section 4.1.4, RFC 3597 section 4), compressing them again, checking lengths, and the canonical form
/// (RFC 4034 section 6.2). A type without a row is opaque bytes and always survives a round trip (RFC 3597 section 3).
/// </remarks>
internal readonly record struct RdataLayout(int Prefix, int Strings, int Names, int Suffix, bool IsCompressible = false, bool IsFolded = true)
{
    /// <summary>As a suffix: any number of bytes follows.</summary>
    private const int Rest = -1;

    /// <summary>A type without a row: any bytes.</summary>
    public static readonly RdataLayout Opaque = new(0, 0, 0, Rest);

    /// <summary>True when the RDATA has no names: its bytes are the same everywhere.</summary>
    public bool IsFlat => Names == 0;

    /// <summary>True when any number of bytes may end the RDATA.</summary>
    public bool HasRest => Suffix == Rest;

    /// <summary>The row of a type.</summary>
    public static RdataLayout Of(RecordType type) => type.Value switch
    {
        1 => new(4, 0, 0, 0),                                   // A
        // RFC 1035's own types may be compressed (RFC 3597 section 4): NS MD MF CNAME MB MG MR PTR
        2 or 3 or 4 or 5 or 7 or 8 or 9 or 12 => new(0, 0, 1, 0, IsCompressible: true),
        6 => new(0, 0, 2, 20, IsCompressible: true),            // SOA
        13 => new(0, 2, 0, 0),                                  // HINFO
        14 => new(0, 0, 2, 0, IsCompressible: true),            // MINFO
        15 => new(2, 0, 1, 0, IsCompressible: true),            // MX
        17 => new(0, 0, 2, 0),                                  // RP
        18 or 21 or 36 => new(2, 0, 1, 0),                      // AFSDB RT KX
        26 => new(2, 0, 2, 0),                                  // PX
        28 => new(16, 0, 0, 0),                                 // AAAA
        33 => new(6, 0, 1, 0),                                  // SRV
        35 => new(4, 3, 1, 0),                                  // NAPTR
        39 => new(0, 0, 1, 0),                                  // DNAME
        24 or 46 => new(18, 0, 1, Rest),                        // SIG RRSIG
        30 => new(0, 0, 1, Rest),                               // NXT
        47 => new(0, 0, 1, Rest, IsFolded: false),              // NSEC: RFC 6840 section 5.1 takes it off the list of folded types
        _ => Opaque,
    };

    /// <summary>True when the uncompressed bytes have this shape exactly.</summary>
    public bool Fits(ReadOnlySpan<byte> rdata)
    {
        if (!TrySkipHead(rdata, out var at)) { return false; }
        for (var i = 0; i < Names; i++)
        {
            var length = NameLength(rdata[at..]);
            if (length == 0) { return false; }
            at += length;
        }
        return HasRest || rdata.Length - at == Suffix;
    }

    /// <summary>Finds where the fixed bytes and the character-strings end.</summary>
    public bool TrySkipHead(ReadOnlySpan<byte> rdata, out int end)
    {
        end = Prefix;
        if (rdata.Length < end) { return false; }
        for (var i = 0; i < Strings; i++)
        {
            if (end >= rdata.Length) { return false; }
            end += 1 + rdata[end];
            if (end > rdata.Length) { return false; }
        }
        return true;
    }

    /// <summary>The length of the uncompressed name at the start of the bytes; 0 when there is none.</summary>
    public static int NameLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && at < WireName.MaxLength)
        {
            int length = bytes[at];
            if (length == 0) { return at + 1; }
            if (length > WireName.MaxLabelLength) { return 0; }
            at += 1 + length;
        }
        return 0;
    }

    /// <summary>Folds the names inside uncompressed RDATA to lower case where the canonical form asks for it (RFC 4034 section 6.2).</summary>
    public void Canonicalize(Span<byte> rdata)
    {
        if (Names == 0 || !IsFolded || !TrySkipHead(rdata, out var at)) { return; }
        for (var i = 0; i < Names; i++)
        {
            var length = NameLength(rdata[at..]);
            foreach (ref var value in rdata.Slice(at, length)) { value = WireName.Fold(value); }
            at += length;
        }
    }
}
