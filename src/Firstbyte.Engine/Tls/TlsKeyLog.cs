using System.Text;

namespace Firstbyte.Tls;

/// <summary>Collects the secrets of sessions in the format that capture readers take (draft-ietf-tls-keylogfile, "SSLKEYLOGFILE").</summary>
/// <remarks>Whoever has these lines reads everything: they are kept only where the caller asked for them.</remarks>
public sealed class TlsKeyLog
{
    private readonly List<string> _lines = [];
    private readonly Action<string>? _taker;

    /// <summary>A log that keeps its lines.</summary>
    public TlsKeyLog() { }

    /// <summary>A log that keeps nothing: each line, with its end, goes to the taker as soon as it exists.</summary>
    public TlsKeyLog(Action<string> taker) => _taker = taker;

    /// <summary>The lines so far: label, client random and secret, in hexadecimal.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds the secret of one session.</summary>
    public void Add(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret)
    {
        var line = $"{label} {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(secret)}";
        if (_taker is { } taker) { taker(line + "\n"); }
        else { _lines.Add(line); }
    }

    /// <summary>The file: one line each, in ASCII.</summary>
    public byte[] ToFile() => Encoding.ASCII.GetBytes(string.Concat(_lines.Select(line => line + "\n")));
}
