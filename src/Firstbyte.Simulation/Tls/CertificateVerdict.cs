using Firstbyte.Tls;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.X509;

namespace Firstbyte.Simulation.Tls;

/// <summary>
/// Judges a peer's chain, a server's or a client's, without the platform's library: signatures, authority, usage and trust (RFC 5280
/// section 6.1, without policies and name constraints).
/// </summary>
/// <remarks>
/// The chain is walked from the peer's own certificate upward: each issuer is sought among the certificates shown and the anchors, by name
/// and by signature; the walk ends well at an anchor. Critical extensions beyond the three that are understood here make a certificate malformed.
/// </remarks>
internal sealed class CertificateVerdict(CertificateJudgement judgement, IReadOnlyList<byte[]> anchors, bool allowFaults,
    IReadOnlyList<RevocationList>? revoked = null, bool isOfClient = false)
{
    // As many certificates as GnuTLS follows by default (DEFAULT_MAX_VERIFY_DEPTH); public chains have 2 to 4.
    private const int MaxDepth = 16;

    private static readonly HashSet<DerObjectIdentifier> Understood =
        [X509Extensions.BasicConstraints, X509Extensions.KeyUsage, X509Extensions.ExtendedKeyUsage, X509Extensions.SubjectAlternativeName];

    /// <summary>Judges the chain as shown; returns the alert with which to refuse it, or null.</summary>
    public short? Judge(IReadOnlyList<byte[]> shown)
    {
        Walk(shown);
        judgement.CheckRevocation(revoked);
        return judgement.Faults.Count == 0 || allowFaults ? null : AlertFor(judgement.Faults[0].Kind);
    }

    private void Walk(IReadOnlyList<byte[]> shown)
    {
        if (shown.Count == 0)
        {
            judgement.AddMissing();
            return;
        }
        var candidates = shown.Skip(1).Take(MaxDepth).Concat(anchors).Select(Read).OfType<X509Certificate>().ToArray();
        var own = Read(shown[0]);
        judgement.Examine(shown[0]);
        if (own is null)
        {
            judgement.Add(CertificateFaultKind.Malformed, 0);
            return;
        }
        Reading(0, () => JudgePeer(own));
        for (var (current, depth) = (own, 0); ; depth++)
        {
            var (certificate, place) = (current, depth);
            Reading(place, () => JudgeExtensions(certificate, place));
            if (IsAnchor(current)) { return; }
            var issuer = depth + 1 < MaxDepth ? IssuerOf(current, candidates, depth) : null;
            if (issuer is null) { return; }
            judgement.Examine(issuer.GetEncoded());
            Reading(place + 1, () => JudgeAuthority(issuer, place + 1));
            current = issuer;
        }
    }

    /// <summary>The library reads an extension when it is asked for, and throws when its bytes make no sense: the certificate is malformed then.</summary>
    private void Reading(int depth, Action judge)
    {
        try { judge(); }
        catch (Exception malformed) when (IsMalformed(malformed)) { judgement.Add(CertificateFaultKind.Malformed, depth); }
    }

    private static bool IsMalformed(Exception thrown) =>
        thrown is GeneralSecurityException or ArgumentException or IOException or InvalidCastException or InvalidOperationException
            or FormatException or IndexOutOfRangeException or NullReferenceException;

    private static X509Certificate? Read(byte[] der)
    {
        try
        {
            var certificate = new X509Certificate(der);
            // DER has one encoding of a value (X.690 section 10): bytes that the library reads but would write otherwise are no certificate.
            return certificate.GetEncoded().AsSpan().SequenceEqual(der) ? certificate : null;
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            return null; // told as Malformed by the judgement, which cannot read it either
        }
    }

    private bool IsAnchor(X509Certificate certificate) => anchors.Any(anchor => anchor.AsSpan().SequenceEqual(certificate.GetEncoded()));

    /// <summary>The certificate that signed this one; where there is none, the reason is told.</summary>
    private X509Certificate? IssuerOf(X509Certificate certificate, X509Certificate[] candidates, int depth)
    {
        if (certificate.IssuerDN.Equivalent(certificate.SubjectDN))
        {
            judgement.Add(depth == 0 ? CertificateFaultKind.SelfSigned : CertificateFaultKind.UnknownIssuer, depth);
            return null;
        }
        var named = false;
        foreach (var candidate in candidates)
        {
            if (!candidate.SubjectDN.Equivalent(certificate.IssuerDN)) { continue; }
            named = true;
            if (IsSignedBy(certificate, candidate)) { return candidate; }
        }
        judgement.Add(named ? CertificateFaultKind.BadSignature : CertificateFaultKind.UnknownIssuer, depth);
        return null;
    }

    private static bool IsSignedBy(X509Certificate certificate, X509Certificate issuer)
    {
        try
        {
            certificate.Verify(issuer.GetPublicKey());
            return true;
        }
        catch (Exception refused) when (IsMalformed(refused))
        {
            return false; // told as BadSignature by the caller
        }
    }

    private void JudgePeer(X509Certificate own)
    {
        var purposes = own.GetExtendedKeyUsage();
        var purpose = isOfClient ? KeyPurposeID.id_kp_clientAuth : KeyPurposeID.id_kp_serverAuth;
        if (purposes is not null && !purposes.Contains(purpose) && !purposes.Contains(KeyPurposeID.AnyExtendedKeyUsage))
        {
            judgement.Add(CertificateFaultKind.BadUsage, 0);
        }
        if (own.GetKeyUsage() is { } usage && !usage[0]) { judgement.Add(CertificateFaultKind.BadUsage, 0); } // bit 0: digitalSignature
    }

    private void JudgeAuthority(X509Certificate issuer, int depth)
    {
        // -1: no authority; otherwise the number of authorities that may follow below it.
        var mayFollow = issuer.GetBasicConstraints();
        var follow = depth - 1;
        if (mayFollow < 0 || follow > mayFollow) { judgement.Add(CertificateFaultKind.NotAnAuthority, depth); }
        if (issuer.GetKeyUsage() is { } usage && !usage[5]) { judgement.Add(CertificateFaultKind.BadUsage, depth); } // bit 5: keyCertSign
    }

    private void JudgeExtensions(X509Certificate certificate, int depth)
    {
        foreach (var oid in certificate.GetCriticalExtensionOids() ?? new HashSet<string>())
        {
            if (!Understood.Any(known => known.Id == oid)) { judgement.Add(CertificateFaultKind.Malformed, depth); }
        }
    }

    /// <summary>The alert that names the fault to the server (RFC 8446 section 6.2).</summary>
    private static short AlertFor(CertificateFaultKind kind) => kind switch
    {
        CertificateFaultKind.Expired or CertificateFaultKind.NotYetValid => AlertDescription.certificate_expired,
        CertificateFaultKind.UnknownIssuer or CertificateFaultKind.SelfSigned => AlertDescription.unknown_ca,
        CertificateFaultKind.Revoked => AlertDescription.certificate_revoked,
        CertificateFaultKind.BadUsage => AlertDescription.unsupported_certificate,
        CertificateFaultKind.WrongName => AlertDescription.certificate_unknown,
        _ => AlertDescription.bad_certificate,
    };
}
