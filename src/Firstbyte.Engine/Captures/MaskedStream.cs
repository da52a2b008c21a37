using Firstbyte.Exports;

namespace Firstbyte.Captures;

/// <summary>One direction of a TCP connection as a capture may show it.</summary>
/// <param name="first">The sequence number of its first byte.</param>
internal sealed class MaskedStream(uint first)
{
    /// <summary>What stands in place of a byte of a secret.</summary>
    public const byte Star = (byte)'*';

    /// <summary>
    /// Bytes that are remembered, for segments that come again or pass elsewhere (own choice: more than any window of ours, which are 1
    /// MiB).
    /// </summary>
    private const int Window = 1 << 21;

    /// <summary>Bytes that came too early and wait for those before them (own choice: as many as a window).</summary>
    private const int MaxEarly = 1 << 20;

    private readonly SecretWire _wire = new();
    private readonly SortedDictionary<long, byte[]> _early = [];
    private byte[] _shown = new byte[4096];
    private long _known;
    private long _dropped;
    private long _earlyBytes;
    private bool _isTls;

    /// <summary>The sequence number of its first byte.</summary>
    public uint First { get; } = first;

    /// <summary>Covers what is secret in a segment's data, and what cannot be judged.</summary>
    /// <param name="data">The data; stars are written over it.</param>
    /// <param name="sequence">Where it stands.</param>
    /// <param name="learns">Whether the bytes are the stream's own, and not perhaps damaged or somebody else's.</param>
    public void Cover(Span<byte> data, uint sequence, bool learns)
    {
        if (data.IsEmpty) { return; }
        var start = _known + (int)(sequence - (uint)(First + _known));
        if (learns) { Learn(data, start); }
        // Records of TLS are secret as they are, and stars would only break them.
        if (_isTls) { return; }
        for (var i = 0; i < data.Length; i++)
        {
            var at = start + i;
            // Another byte than the stream's at its place is somebody else's, of whom nothing is known.
            if (at < _dropped || at >= _known || _shown[at - _dropped] != data[i]) { data[i] = Star; }
        }
    }

    private void Learn(ReadOnlySpan<byte> data, long start)
    {
        if (start > _known)
        {
            if (_earlyBytes + data.Length > MaxEarly || (_early.TryGetValue(start, out var before) && before.Length >= data.Length)) { return; }
            _earlyBytes += data.Length;
            _early[start] = data.ToArray();
            return;
        }
        if (start + data.Length <= _known) { return; }
        Extend(data[(int)(_known - start)..]);
        while (_early.Count > 0 && _early.First() is var (at, bytes) && at <= _known)
        {
            _early.Remove(at);
            _earlyBytes -= bytes.Length;
            if (at + bytes.Length > _known) { Extend(bytes.AsSpan((int)(_known - at))); }
        }
    }

    private void Extend(ReadOnlySpan<byte> bytes)
    {
        // RFC 8446 5.1: the content types 20 to 23, and the first byte of every version.
        if (_known == 0 && bytes is [>= 20 and <= 23, 3, ..]) { _isTls = true; }
        var shown = _isTls ? bytes : _wire.Mask(bytes);
        var held = (int)(_known - _dropped);
        if (held + shown.Length > 2 * Window)
        {
            var kept = _shown.AsSpan(held - Window, Window).ToArray();
            kept.CopyTo(_shown, 0);
            (_dropped, held) = (_known - Window, Window);
        }
        if (held + shown.Length > _shown.Length) { Array.Resize(ref _shown, Math.Max(_shown.Length * 2, held + shown.Length)); }
        shown.CopyTo(_shown.AsSpan(held));
        _known += shown.Length;
    }
}
