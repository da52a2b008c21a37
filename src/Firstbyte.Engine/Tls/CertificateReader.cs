using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>Reads what a certificate says of itself (RFC 5280 section 4.1) from its DER; it judges nothing and trusts nothing.</summary>
public static class CertificateReader
{
    private const string SubjectAlternativeName = "2.5.29.17"; // RFC 5280 section 4.2.1.6

    // The most names of one certificate that are kept for show: the largest that public authorities issue hold 100 (Let's Encrypt, "Rate Limits") to 250.
    private const int MaxNames = 1000;

    /// <summary>Reads a certificate; false when the bytes are not one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> der, out CertificateSummary? certificate)
    {
        try
        {
            certificate = Read(der);
            return true;
        }
        catch (Exception malformed) when (malformed is AsnContentException or ArgumentException or OverflowException)
        {
            certificate = null;
            return false;
        }
    }

    /// <summary>Whether signatures made this way can be forged today (RFC 9155 for SHA-1, RFC 6151 for MD5).</summary>
    public static bool IsWeak(string signature) =>
        signature is "md5WithRSAEncryption" or "sha1WithRSAEncryption" or "ecdsa-with-SHA1" or "dsa-with-sha1";

    /// <summary>Reads the SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1.2.7), with its tag and length.</summary>
    public static bool TryReadKey(ReadOnlyMemory<byte> der, out ReadOnlyMemory<byte> key)
    {
        try
        {
            var body = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            if (body.PeekTag().HasSameClassAndValue(Context(0))) { body.ReadEncodedValue(); } // version
            // Serial number, signature, issuer, validity, subject.
            for (var field = 0; field < 5; field++) { body.ReadEncodedValue(); }
            key = body.ReadEncodedValue();
            return true;
        }
        catch (AsnContentException)
        {
            key = default;
            return false;
        }
    }

    private static CertificateSummary Read(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var body = outer.ReadSequence().ReadSequence();
        outer.ThrowIfNotEmpty();
        if (body.PeekTag().HasSameClassAndValue(Context(0))) { body.ReadEncodedValue(); } // version
        var serialNumber = Convert.ToHexString(body.ReadIntegerBytes().Span);
        var signature = NameOfSignature(body.ReadSequence().ReadObjectIdentifier());
        var issuer = DistinguishedName.Read(body.ReadSequence());
        var validity = body.ReadSequence();
        var (notBefore, notAfter) = (ReadTime(validity), ReadTime(validity));
        var subject = DistinguishedName.Read(body.ReadSequence());
        var key = ReadKey(body.ReadSequence());
        var names = new List<string>();
        while (body.HasData)
        {
            var tag = body.PeekTag();
            if (tag.HasSameClassAndValue(Context(3))) { ReadNames(body.ReadSequence(Context(3)).ReadSequence(), names); }
            else { body.ReadEncodedValue(); } // unique identifiers
        }
        return new CertificateSummary(
            subject, issuer, notBefore, notAfter, [.. names], key, signature, serialNumber, Convert.ToHexString(SHA256.HashData(der.Span)));
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);

    /// <summary>Dates up to 2049 are UTCTime, later ones GeneralizedTime (RFC 5280 section 4.1.2.5).</summary>
    internal static Instant ReadTime(AsnReader reader) => Instant.FromDateTimeOffset(
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(twoDigitYearMax: 2049) : Clamp(reader.ReadGeneralizedTime()));

    /// <summary>Without an end is written as the year 9999 (RFC 5280 section 4.1.2.5), which an <see cref="Instant"/> cannot hold: it ends in 2262.</summary>
    private static DateTimeOffset Clamp(DateTimeOffset time) => time.Year > 2261 ? new DateTimeOffset(2262, 1, 1, 0, 0, 0, TimeSpan.Zero) : time;

    /// <summary>The names of RFC 3279, RFC 5758, RFC 8017 and RFC 8410; others stay numbers.</summary>
    private static string NameOfSignature(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "id-RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.10040.4.3" => "dsa-with-sha1",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        _ => algorithm,
    };

    private static string ReadKey(AsnReader key)
    {
        var algorithm = key.ReadSequence();
        switch (algorithm.ReadObjectIdentifier())
        {
            case "1.2.840.10045.2.1": // id-ecPublicKey, RFC 5480
                return algorithm.ReadObjectIdentifier() switch
                {
                    "1.2.840.10045.3.1.7" => "EC P-256",
                    "1.3.132.0.34" => "EC P-384",
                    "1.3.132.0.35" => "EC P-521",
                    var curve => $"EC {curve}",
                };
            case "1.2.840.113549.1.1.1": // rsaEncryption, RFC 8017
                var modulus = new AsnReader(key.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence().ReadInteger();
                return $"RSA {modulus.GetBitLength()}";
            case "1.3.101.112": return "Ed25519"; // RFC 8410
            case "1.3.101.113": return "Ed448";
            case var other: return other;
        }
    }

    private static void ReadNames(AsnReader extensions, List<string> names)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != SubjectAlternativeName) { continue; }
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) { extension.ReadBoolean(); }
            var list = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
            while (list.HasData && names.Count < MaxNames)
            {
                var tag = list.PeekTag();
                if (tag.HasSameClassAndValue(Context(2))) { names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, Context(2))); }
                else if (tag.HasSameClassAndValue(Context(7)) && IpAddress.TryFromBytes(list.ReadOctetString(Context(7)), out var address))
                {
                    names.Add(address.ToString());
                }
                else if (!tag.HasSameClassAndValue(Context(7))) { list.ReadEncodedValue(); }
            }
        }
    }
}

/// <summary>A distinguished name as text (RFC 4514): the most special part first, "CN=www.example.test,O=Example".</summary>
internal static class DistinguishedName
{
    public static string Read(AsnReader sequence)
    {
        var parts = new List<string>();
        while (sequence.HasData)
        {
            var set = sequence.ReadSetOf();
            var together = new List<string>();
            while (set.HasData)
            {
                var pair = set.ReadSequence();
                together.Add($"{NameOf(pair.ReadObjectIdentifier())}={Escape(ReadValue(pair))}");
            }
            parts.Add(string.Join('+', together));
        }
        parts.Reverse();
        return string.Join(',', parts);
    }

    private static string NameOf(string type) => type switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        _ => type,
    };

    private static string ReadValue(AsnReader pair)
    {
        var tag = pair.PeekTag();
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is var kind
            && kind is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.BMPString or UniversalTagNumber.T61String
            ? pair.ReadCharacterString(kind)
            : $"#{Convert.ToHexString(pair.ReadEncodedValue().Span)}";
    }

    /// <summary>RFC 4514 section 2.4; control characters too are written in hexadecimal, so that a name is safe to show.</summary>
    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            var character = value[at];
            if (char.IsControl(character))
            {
                foreach (var unit in Encoding.UTF8.GetBytes([character])) { text.Append('\\').Append(unit.ToString("X2")); }
                continue;
            }
            var isFirst = at == 0;
            var isLast = at == value.Length - 1;
            var isSpecial = character is '"' or '+' or ',' or ';' or '<' or '>' or '\\'
                || (character == '#' && isFirst)
                || (character == ' ' && (isFirst || isLast));
            if (isSpecial) { text.Append('\\'); }
            text.Append(character);
        }
        return text.ToString();
    }
}
