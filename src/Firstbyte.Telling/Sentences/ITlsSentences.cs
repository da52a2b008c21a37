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

    Phrase Failure(TlsFailureReason reason, TlsAlert? alert, Errno? error);
}
