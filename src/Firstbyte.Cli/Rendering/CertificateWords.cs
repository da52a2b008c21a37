using System.Globalization;
using Firstbyte.Errors;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for TLS handshakes and the faults of certificates.</summary>
internal static class CertificateWords
{
    public static string Of(TlsVersion version) => version == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2";

    public static string Of(CertificateSummary certificate) =>
        $"certificate {Printable.Text(certificate.Subject)}, from {Printable.Text(certificate.Issuer)}, {Day(certificate.NotBefore)} to {Day(certificate.NotAfter)}"
        + (certificate.Names.Length > 0 ? $", for {Names(certificate.Names)}" : "");

    public static string Of(CertificateFault fault) => fault.Kind switch
    {
        CertificateFaultKind.Expired => $"the certificate of {Subject(fault)} expired on {Day(fault.NotAfter)} (today is {Day(fault.JudgedAt)})",
        CertificateFaultKind.NotYetValid => $"the certificate of {Subject(fault)} is valid from {Day(fault.NotBefore)} on (today is {Day(fault.JudgedAt)}): or this host's clock is wrong",
        CertificateFaultKind.WrongName => $"the certificate is for {(fault.Names.Length > 0 ? Names(fault.Names) : "no name at all")}, not for {Printable.Text(fault.Wanted)}",
        CertificateFaultKind.UnknownIssuer => $"nobody here trusts {Printable.Text(fault.Issuer)}, who issued the certificate of {Subject(fault)}",
        CertificateFaultKind.SelfSigned => $"the certificate of {Subject(fault)} vouches for itself (self-signed)",
        CertificateFaultKind.Revoked => $"{Printable.Text(fault.Issuer)} has revoked the certificate of {Subject(fault)}",
        CertificateFaultKind.BadSignature => $"the signature on the certificate of {Subject(fault)} is not its issuer's",
        CertificateFaultKind.WeakSignature => $"the certificate of {Subject(fault)} was signed by means that can be forged",
        CertificateFaultKind.BadUsage => $"the certificate of {Subject(fault)} is not meant for servers",
        CertificateFaultKind.NotAnAuthority => $"{Subject(fault)} issued a certificate without being allowed to",
        CertificateFaultKind.Malformed => $"the certificate of {Subject(fault)} cannot be read",
        _ => "the server showed no certificate",
    };

    public static string Of(TlsFailureReason reason, TlsAlert? alert, Errno? error) => reason switch
    {
        TlsFailureReason.CertificateRejected => "the server's certificate is not to be trusted",
        TlsFailureReason.AlertReceived => "the server gave up" + (alert is { } said ? $": {said.RegisteredName()}" : ""),
        TlsFailureReason.ProtocolError => "what the server sent is not TLS, or breaks its rules" + (alert is { } said ? $" ({said.RegisteredName()})" : ""),
        TlsFailureReason.ConnectionEnded => "the server ended the connection in the middle of the handshake",
        _ => "the connection broke" + (error is null ? "" : $" ({error})"),
    };

    /// <summary>What is wrong with a certificate, as the end of a sentence about it.</summary>
    public static string Brief(CertificateFaultKind fault) => fault switch
    {
        CertificateFaultKind.Expired => "has expired",
        CertificateFaultKind.NotYetValid => "is not valid yet",
        CertificateFaultKind.WrongName => "is for another name",
        CertificateFaultKind.UnknownIssuer => "was issued by somebody whom nobody here trusts",
        CertificateFaultKind.SelfSigned => "vouches for itself",
        CertificateFaultKind.Revoked => "was revoked",
        CertificateFaultKind.BadSignature => "bears a signature that is not its issuer's",
        CertificateFaultKind.WeakSignature => "was signed by means that can be forged",
        CertificateFaultKind.BadUsage => "is not meant for servers",
        CertificateFaultKind.NotAnAuthority => "was issued by one who may not issue certificates",
        CertificateFaultKind.Malformed => "cannot be read",
        _ => "is missing",
    };

    private static string Subject(CertificateFault fault) => Printable.Text(fault.Subject) + (fault.Position == 0 ? "" : $" (number {fault.Position + 1} of the chain)");

    private static string Names(string[] names)
    {
        const int shown = 3;
        var list = Printable.Text(string.Join(", ", names.Take(shown)));
        return names.Length > shown ? $"{list} and {names.Length - shown} more" : list;
    }

    private static string Day(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
