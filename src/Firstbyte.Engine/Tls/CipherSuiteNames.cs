using System.Net.Security;

namespace Firstbyte.Tls;

/// <summary>Cipher suites by the names that people give them: IANA's, and OpenSSL's older ones, which curl's --ciphers takes.</summary>
public static class CipherSuiteNames
{
    private static readonly (string OpenSsl, TlsCipherSuite Suite)[] s_older =
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
        ("ECDHE-RSA-AES128-GCM-SHA256", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
        ("ECDHE-ECDSA-AES256-GCM-SHA384", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
        ("ECDHE-RSA-AES256-GCM-SHA384", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
        ("ECDHE-RSA-CHACHA20-POLY1305", TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
        ("DHE-RSA-AES128-GCM-SHA256", TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256),
        ("DHE-RSA-AES256-GCM-SHA384", TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_GCM_SHA384),
        ("DHE-RSA-CHACHA20-POLY1305", TlsCipherSuite.TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
        ("ECDHE-ECDSA-AES128-SHA256", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256),
        ("ECDHE-RSA-AES128-SHA256", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256),
        ("ECDHE-ECDSA-AES256-SHA384", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384),
        ("ECDHE-RSA-AES256-SHA384", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384),
        ("AES128-GCM-SHA256", TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256),
        ("AES256-GCM-SHA384", TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384),
    ];

    /// <summary>The IANA names of a list with ':' or ',' between its members; null where one is not known,
    /// which is then in <paramref name="unknown"/>.</summary>
    public static List<string>? Read(string list, out string unknown)
    {
        ArgumentNullException.ThrowIfNull(list);
        unknown = "";
        var names = new List<string>();
        foreach (var one in list.Split([':', ',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(one) is not { } suite)
            {
                unknown = one;
                return null;
            }
            names.Add(suite.ToString());
        }
        return names.Count > 0 ? names : null;
    }

    /// <summary>The suite of an IANA or OpenSSL name; null for none.</summary>
    internal static TlsCipherSuite? Find(string name)
    {
        foreach (var (openSsl, suite) in s_older)
        {
            if (openSsl.Equals(name, StringComparison.OrdinalIgnoreCase)) { return suite; }
        }
        // A number is no name.
        return name.StartsWith("TLS_", StringComparison.OrdinalIgnoreCase)
            && Enum.TryParse<TlsCipherSuite>(name, ignoreCase: true, out var known) ? known : null;
    }
}
