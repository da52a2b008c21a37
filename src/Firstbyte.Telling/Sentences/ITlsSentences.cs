using Firstbyte.Errors;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences;

/// <summary>TLS sessions and the faults of certificates.</summary>
public interface ITlsSentences
{
    Phrase Session(TlsVersion version, string suite, string? alpn);

    Phrase Certificate(CertificateSummary certificate);

    Phrase CertificateFault(CertificateFault fault, bool isAllowed);

    /// <summary>The server has asked for a certificate of the client.</summary>
    Phrase ClientCertificate(bool isShown);

    Phrase Failure(TlsFailureReason reason, TlsAlert? alert, Errno? error);
}
