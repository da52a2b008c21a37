using System.Formats.Asn1;
using System.Security.Cryptography;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>
/// What an issuer has taken back, signed by it (RFC 5280 section 5). Nothing is downloaded: whoever wants certificates to be looked for in such
/// lists has them.
/// </summary>
/// <remarks>
/// A list with an extension that is critical is of no use here: it may be one of some certificates alone (section 5.2.5), of changes alone (5.2.4), or of
/// another issuer's (5.3.3), and to take it for the whole would be worse than to have none.
/// </remarks>
public sealed class RevocationList
{
    private const string KeyUsage = "2.5.29.15"; // RFC 5280 section 4.2.1.3

    // keyUsage's cRLSign, "(6)", as the named bits of BIT STRING are numbered: from the first octet's highest.
    private const byte ListSigning = 0b0000_0010;

    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly ReadOnlyMemory<byte> _body, _issuer, _signature;
    private readonly string _algorithm;
    private readonly bool _isPartial;

    private RevocationList(ReadOnlyMemory<byte> der)
    {
        // CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue BIT STRING }
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        _body = list.PeekEncodedValue();
        var body = list.ReadSequence();
        _algorithm = list.ReadSequence().ReadObjectIdentifier();
        _signature = list.ReadBitString(out var unused);
        list.ThrowIfNotEmpty();
        if (unused != 0) { throw new AsnContentException(); }
        // TBSCertList ::= SEQUENCE {
        //   version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL, revokedCertificates OPTIONAL, [0] crlExtensions OPTIONAL }
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) { body.ReadInteger(); }
        // "This field MUST contain the same algorithm identifier as the signatureAlgorithm field" (5.1.2.2): what is signed says by what.
        if (body.ReadSequence().ReadObjectIdentifier() != _algorithm) { throw new AsnContentException(); }
        _issuer = body.ReadEncodedValue();
        ThisUpdate = CertificateReader.ReadTime(body);
        if (body.HasData && IsTime(body.PeekTag())) { NextUpdate = CertificateReader.ReadTime(body); }
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData;)
            {
                var entry = entries.ReadSequence();
                _revoked.Add(Convert.ToHexString(entry.ReadIntegerBytes().Span));
                CertificateReader.ReadTime(entry);
                if (entry.HasData) { _isPartial |= HasCritical(entry.ReadSequence()); }
            }
        }
        if (body.HasData) { _isPartial |= HasCritical(body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence()); }
        body.ThrowIfNotEmpty();
    }

    /// <summary>When it was made.</summary>
    public Instant ThisUpdate { get; }

    /// <summary>By when there is a newer one; null where it does not say.</summary>
    public Instant? NextUpdate { get; }

    /// <summary>How many certificates it names.</summary>
    public int Count => _revoked.Count;

    /// <summary>Reads a list in DER; false when the bytes are none.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> der, out RevocationList? list)
    {
        try
        {
            list = new RevocationList(der);
            return true;
        }
        catch (Exception malformed) when (malformed is AsnContentException or ArgumentException)
        {
            list = null;
            return false;
        }
    }

    /// <summary>Whether it can be asked about the certificates of an issuer now: it is the issuer's, whole, signed with its key, and of this time.</summary>
    /// <param name="issuer">The issuer's certificate, in DER.</param>
    /// <param name="now">The time.</param>
    public bool Covers(ReadOnlyMemory<byte> issuer, Instant now) =>
        !_isPartial && ThisUpdate <= now && (NextUpdate is not { } next || now <= next) && IsOf(issuer) && IsSignedBy(issuer);

    /// <summary>Whether it names a certificate of its issuer.</summary>
    /// <param name="serialNumber">The certificate's number, as <see cref="CertificateSummary.SerialNumber"/> has it.</param>
    public bool Names(string serialNumber) => _revoked.Contains(serialNumber);

    private bool IsOf(ReadOnlyMemory<byte> issuer)
    {
        try
        {
            var body = new AsnReader(issuer, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            if (body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0))) { body.ReadEncodedValue(); } // version
            // Serial number, signature, issuer, validity.
            for (var field = 0; field < 4; field++) { body.ReadEncodedValue(); }
            if (!body.ReadEncodedValue().Span.SequenceEqual(_issuer.Span)) { return false; }
            body.ReadEncodedValue(); // the key
            while (body.HasData)
            {
                if (!body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 3))) { body.ReadEncodedValue(); }
                else { return MaySign(body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3)).ReadSequence()); }
            }
            return true;
        }
        catch (AsnContentException) { return false; }
    }

    // Who says what its key is for has to name this too (RFC 5280 section 6.3.3 (f)).
    private static bool MaySign(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != KeyUsage) { continue; }
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) { extension.ReadBoolean(); }
            var bits = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadBitString(out _);
            return bits.Length > 0 && (bits[0] & ListSigning) != 0;
        }
        return true;
    }

    // As of certificates: what can be forged today (RFC 9155) proves nothing.
    private bool IsSignedBy(ReadOnlyMemory<byte> issuer)
    {
        (HashAlgorithmName Hash, bool IsRsa)? means = _algorithm switch
        {
            "1.2.840.113549.1.1.11" => (HashAlgorithmName.SHA256, true),
            "1.2.840.113549.1.1.12" => (HashAlgorithmName.SHA384, true),
            "1.2.840.113549.1.1.13" => (HashAlgorithmName.SHA512, true),
            "1.2.840.10045.4.3.2" => (HashAlgorithmName.SHA256, false),
            "1.2.840.10045.4.3.3" => (HashAlgorithmName.SHA384, false),
            "1.2.840.10045.4.3.4" => (HashAlgorithmName.SHA512, false),
            _ => null,
        };
        if (means is not { } how || !CertificateReader.TryReadKey(issuer, out var key)) { return false; }
        try
        {
            if (how.IsRsa)
            {
                using var rsa = RSA.Create();
                rsa.ImportSubjectPublicKeyInfo(key.Span, out _);
                return rsa.VerifyData(_body.Span, _signature.Span, how.Hash, RSASignaturePadding.Pkcs1);
            }
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(key.Span, out _);
            return curve.VerifyData(_body.Span, _signature.Span, how.Hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        // A key of another kind than the signature says.
        catch (CryptographicException) { return false; }
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static bool HasCritical(AsnReader extensions)
    {
        var has = false;
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            extension.ReadObjectIdentifier();
            has |= extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
        }
        return has;
    }
}
