using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Exports;

/// <summary>
/// Covers secrets in one direction of a connection, as its bytes come in pieces: a field or a member may begin in one piece and end in the
/// next.
/// </summary>
public sealed class SecretWire
{
    /// <summary>The bytes before a piece that are looked at again with it (own choice: a part's head of a multipart form fits, and any name).</summary>
    private const int TailLength = 512;

    // A verb of four letters and a space.
    private const int CommandLength = 5;

    private readonly SocksSecret _socks = new();
    private readonly byte[] _lineStart = new byte[SecretNames.Longest];
    private byte[] _tail = [];
    private int _lineLength;
    private bool _inSecret;
    private bool _isFirstLine = true;
    private bool _isLogin;
    private SecretEnding? _open;

    /// <summary>A copy of the piece with every byte of a secret replaced by a star.</summary>
    public byte[] Mask(ReadOnlySpan<byte> piece)
    {
        var masked = piece.ToArray();
        _socks.Mask(masked);
        MaskFields(masked);
        byte[] joined = [.. _tail, .. piece];
        var from = _tail.Length;
        if (_open is { } ending && GoOn(joined, from, ending) is { } rest)
        {
            Fill(masked, rest.Start - from, rest.Length);
            _open = rest.IsOpen ? rest.Ending : null;
        }
        foreach (var secret in SecretSpans.In(joined))
        {
            Fill(masked, secret.Start - from, secret.Length);
            if (secret.IsOpen) { _open = secret.Ending; }
        }
        foreach (var secret in SecretSpans.Credentials(joined)) { Fill(masked, secret.Start - from, secret.Length); }
        _tail = joined[^Math.Min(joined.Length, TailLength)..];
        return masked;
    }

    private static SecretSpan? GoOn(byte[] joined, int from, SecretEnding ending)
    {
        // A boundary may have begun in the piece before; what opens a JSON value is known only when it is there.
        if (ending == SecretEnding.Part) { from = Math.Max(0, from - 3); }
        var start = from;
        while (ending == SecretEnding.Json && start < joined.Length && joined[start] is (byte)' ' or (byte)'\t') { start++; }
        if (ending == SecretEnding.Json && start < joined.Length && joined[start] is (byte)'[' or (byte)'{')
        {
            (start, ending) = (start + 1, joined[start] == '[' ? SecretEnding.List : SecretEnding.Object);
        }
        return SecretSpans.Until(joined, start, ending);
    }

    /// <summary>Stars over a place that may lie partly in the pieces before.</summary>
    private static void Fill(byte[] masked, int start, int length)
    {
        var end = start + length;
        start = Math.Max(0, start);
        if (end > start) { masked.AsSpan(start, end - start).Fill((byte)'*'); }
    }

    private void MaskFields(byte[] masked)
    {
        for (var i = 0; i < masked.Length; i++)
        {
            var b = masked[i];
            if (b is (byte)'\n' or (byte)'\r')
            {
                if (b == '\n')
                {
                    _lineLength = 0;
                    _inSecret = false;
                    _isFirstLine = false;
                }
                continue;
            }
            if (_inSecret)
            {
                if (b != ' ') { masked[i] = (byte)'*'; }
                continue;
            }
            if (_lineLength >= _lineStart.Length) { continue; }
            _lineStart[_lineLength++] = b;
            if (_lineLength == CommandLength) { BeginCommand(masked.AsSpan(i + 1)); }
            if (b == ':')
            {
                _inSecret = SecretFields.IsSecret(Encoding.Latin1.GetString(_lineStart, 0, _lineLength - 1).Trim());
            }
        }
    }

    // FTP (RFC 959 5.4): who speaks it begins with USER, or with AUTH (RFC 4217). In a page a line may begin with "PASS" and mean nothing by it.
    private void BeginCommand(ReadOnlySpan<byte> rest)
    {
        var command = _lineStart.AsSpan(0, CommandLength);
        if (_isFirstLine) { _isLogin = Ascii.EqualsIgnoreCase(command, "USER "u8) || Ascii.EqualsIgnoreCase(command, "AUTH "u8); }
        if (!_isLogin) { return; }
        _inSecret = Ascii.EqualsIgnoreCase(command, "PASS "u8) || Ascii.EqualsIgnoreCase(command, "ACCT "u8)
            || (Ascii.EqualsIgnoreCase(command, "USER "u8)
                && SecretNames.IsToken(rest[..(rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end ? end : rest.Length)]));
    }
}
