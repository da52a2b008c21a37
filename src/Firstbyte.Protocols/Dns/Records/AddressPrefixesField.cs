using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>
/// APL's list of address prefixes to the end of the data (RFC 3123 section 4): family, prefix length, "not", and the address without zeros
/// at its end.
/// </summary>
internal sealed class AddressPrefixesField : FieldKind
{
    private const int HeadLength = 4;

    public override ZoneTerm Term => ZoneTerm.AddressPrefix;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        for (var end = at; end < rdata.Length;)
        {
            if (rdata.Length - end < HeadLength) { return Malformed; }
            var length = rdata[end + 3] & 0x7F;
            if (rdata.Length - end < HeadLength + length) { return Malformed; }
            var (maxPrefix, maxLength) = Limits(Family(rdata, end));
            if (rdata[end + 2] > maxPrefix || length > maxLength || length > 0 && rdata[end + HeadLength + length - 1] == 0) { return Malformed; }
            end += HeadLength + length;
        }
        return rdata.Length - at;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        Span<byte> address = stackalloc byte[16];
        while (at < rdata.Length)
        {
            var family = Family(rdata, at);
            if (family is not (1 or 2)) { return false; }
            var part = rdata.Slice(at + HeadLength, rdata[at + 3] & 0x7F);
            address.Clear();
            part.CopyTo(address);
            text.Word($"{(rdata[at + 3] >= 0x80 ? "!" : "")}{family}:{AddressField.Format(address[..(family == 1 ? 4 : 16)])}/{rdata[at + 2]}");
            at += HeadLength + part.Length;
        }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        Span<byte> bytes = stackalloc byte[16];
        while (!reader.IsAtEnd)
        {
            reader.TryTake(field, out var word);
            var isNegated = word.StartsWith('!');
            var item = isNegated ? word[1..] : word;
            var (colon, slash) = (item.IndexOf(':', StringComparison.Ordinal), item.LastIndexOf('/'));
            if (colon < 0 || slash < colon || !ushort.TryParse(item.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var family)
                || !IpAddress.TryParse(item.AsSpan(colon + 1, slash - colon - 1), out var address) || address.Zone is not null
                || family != (address.IsV4 ? 1 : 2) || !byte.TryParse(item.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
                || prefix > address.BitLength) { return reader.Refuse(field); }
            var length = bytes[..address.WriteBytes(bytes)].LastIndexOfAnyExcept((byte)0) + 1;
            reader.Put(family, 2);
            reader.Put([prefix, (byte)(length | (isNegated ? 0x80 : 0))]);
            reader.Put(bytes[..length]);
        }
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        var text = new RecordTextWriter();
        if (!TryPrint(rdata, at, length, text)) { base.WriteJson(json, rdata, at, length); return; }
        json.WriteStartArray();
        foreach (var item in text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)) { json.WriteStringValue(item); }
        json.WriteEndArray();
    }

    /// <summary>A family unknown here has the limits of its fields.</summary>
    private static (int Prefix, int Length) Limits(int family) => family switch { 1 => (32, 4), 2 => (128, 16), _ => (255, 127) };

    private static int Family(ReadOnlySpan<byte> rdata, int at) => BinaryPrimitives.ReadUInt16BigEndian(rdata[at..]);
}
