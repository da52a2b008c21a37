using Firstbyte.Tls;
using Org.BouncyCastle.Tls;

namespace Firstbyte.Simulation.Tls;

/// <summary>The cipher suites and groups of the simulated world, in order of preference, with their IANA names.</summary>
/// <remarks>RFC 9325 section 4.2: forward secrecy and authenticated encryption only.</remarks>
internal static class SeededTlsSuites
{
    private static readonly (int Suite, string Name)[] Tls13 =
    [
        (CipherSuite.TLS_AES_128_GCM_SHA256, nameof(CipherSuite.TLS_AES_128_GCM_SHA256)),
        (CipherSuite.TLS_AES_256_GCM_SHA384, nameof(CipherSuite.TLS_AES_256_GCM_SHA384)),
        (CipherSuite.TLS_CHACHA20_POLY1305_SHA256, nameof(CipherSuite.TLS_CHACHA20_POLY1305_SHA256)),
    ];

    private static readonly (int Suite, string Name)[] WithCurveKey =
    [
        (CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, nameof(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)),
        (CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, nameof(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)),
        (CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, nameof(CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)),
    ];

    private static readonly (int Suite, string Name)[] WithRsaKey =
    [
        (CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, nameof(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)),
        (CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, nameof(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)),
        (CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, nameof(CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256)),
    ];

    /// <summary>X25519 first, as RFC 9325 section 4.2.1 and today's clients have it.</summary>
    public static readonly int[] Groups = [NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1];

    public static int[] Offer(TlsVersion minimum, TlsVersion maximum, bool curveKeys, bool rsaKeys)
    {
        var suites = new List<int>();
        if (maximum >= TlsVersion.Tls13) { suites.AddRange(Tls13.Select(suite => suite.Suite)); }
        if (minimum <= TlsVersion.Tls12 && curveKeys) { suites.AddRange(WithCurveKey.Select(suite => suite.Suite)); }
        if (minimum <= TlsVersion.Tls12 && rsaKeys) { suites.AddRange(WithRsaKey.Select(suite => suite.Suite)); }
        return [.. suites];
    }

    public static string NameOf(int suite)
    {
        foreach (var (number, name) in (ReadOnlySpan<(int, string)>)[.. Tls13, .. WithCurveKey, .. WithRsaKey])
        {
            if (number == suite) { return name; }
        }
        return $"0x{suite:X4}";
    }

    public static ProtocolVersion[] Versions(TlsVersion minimum, TlsVersion maximum) =>
        ProtocolVersion.TLSv13.DownTo(ProtocolVersion.TLSv12)
            .Where(version => version.FullVersion >= (int)minimum && version.FullVersion <= (int)maximum).ToArray();
}
