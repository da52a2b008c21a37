using Firstbyte.Tls;

namespace Firstbyte.Cli.Curl;

/// <summary>What is wrong with a certificate that was taken all the same (<c>-k</c>), as a number of OpenSSL's (X509_V_ERR_… of x509_vfy.h).</summary>
internal static class CurlVerdict
{
    /// <summary>The number; 0 for a certificate that stands. Its name is no matter of OpenSSL's there: curl looks at that itself.</summary>
    public static int Of(IReadOnlyList<CertificateFault> faults)
    {
        // A chain is built before it is looked at: what keeps it from being built comes first.
        foreach (var order in s_orders)
        {
            foreach (var fault in faults)
            {
                if (order(fault) is > 0 and var number) { return number; }
            }
        }
        return 0;
    }

    private static readonly Func<CertificateFault, int>[] s_orders =
    [
        static fault => fault.Kind switch
        {
            CertificateFaultKind.SelfSigned => fault.Position == 0 ? 18 : 19,
            CertificateFaultKind.UnknownIssuer => 20,
            _ => 0,
        },
        static fault => fault.Kind switch
        {
            CertificateFaultKind.NotAnAuthority => 79,
            CertificateFaultKind.BadUsage => 26,
            CertificateFaultKind.Revoked => 23,
            CertificateFaultKind.RevocationUnknown => 3,
            CertificateFaultKind.WeakSignature => 68,
            CertificateFaultKind.BadSignature => 7,
            CertificateFaultKind.Malformed => 1,
            _ => 0,
        },
        static fault => fault.Kind switch
        {
            CertificateFaultKind.NotYetValid => 9,
            CertificateFaultKind.Expired => 10,
            _ => 0,
        },
    ];
}
