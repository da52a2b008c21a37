using System.Globalization;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>An IPv4 or IPv6 address.</summary>
internal sealed class AddressField(IpVersion version) : FieldKind, IPlainField
{
    private readonly int _size = version == IpVersion.V4 ? 4 : 16;

    public override int? Size => _size;

    public override ZoneTerm Term => version == IpVersion.V4 ? ZoneTerm.IPv4Address : ZoneTerm.IPv6Address;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Fixed(rdata, at, _size);

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(Format(rdata.Slice(at, length)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field) => reader.TryTakeAddress(field, version);

    /// <summary>The text of 4 or 16 bytes.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => IpAddress.TryFromBytes(bytes, out var address) ? address.ToString() : "";
}

/// <summary>Pairs of hexadecimal digits with "-" between: EUI-48 and EUI-64 (RFC 7043).</summary>
internal sealed class EuiField(int size) : FieldKind, IPlainField
{
    public override int? Size => size;

    public override ZoneTerm Term => size == 6 ? ZoneTerm.Eui48 : ZoneTerm.Eui64;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Fixed(rdata, at, size);

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(string.Join('-', rdata.Slice(at, length).ToArray().Select(value => value.ToString("x2", CultureInfo.InvariantCulture))));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        var pairs = word.Split('-');
        if (pairs.Length != size || !Array.TrueForAll(pairs, pair => pair.Length == 2 && pair.All(char.IsAsciiHexDigit))) { return reader.Refuse(field); }
        reader.Put(Convert.FromHexString(string.Concat(pairs)));
        return true;
    }
}

/// <summary>64 bits as four groups of hexadecimal digits: the node identifiers and locators of ILNP (RFC 6742 section 2).</summary>
internal sealed class LocatorField : FieldKind, IPlainField
{
    private const int Groups = 4;

    public override int? Size => 8;

    public override ZoneTerm Term => ZoneTerm.Locator;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Fixed(rdata, at, 8);

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        var hex = Convert.ToHexStringLower(rdata.Slice(at, length));
        text.Word(string.Join(':', hex.Chunk(4).Select(static group => new string(group))));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        var groups = word.Split(':');
        if (groups.Length != Groups || !Array.TrueForAll(groups, group => group.Length is > 0 and <= 4 && group.All(char.IsAsciiHexDigit)))
        {
            return reader.Refuse(field);
        }
        foreach (var group in groups) { reader.Put(ulong.Parse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 2); }
        return true;
    }
}

/// <summary>"0x" and hexadecimal digits, with dots where one likes: an address of OSI (RFC 1706).</summary>
internal sealed class NsapField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.Nsap;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => rdata.Length > at ? rdata.Length - at : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word($"0x{Convert.ToHexStringLower(rdata.Slice(at, length))}");
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        if (!word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) { return reader.Refuse(field); }
        var digits = word[2..].Replace(".", "", StringComparison.Ordinal);
        if (digits.Length == 0 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit)) { return reader.Refuse(field); }
        reader.Put(Convert.FromHexString(digits));
        return true;
    }
}
