using Firstbyte.Sockets;

namespace Firstbyte.Tls;

/// <summary>A pipe of bytes in the shape that the platform's TLS wants, which also watches for what that library does not tell.</summary>
/// <remarks>
/// The platform reports a failed handshake in words that differ between systems. What is needed from it stands in the records: an alert that comes before
/// the keys are agreed on is a readable record of type 21 (RFC 8446 sections 5.1 and 6), and this class reads the record headers as they pass.
/// </remarks>
internal sealed class TransportStream(IByteStream transport) : Stream
{
    private const byte AlertRecord = 21;
    private const byte HandshakeRecord = 22;
    private const int HeaderLength = 5;

    // RFC 5246 section 7.4: a type and three bytes of length stand before each message of a handshake.
    private const int MessageHeaderLength = 4;
    private const byte CertificateRequest = 13;

    private readonly byte[] _record = new byte[HeaderLength + 2];
    private int _recordHave;
    private int _recordSkip;
    private bool _unreadable;
    private int _messageHave;
    private int _messageLength;

    /// <summary>The alert that the peer sent in the clear.</summary>
    public TlsAlert? AlertReceived { get; private set; }

    /// <summary>Whether the server has asked in the clear for a certificate, as one of TLS 1.2 does (RFC 5246 section 7.4.4).</summary>
    public bool AsksForCertificate { get; private set; }

    /// <summary>The transport's own failure.</summary>
    public NetworkException? Broken { get; private set; }

    /// <summary>The alert that a failure of the platform's library speaks of, which it has read from a record that nobody else could; null for none.</summary>
    /// <remarks>OpenSSL's errors are numbers: library 20 is TLS, and its reasons from 1000 on are alerts (SSL_AD_REASON_OFFSET).</remarks>
    public static TlsAlert? AlertOf(Exception? failure)
    {
        const int Library = 20, Offset = 1000;
        for (; failure is not null; failure = failure.InnerException)
        {
            var (library, reason) = (failure.HResult >> 23 & 0xFF, failure.HResult & 0x7F_FFFF);
            if (library == Library && reason is > Offset and <= Offset + byte.MaxValue) { return (TlsAlert)(reason - Offset); }
        }
        return null;
    }

    /// <summary>Whether the peer has ended its direction.</summary>
    public bool Ended { get; private set; }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The platform asks with an empty buffer whether bytes are there; a pipe can only answer by giving some, so it says yes and the next call waits.
        if (buffer.IsEmpty) { return 0; }
        try
        {
            var count = await transport.ReceiveAsync(buffer, cancellationToken);
            if (count == 0) { Ended = true; }
            if (!_unreadable) { Watch(buffer.Span[..count]); }
            return count;
        }
        catch (NetworkException failure)
        {
            Broken = failure;
            throw;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await transport.SendAsync(buffer, cancellationToken);
        }
        catch (NetworkException failure)
        {
            Broken = failure;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Watch(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_unreadable)
        {
            var skip = Math.Min(_recordSkip, bytes.Length);
            WatchHandshake(bytes[..skip]);
            bytes = bytes[skip..];
            _recordSkip -= skip;
            if (bytes.IsEmpty) { return; }
            _record[_recordHave++] = bytes[0];
            bytes = bytes[1..];
            if (_recordHave == HeaderLength) { ReadHeader(); }
            else if (_recordHave == _record.Length)
            {
                AlertReceived = (TlsAlert)_record[^1];
                _recordHave = 0;
            }
        }
    }

    // Messages may share a record, or go on in the next one.
    private void WatchHandshake(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_messageHave < MessageHeaderLength)
            {
                if (_messageHave == 0) { AsksForCertificate |= bytes[0] == CertificateRequest; }
                else { _messageLength = _messageLength << 8 | bytes[0]; }
                _messageHave++;
                bytes = bytes[1..];
            }
            else
            {
                var skip = Math.Min(_messageLength, bytes.Length);
                _messageLength -= skip;
                bytes = bytes[skip..];
            }
            if (_messageHave == MessageHeaderLength && _messageLength == 0) { _messageHave = 0; }
        }
    }

    private void ReadHeader()
    {
        var length = _record[3] << 8 | _record[4];
        switch (_record[0])
        {
            case AlertRecord when length == 2:
                break; // its two bytes follow into the same buffer
            case HandshakeRecord:
                _recordSkip = length;
                _recordHave = 0;
                break;
            default:
                _unreadable = true; // from here on records are encrypted, or this is no TLS
                break;
        }
    }
}
