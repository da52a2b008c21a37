using System.Text;
using Firstbyte.Simulation.Tls;

namespace Firstbyte.Labs;

/// <summary>The words of the format that the reader and the writer share.</summary>
internal static class LabWords
{
    public static readonly (string Word, CertificateFlaw Flaw)[] Flaws =
    [
        ("expired", CertificateFlaw.Expired),
        ("not-yet-valid", CertificateFlaw.NotYetValid),
        ("wrong-name", CertificateFlaw.WrongName),
        ("unknown-issuer", CertificateFlaw.UnknownIssuer),
        ("self-signed", CertificateFlaw.SelfSigned),
        ("bad-signature", CertificateFlaw.BadSignature),
        ("weak-signature", CertificateFlaw.WeakSignature),
        ("bad-usage", CertificateFlaw.BadUsage),
        ("not-an-authority", CertificateFlaw.NotAnAuthority),
    ];

    /// <summary>What may be wrong with a certificate that is somebody's: it is for a person, so no name of a server's can be wrong.</summary>
    public static readonly (string Word, CertificateFlaw Flaw)[] IdentityFlaws = [.. Flaws.Where(static flaw => flaw.Flaw != CertificateFlaw.WrongName)];

    /// <summary>A text in quotes, on one line, as the reader reads it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => null });
            if (c is not ('"' or '\\' or '\n' or '\r' or '\t')) { quoted.Append(c); }
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A text from a stranger's file as an error shows it: no control characters, and not more of it than a line holds.</summary>
    public static string Shown(string text)
    {
        const int Most = 60;
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Most))) { shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c); }
        return text.Length > Most ? shown.Append('…').ToString() : shown.ToString();
    }
}
