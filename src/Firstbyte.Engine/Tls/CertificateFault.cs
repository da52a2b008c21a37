using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>What is wrong with a certificate: one vocabulary for every TLS provider.</summary>
public enum CertificateFaultKind
{
    /// <summary>Its time is over (RFC 5280 section 4.1.2.5).</summary>
    Expired,

    /// <summary>Its time has not come, or the own clock is wrong.</summary>
    NotYetValid,

    /// <summary>It is for other names than the one asked for (RFC 9525 section 6).</summary>
    WrongName,

    /// <summary>No trusted root stands at the end of its chain.</summary>
    UnknownIssuer,

    /// <summary>It vouches for itself, and is not among the trusted roots.</summary>
    SelfSigned,

    /// <summary>Its issuer has taken it back.</summary>
    Revoked,

    /// <summary>Whether its issuer has taken it back is not known, where that has to be: no list that can be used says of it (RFC 5280 section 6.3).</summary>
    RevocationUnknown,

    /// <summary>Its signature does not fit its issuer's key.</summary>
    BadSignature,

    /// <summary>It was signed by means that can be forged today (MD5, SHA-1; RFC 9155).</summary>
    WeakSignature,

    /// <summary>Its key usage does not allow a server's (RFC 5280 sections 4.2.1.3 and 4.2.1.12).</summary>
    BadUsage,

    /// <summary>It issued another certificate without being an authority (RFC 5280 section 4.2.1.9), or more of them than it may.</summary>
    NotAnAuthority,

    /// <summary>It cannot be read, or demands what nobody here understands.</summary>
    Malformed,

    /// <summary>The server showed no certificate at all.</summary>
    Missing,
}

/// <summary>One fault of one certificate of a chain, with the evidence.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Position">Which certificate: 0 is the server's own, 1 its issuer's, and so on.</param>
/// <param name="Subject">Whose certificate it is, as an RFC 4514 string.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="JudgedAt">The time, on the network's clock, at which it was judged.</param>
/// <param name="Names">The names it is for.</param>
/// <param name="Wanted">The name that was asked for.</param>
public sealed record CertificateFault(CertificateFaultKind Kind, int Position, string Subject, string Issuer, Instant NotBefore, Instant NotAfter,
    Instant JudgedAt, string[] Names, string Wanted);

/// <summary>What a certificate says of itself.</summary>
/// <param name="Subject">Whose it is, as an RFC 4514 string.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="Names">Its DNS names and IP addresses (subjectAltName).</param>
/// <param name="Key">The kind of its key, for instance "EC P-256" or "RSA 2048".</param>
/// <param name="Signature">How its issuer signed it, for instance "ecdsa-with-SHA256".</param>
/// <param name="SerialNumber">The issuer's number for it, in hexadecimal.</param>
/// <param name="Sha256">Its fingerprint: SHA-256 over its DER, in hexadecimal.</param>
public sealed record CertificateSummary(
    string Subject, string Issuer, Instant NotBefore, Instant NotAfter, string[] Names, string Key, string Signature, string SerialNumber,
    string Sha256)
{
    /// <summary>Whether it names itself as its issuer.</summary>
    public bool IsSelfIssued => Subject == Issuer;
}

/// <summary>Collects what is wrong with a chain; the part of the judgement that needs no cryptography is made here, for every provider alike.</summary>
/// <param name="wanted">The name that the peer is to have; null for a client, which may have any.</param>
/// <param name="now">At what time it is judged.</param>
public sealed class CertificateJudgement(string? wanted, Instant now)
{
    private readonly List<CertificateFault> _faults = [];
    private readonly List<CertificateSummary> _chain = [];
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];

    /// <summary>The certificates seen, the server's own first.</summary>
    public IReadOnlyList<CertificateSummary> Chain => _chain;

    /// <summary>The faults found, in the order of the chain.</summary>
    public IReadOnlyList<CertificateFault> Faults => _faults;

    /// <summary>
    /// Takes the next certificate of the chain, in DER, and judges its dates, the means of its signature and, for the server's own, its
    /// names.
    /// </summary>
    public void Examine(ReadOnlyMemory<byte> der)
    {
        var position = _chain.Count;
        _bytes.Add(der);
        if (!CertificateReader.TryRead(der, out var certificate))
        {
            _chain.Add(new CertificateSummary("", "", default, default, [], "", "", "", ""));
            Add(CertificateFaultKind.Malformed, position);
            return;
        }
        _chain.Add(certificate!);
        if (now < certificate!.NotBefore) { Add(CertificateFaultKind.NotYetValid, position); }
        if (now > certificate.NotAfter) { Add(CertificateFaultKind.Expired, position); }
        // What a root says of itself needs no signature: it is trusted by its bytes, or not at all.
        if (!certificate.IsSelfIssued && CertificateReader.IsWeak(certificate.Signature)) { Add(CertificateFaultKind.WeakSignature, position); }
        if (position == 0 && wanted is not null && !ServerNameMatch.Covers(certificate.Names, wanted)) { Add(CertificateFaultKind.WrongName, position); }
    }

    /// <summary>
    /// Looks for every certificate that was examined, the root too, in what its issuer has taken back (RFC 5280 section 6.3): each wants a list that can
    /// be used, as OpenSSL's X509_V_FLAG_CRL_CHECK_ALL has it.
    /// </summary>
    /// <param name="lists">The lists that there are; null where nothing is looked for.</param>
    public void CheckRevocation(IReadOnlyList<RevocationList>? lists)
    {
        for (var position = 0; lists is not null && position < _chain.Count; position++)
        {
            var it = _chain[position];
            // The last one of a chain without its root has an issuer that nobody knows, which is told as that.
            if (position == _chain.Count - 1 && !it.IsSelfIssued) { break; }
            var issuer = _bytes[it.IsSelfIssued ? position : position + 1];
            var own = lists.Where(list => list.Covers(issuer, now)).ToArray();
            if (own.Length == 0) { Add(CertificateFaultKind.RevocationUnknown, position); }
            else if (own.Any(list => list.Names(it.SerialNumber))) { Add(CertificateFaultKind.Revoked, position); }
        }
    }

    /// <summary>Adds a fault of the certificate at a position that was examined before; the same fault is not told twice.</summary>
    public void Add(CertificateFaultKind kind, int position)
    {
        if (_faults.Exists(fault => fault.Kind == kind && fault.Position == position)) { return; }
        var it = _chain[position];
        _faults.Add(new CertificateFault(kind, position, it.Subject, it.Issuer, it.NotBefore, it.NotAfter, now, it.Names, wanted ?? ""));
    }

    /// <summary>Notes that there is no certificate to judge.</summary>
    public void AddMissing() =>
        _faults.Add(new CertificateFault(CertificateFaultKind.Missing, 0, "", "", default, default, now, [], wanted ?? ""));
}
