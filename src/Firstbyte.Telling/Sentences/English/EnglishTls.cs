using Firstbyte.Errors;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishTls : ITlsSentences
{
    public Phrase Session(TlsVersion version, string suite, string? alpn) =>
        $"{(version == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2"):words} · {suite}{(string.IsNullOrEmpty(alpn) ? "" : " · " + alpn)}";

    public Phrase Certificate(CertificateSummary certificate) =>
        $"certificate {certificate.Subject:name}, from {certificate.Issuer}, {Amounts.Day(certificate.NotBefore)} to {Amounts.Day(certificate.NotAfter)}"
        + (certificate.Names.Length > 0 ? $", for {Names(certificate.Names)}" : "");

    public Phrase CertificateFault(CertificateFault fault, bool isAllowed) => $"! {Fault(fault)}{(isAllowed ? " (allowed by -k)" : ""):words}";

    public Phrase ClientCertificate(bool isShown) =>
        isShown ? "the server asks for a certificate, and is shown that of --cert" : "the server asks for a certificate, and there is none here";

    public Phrase Failure(TlsFailureReason reason, TlsAlert? alert, Errno? error) => reason switch
    {
        TlsFailureReason.CertificateRejected => "the server's certificate is not to be trusted",
        TlsFailureReason.AlertReceived => $"the server gave up{(alert is { } said ? $": {said.RegisteredName()}" : "")}",
        TlsFailureReason.ClientCertificateMissing =>
            $"the server demands a certificate of its client, and there is none here{(alert is { } said ? $" ({said.RegisteredName()})" : "")}",
        TlsFailureReason.ClientCertificateRefused =>
            $"the server does not take the certificate that it was shown{(alert is { } said ? $" ({said.RegisteredName()})" : "")}",
        TlsFailureReason.KeyNotPinned => "the server's key is none of those that are pinned",
        TlsFailureReason.ProtocolError => $"what the server sent is not TLS, or breaks its rules{(alert is { } said ? $" ({said.RegisteredName()})" : "")}",
        TlsFailureReason.ConnectionEnded => "the server ended the connection in the middle of the handshake",
        TlsFailureReason.TransportFailed => $"the connection broke{(error is null ? "" : $" ({error})")}",
    };

    internal static Phrase Fault(CertificateFault fault) => fault.Kind switch
    {
        CertificateFaultKind.Expired =>
            $"the certificate of {Subject(fault)} expired on {Amounts.Day(fault.NotAfter)} (today is {Amounts.Day(fault.JudgedAt)})",
        CertificateFaultKind.NotYetValid =>
            $"the certificate of {Subject(fault)} is valid from {Amounts.Day(fault.NotBefore)} on (today is {Amounts.Day(fault.JudgedAt)}): or this host's clock is wrong",
        CertificateFaultKind.WrongName =>
            $"the certificate is for {(fault.Names.Length > 0 ? Names(fault.Names) : "no name at all")}, not for {fault.Wanted:name}",
        CertificateFaultKind.UnknownIssuer => $"nobody here trusts {fault.Issuer}, who issued the certificate of {Subject(fault)}",
        CertificateFaultKind.SelfSigned => $"the certificate of {Subject(fault)} is self-signed: nobody else vouches for it",
        CertificateFaultKind.Revoked => $"{fault.Issuer} has revoked the certificate of {Subject(fault)}",
        CertificateFaultKind.RevocationUnknown => $"no list that can be used says whether {fault.Issuer} has revoked the certificate of {Subject(fault)}",
        CertificateFaultKind.BadSignature => $"the signature on the certificate of {Subject(fault)} is not its issuer's",
        CertificateFaultKind.WeakSignature => $"the certificate of {Subject(fault)} was signed by means that can be forged",
        CertificateFaultKind.BadUsage => $"the certificate of {Subject(fault)} is not meant for servers",
        CertificateFaultKind.NotAnAuthority => $"{Subject(fault)} issued a certificate without being allowed to",
        CertificateFaultKind.Malformed => $"the certificate of {Subject(fault)} cannot be read",
        CertificateFaultKind.Missing => "the server showed no certificate",
    };

    private static Phrase Subject(CertificateFault fault) =>
        fault.Position == 0 ? $"{fault.Subject:name}" : $"{fault.Subject:name} (number {fault.Position + 1} of the chain)";

    private static Phrase Names(string[] names)
    {
        const int shown = 3;
        var list = string.Join(", ", names.Take(shown));
        return names.Length > shown ? $"{list:name} and {names.Length - shown} more" : $"{list:name}";
    }
}
