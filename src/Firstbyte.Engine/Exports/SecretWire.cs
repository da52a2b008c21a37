using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Exports;

/// <summary>Covers secrets in one direction of a connection, as its bytes come in pieces: a field may begin in one piece and end in the next.</summary>
internal sealed class SecretWire
{
    /// <summary>Longer than the longest name of a secret field: what must be remembered of a line's start.</summary>
    private const int LineStartLength = 24;

    private readonly byte[] _lineStart = new byte[LineStartLength];
    private int _lineLength;
    private bool _inSecret;

    /// <summary>A copy of the piece with every byte of a secret replaced by a star.</summary>
    public byte[] Mask(ReadOnlySpan<byte> piece)
    {
        var masked = piece.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            var b = masked[i];
            if (b is (byte)'\n' or (byte)'\r')
            {
                if (b == '\n')
                {
                    _lineLength = 0;
                    _inSecret = false;
                }
                continue;
            }
            if (_inSecret)
            {
                if (b != ' ') { masked[i] = (byte)'*'; }
                continue;
            }
            if (_lineLength >= LineStartLength) { continue; }
            _lineStart[_lineLength++] = b;
            if (b == ':')
            {
                _inSecret = SecretFields.IsSecret(Encoding.Latin1.GetString(_lineStart, 0, _lineLength - 1).Trim());
            }
        }
        foreach (var (start, length) in SecretText.MemberValues(masked)) { masked.AsSpan(start, length).Fill((byte)'*'); }
        return masked;
    }
}
