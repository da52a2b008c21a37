using System.Buffers.Binary;
using System.Text;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;

namespace Firstbyte.Doctor;

/// <summary>The protocols that HTTPS records offer (RFC 9460 7.1), from data whose shape the wire's reader has checked.</summary>
internal static class ServiceOffers
{
    private const ushort Alpn = 1, NoDefaultAlpn = 2;
    private const string DefaultAlpn = "http/1.1"; // RFC 9460 9.5: of the HTTPS type

    /// <summary>The ALPN identifiers of all records in their order, each once; null where there is no record that offers something.</summary>
    public static string[]? Of(ResolutionOutcome outcome)
    {
        if (outcome is not ResolvedAnswer { IsDenial: false } answer) { return null; }
        var offers = new List<string>();
        var isOffering = false;
        foreach (var record in answer.Records)
        {
            if (record.Type != RecordType.HTTPS) { continue; }
            // Priority 0 is an alias: it offers nothing itself (RFC 9460 2.4.2).
            if (BinaryPrimitives.ReadUInt16BigEndian(record.RawData) == 0) { continue; }
            isOffering = true;
            Read(record.RawData[(2 + NameLength(record.RawData[2..]))..], offers);
        }
        return isOffering ? [.. offers.Distinct()] : null;
    }

    private static int NameLength(ReadOnlySpan<byte> name)
    {
        var at = 0;
        while (name[at] != 0) { at += name[at] + 1; }
        return at + 1;
    }

    private static void Read(ReadOnlySpan<byte> parameters, List<string> offers)
    {
        var hasDefault = true;
        for (; parameters.Length >= 4 && offers.Count < DoctorLimits.Offers;)
        {
            var (key, length) = (BinaryPrimitives.ReadUInt16BigEndian(parameters), BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]));
            var value = parameters.Slice(4, length);
            parameters = parameters[(4 + length)..];
            if (key == NoDefaultAlpn) { hasDefault = false; }
            if (key != Alpn) { continue; }
            for (; value.Length > 0; value = value[(1 + value[0])..]) { offers.Add(Encoding.Latin1.GetString(value.Slice(1, value[0]))); }
        }
        if (hasDefault) { offers.Add(DefaultAlpn); }
    }
}
