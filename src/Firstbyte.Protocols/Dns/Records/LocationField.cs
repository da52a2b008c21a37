using System.Buffers.Binary;
using System.Globalization;

namespace Firstbyte.Dns.Records;

/// <summary>A place on Earth (RFC 1876): latitude, longitude, altitude, and how large and how exact it is.</summary>
/// <remarks>
/// <code>
///   d1 [m1 [s1]] {"N"|"S"} d2 [m2 [s2]] {"E"|"W"} alt["m"] [siz["m"] [hp["m"] [vp["m"]]]]
///   version 0 | size | horizontal | vertical | latitude | longitude | altitude     1 1 1 1 4 4 4 bytes
/// </code>
/// Angles are thousandths of a second of arc around 2^31; altitude is centimetres above 100,000 m below the geoid; the sizes are a digit
/// and a power of ten of centimetres.
/// </remarks>
internal sealed class LocationField : FieldKind
{
    private const int Length = 16;
    private const uint Equator = 1u << 31;
    private const int SecondsInDegree = 3600;
    private const int AltitudeBase = 10_000_000;

    public override int? Size => Length;

    public override ZoneTerm Term => ZoneTerm.Location;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        if (rdata.Length - at < Length) { return Malformed; }
        var place = rdata.Slice(at, Length);
        // RFC 1876 section 2 knows version 0 only: what another one says cannot be judged.
        if (place[0] != 0) { return Length; }
        foreach (var size in place[1..4])
        {
            if (size >> 4 > 9 || (size & 15) > 9) { return Malformed; }
        }
        return IsAngle(place[4..], 90) && IsAngle(place[8..], 180) ? Length : Malformed;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        var place = rdata.Slice(at, Length);
        // Nothing to the power of something is read back as nothing to the power of nothing.
        if (place[0] != 0 || IsUnread(place[1]) || IsUnread(place[2]) || IsUnread(place[3])) { return false; }
        PrintAngle(place[4..], 'N', 'S', text);
        PrintAngle(place[8..], 'E', 'W', text);
        text.Word(string.Create(CultureInfo.InvariantCulture, $"{(BinaryPrimitives.ReadUInt32BigEndian(place[12..]) - (decimal)AltitudeBase) / 100:0.00}m"));
        foreach (var size in place[1..4]) { text.Word(FormatSize(size)); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!TryParseAngle(reader, ZoneTerm.Latitude, 90, 'N', 'S', out var latitude)
            || !TryParseAngle(reader, ZoneTerm.Longitude, 180, 'E', 'W', out var longitude)) { return false; }
        if (reader.IsAtEnd || ParseMetres(reader.Word.Text) is not { } altitude || altitude + AltitudeBase is < 0 or > uint.MaxValue)
        {
            return reader.Fail(ZoneTerm.Altitude);
        }
        reader.TryTake(field, out _);
        // RFC 1876 section 3: 1 m, 10,000 m and 10 m where nothing is said.
        Span<byte> sizes = [0x12, 0x16, 0x13];
        for (var i = 0; i < sizes.Length && !reader.IsAtEnd; i++)
        {
            if (ParseMetres(reader.Word.Text) is not { } size || size < 0 || ToSize(size) is not { } coded) { return reader.Fail(ZoneTerm.LocationSize); }
            sizes[i] = coded;
            reader.TryTake(field, out _);
        }
        reader.Put([0]);
        reader.Put(sizes);
        reader.Put(latitude, 4);
        reader.Put(longitude, 4);
        reader.Put((ulong)(altitude + AltitudeBase), 4);
        return true;
    }

    private static bool IsUnread(byte size) => size is > 0 and < 16;

    private static bool IsAngle(ReadOnlySpan<byte> bytes, int maxDegrees) =>
        Math.Abs(BinaryPrimitives.ReadUInt32BigEndian(bytes) - (long)Equator) <= maxDegrees * SecondsInDegree * 1000L;

    private static void PrintAngle(ReadOnlySpan<byte> bytes, char positive, char negative, RecordTextWriter text)
    {
        var angle = BinaryPrimitives.ReadUInt32BigEndian(bytes) - (long)Equator;
        var size = Math.Abs(angle);
        text.Word((ulong)size / (SecondsInDegree * 1000));
        text.Word((ulong)size / 60_000 % 60);
        text.Word(string.Create(CultureInfo.InvariantCulture, $"{size % 60_000 / 1000}.{size % 1000:000}"));
        text.Word([angle < 0 ? negative : positive]);
    }

    private static bool TryParseAngle(RecordTextReader reader, ZoneTerm term, int maxDegrees, char positive, char negative, out ulong coded)
    {
        coded = 0;
        decimal total = 0;
        ReadOnlySpan<int> units = [SecondsInDegree, 60, 1];
        for (var i = 0; !reader.IsAtEnd; i++)
        {
            var word = reader.Word.Text;
            if (i > 0 && word.Length == 1 && char.ToUpperInvariant(word[0]) is var side && (side == positive || side == negative))
            {
                var thousandths = (long)(total * 1000);
                if (thousandths > maxDegrees * SecondsInDegree * 1000L) { return reader.Fail(term); }
                coded = (ulong)(Equator + (side == positive ? thousandths : -thousandths));
                return reader.TryTake(s_any, out _);
            }
            var style = i == 2 ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (i > 2 || !decimal.TryParse(word, style, CultureInfo.InvariantCulture, out var part) || part > (i == 0 ? maxDegrees : 59.999m)) { break; }
            total += part * units[i];
            reader.TryTake(s_any, out _);
        }
        return reader.Fail(term);
    }

    /// <summary>Metres with up to two decimals, in centimetres.</summary>
    private static long? ParseMetres(string word)
    {
        var number = word.EndsWith('m') ? word[..^1] : word;
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var metres)
            && Math.Abs(metres) <= 90_000_000m ? (long)(metres * 100) : null;
    }

    private static byte? ToSize(long centimetres)
    {
        var exponent = 0;
        for (; centimetres > 9; centimetres /= 10) { exponent++; }
        return exponent <= 9 ? (byte)(centimetres << 4 | (uint)exponent) : null;
    }

    private static string FormatSize(byte size)
    {
        var centimetres = (size >> 4) * (decimal)Math.Pow(10, size & 15);
        // Below a metre with both digits of the centimetres, as the others write it.
        return (centimetres / 100).ToString(centimetres < 100 ? "0.00" : "0.##", CultureInfo.InvariantCulture) + "m";
    }

    private static readonly RecordField s_any = new("", new OpaqueField());
}
