namespace Firstbyte.Dns.Records;

/// <summary>Where the names lie in a type's RDATA: fixed bytes, character-strings, names, and what follows. Made from the type's row.</summary>
/// <remarks>
/// Theory of operation. Whatever must look into RDATA on the way of every message without understanding it needs only these few numbers: taking
/// compressed names apart (RFC 1035 section 4.1.4, RFC 3597 section 4), compressing them again, checking lengths, and the canonical form
/// (RFC 4034 section 6.2). A type without a row is opaque bytes and always survives a round trip (RFC 3597 section 3).
/// </remarks>
/// <param name="Prefix">Bytes in front.</param>
/// <param name="Strings">Character-strings behind them.</param>
/// <param name="Names">Names behind those that may come compressed.</param>
/// <param name="Suffix">Bytes behind the names, or <see cref="Rest"/>.</param>
/// <param name="IsCompressible">The names are compressed when they are written.</param>
/// <param name="IsFolded">The names are in lower case in the canonical form.</param>
/// <param name="IsExact">Whatever fits is valid: no field has rules of its own.</param>
internal readonly record struct RdataLayout(int Prefix, int Strings, int Names, int Suffix, bool IsCompressible, bool IsFolded, bool IsExact)
{
    /// <summary>As a suffix: any number of bytes follows.</summary>
    private const int Rest = -1;

    /// <summary>A type without a row: any bytes.</summary>
    public static readonly RdataLayout Opaque = new(0, 0, 0, Rest, IsCompressible: false, IsFolded: false, IsExact: true);

    /// <summary>True when no name comes compressed: the bytes are the same everywhere.</summary>
    public bool IsFlat => Names == 0;

    /// <summary>True when any number of bytes may end the RDATA.</summary>
    public bool HasRest => Suffix == Rest;

    /// <summary>The layout of fields.</summary>
    public static RdataLayout From(ReadOnlySpan<RecordField> fields)
    {
        var (prefix, strings, names, suffix, at) = (0, 0, 0, 0, 0);
        var (isCompressible, isFolded, isExact) = (false, false, true);
        for (; at < fields.Length && fields[at].Kind.Size is { } size; at++) { prefix += size; isExact &= fields[at].Kind is IPlainField; }
        for (; at < fields.Length && fields[at].Kind is CharacterStringField; at++) { strings++; }
        for (; at < fields.Length && fields[at].Kind is NameField { MayBeCompressed: true } name; at++)
        {
            names++;
            isCompressible = name.Use == NameUse.Compressed;
            isFolded = name.IsFolded;
        }
        for (; at < fields.Length && fields[at].Kind.Size is { } size; at++) { suffix += size; isExact &= fields[at].Kind is IPlainField; }
        return at == fields.Length
            ? new(prefix, strings, names, suffix, isCompressible, isFolded, isExact)
            : new(prefix, strings, names, Rest, isCompressible, isFolded, IsExact: false);
    }

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
