namespace Firstbyte.Tests.Conformance;

/// <summary>A zone signed by BIND's tools.</summary>
internal sealed class SignedZone : IDisposable
{
    private readonly string _folder;

    private SignedZone(string folder, string text, string keys) => (_folder, Text, Keys) = (folder, text, keys);

    /// <summary>The signed zone file.</summary>
    public string Text { get; }

    /// <summary>The DNSKEY records.</summary>
    public string Keys { get; }

    /// <summary>Signs a zone with a key each for keys and zone, or returns null when the tools are not installed.</summary>
    public static SignedZone? TrySign(string origin, string zone, params string[] options)
    {
        if (!File.Exists("/usr/bin/dnssec-signzone") || !File.Exists("/usr/bin/dnssec-keygen")) { return null; }
        var folder = Directory.CreateTempSubdirectory("firstbyte-sign-").FullName;
        File.WriteAllText(Path.Combine(folder, "zone"), zone);
        PeerTool.Demand("/usr/bin/dnssec-keygen", folder, "-q", "-a", "ECDSAP256SHA256", origin);
        PeerTool.Demand("/usr/bin/dnssec-keygen", folder, "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", origin);
        PeerTool.Demand("/usr/bin/dnssec-signzone", folder, ["-S", "-o", origin, "-O", "full", "-f", "signed", .. options, "zone"]);
        var keys = string.Concat(Directory.GetFiles(folder, "K*.key").Select(File.ReadAllText));
        return new SignedZone(folder, File.ReadAllText(Path.Combine(folder, "signed")), keys);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
