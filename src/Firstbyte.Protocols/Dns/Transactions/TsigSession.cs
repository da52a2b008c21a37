using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Transactions;

/// <summary>What keeps the signature of a message from being believed (RFC 8945 section 5.2).</summary>
public enum TsigFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is no signature where one is needed.</summary>
    Unsigned,

    /// <summary>It does not have its shape, its code is longer than any or shorter than any that is well-formed: FORMERR.</summary>
    Malformed,

    /// <summary>The key is unknown, or known with another algorithm.</summary>
    BadKey,

    /// <summary>The code is not the one that the secret makes: another secret, or changed on the way.</summary>
    BadSignature,

    /// <summary>The clocks of the two hosts differ by more than both allow, or somebody says again what was said long ago.</summary>
    BadTime,

    /// <summary>The code is cut shorter than the key allows.</summary>
    BadTruncation,

    /// <summary>The other side did not believe our signature; it says why.</summary>
    RefusedByPeer,
}

/// <summary>One exchange that is signed with a key: a request and its response, or the many messages of a transfer (RFC 8945 section 5.3).</summary>
/// <remarks>
/// Theory of operation. A code is made over what went before as well: a response's over the code of its request, each further message's over the code
/// before it and every unsigned message since. So messages cannot be left out, put in another order or taken from another exchange. A signer here
/// signs every message; a verifier takes up to 99 without one between two that have it, and none at the end.
/// <code>
///   request   message | key's name, ANY, 0, algorithm, time, fudge, error, other
///   response  length and code of the request | message | the same
///   further   length and code before | unsigned messages | message | time, fudge
/// </code>
/// </remarks>
public sealed class TsigSession
{
    /// <summary>RFC 8945 section 5.3.1: so many messages may come unsigned in a row.</summary>
    public const int MaxUnsigned = 99;

    private readonly byte[] _previous = new byte[TsigHash.MaxLength];
    private int _previousLength;
    private TsigHash? _open;
    private int _unsigned;
    private bool _isContinued;

    /// <summary>An exchange that begins with a request of our own.</summary>
    public TsigSession(TsigKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    /// <summary>The key.</summary>
    public TsigKey Key { get; }

    /// <summary>What the other side said of our signature, where it refused it.</summary>
    public ResponseCode PeerError { get; private set; }

    /// <summary>The time in seconds, as signatures have it.</summary>
    internal static ulong Seconds(Instant now) => (ulong)Math.Max(now.Nanoseconds, 0) / 1_000_000_000;

    /// <summary>How many bytes a signature needs behind a message.</summary>
    public int SignatureLength => Key.RecordLength;

    /// <summary>True when no message stands without a signature behind it: a transfer may end here.</summary>
    public bool IsSettled => _unsigned == 0;

    /// <summary>Signs the message at the start of a buffer and returns its new length.</summary>
    /// <exception cref="ArgumentException">There is no room for <see cref="SignatureLength"/> more bytes.</exception>
    public int Sign(Span<byte> buffer, int length, Instant now) => Sign(buffer, length, Seconds(now), ResponseCode.NoError, default);

    /// <summary>Checks the next message of the other side.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="now">The time.</param>
    /// <param name="signedLength">What stands before the signature; the header still counts it.</param>
    public TsigFault Verify(ReadOnlySpan<byte> message, Instant now, out int signedLength)
    {
        signedLength = message.Length;
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        if (!MessageView.TryRead(message, out var view, out _)) { return TsigFault.Malformed; }
        switch (TsigRecord.Find(view, name, out var record))
        {
            case TsigPresence.Malformed: return TsigFault.Malformed;
            case TsigPresence.Absent: return TakeUnsigned(message);
        }
        signedLength = record.Offset;
        if (!WireName.Equals(record.KeyName, Key.Name.Wire) || !WireName.Equals(record.AlgorithmName, Key.Algorithm.Name.Wire)) { return TsigFault.BadKey; }
        // RFC 8945 section 5.3.2: what is said of our key and our code cannot be signed, and is a hint, not a proof.
        if (record.Mac.Length == 0 && record.Error.Value != 0)
        {
            PeerError = record.Error;
            return TsigFault.RefusedByPeer;
        }
        var fault = Check(message, record, Seconds(now));
        if (fault != TsigFault.None) { return fault; }
        if (record.Error.Value == 0) { return TsigFault.None; }
        PeerError = record.Error;
        return TsigFault.RefusedByPeer;
    }

    /// <summary>Checks a request; what is wrong with it decides how it is answered.</summary>
    internal static TsigFault CheckRequest(ReadOnlySpan<byte> message, scoped in TsigRecord record, TsigKeyring keys, Instant now, out TsigSession? session)
    {
        session = null;
        if (keys.Find(record.KeyName) is not { } key || !WireName.Equals(record.AlgorithmName, key.Algorithm.Name.Wire)) { return TsigFault.BadKey; }
        session = new TsigSession(key);
        return session.Check(message, record, Seconds(now));
    }

    internal int Sign(Span<byte> buffer, int length, ulong time, ResponseCode error, scoped ReadOnlySpan<byte> other)
    {
        if (buffer.Length < length + SignatureLength) { throw new ArgumentException("there is no room for a signature", nameof(buffer)); }
        Span<byte> mac = stackalloc byte[TsigHash.MaxLength];
        using (var hash = Begin())
        {
            hash.Append(buffer[..length]);
            AppendVariables(hash, time, TsigKey.DefaultFudge, error, other);
            hash.Finish(mac);
        }
        mac = mac[..Key.MacLength];
        SetPrevious(mac);
        return WriteRecord(buffer, length, Key.Name.Wire, Key.Algorithm.Name.Wire, time, mac, error, other);
    }

    /// <summary>Writes a signature record behind a message, whose header counts it then.</summary>
    internal static int WriteRecord(
        Span<byte> buffer, int length, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> algorithm, ulong time, scoped ReadOnlySpan<byte> mac,
        ResponseCode error, scoped ReadOnlySpan<byte> other)
    {
        var record = buffer[length..];
        key.CopyTo(record);
        record = record[key.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, RecordType.TSIG.Value);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], RecordClass.Any.Value);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)(algorithm.Length + TsigRecord.FieldsLength + mac.Length + other.Length));
        record = record[TsigRecord.FixedLength..];
        algorithm.CopyTo(record);
        record = record[algorithm.Length..];
        TsigRecord.WriteTime(record, time);
        BinaryPrimitives.WriteUInt16BigEndian(record[6..], TsigKey.DefaultFudge);
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)mac.Length);
        mac.CopyTo(record[10..]);
        record = record[(10 + mac.Length)..];
        buffer[..2].CopyTo(record);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], error.Value);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], (ushort)other.Length);
        other.CopyTo(record[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[10..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(buffer[10..]) + 1));
        return length + key.Length + TsigRecord.FixedLength + algorithm.Length + TsigRecord.FieldsLength + mac.Length + other.Length;
    }

    private TsigFault Check(ReadOnlySpan<byte> message, scoped in TsigRecord record, ulong now)
    {
        if (record.Mac.Length > Key.Algorithm.Length || record.Mac.Length < Key.Algorithm.MinLength) { return TsigFault.Malformed; }
        Span<byte> mac = stackalloc byte[TsigHash.MaxLength];
        using (var hash = Begin())
        {
            AppendUnsigned(hash, message[..record.Offset], record.OriginalId);
            AppendVariables(hash, record.Time, record.Fudge, record.Error, record.Other);
            hash.Finish(mac);
        }
        if (!CryptographicOperations.FixedTimeEquals(mac[..record.Mac.Length], record.Mac)) { return TsigFault.BadSignature; }
        SetPrevious(record.Mac);
        // A response that says BADTIME carries the time of our request (RFC 8945 section 5.2.3).
        if (Math.Abs((long)now - (long)record.Time) > record.Fudge) { return TsigFault.BadTime; }
        return record.Mac.Length < Key.MacLength ? TsigFault.BadTruncation : TsigFault.None;
    }

    /// <summary>Takes a message that has no signature: the next one covers it.</summary>
    internal TsigFault TakeUnsigned(ReadOnlySpan<byte> message)
    {
        // The first message of an answer has to be signed.
        if (!_isContinued || _unsigned == MaxUnsigned) { return TsigFault.Unsigned; }
        _unsigned++;
        _open ??= BeginWithPrevious();
        _open.Append(message);
        return TsigFault.None;
    }

    private TsigHash Begin()
    {
        var hash = _open ?? BeginWithPrevious();
        _open = null;
        return hash;
    }

    private TsigHash BeginWithPrevious()
    {
        var hash = Key.StartHash();
        if (_previousLength == 0) { return hash; }
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)_previousLength);
        hash.Append(length);
        hash.Append(_previous.AsSpan(0, _previousLength));
        return hash;
    }

    /// <summary>The message as it was before it was signed: without the signature in its count, and with the number that it had then.</summary>
    private static void AppendUnsigned(TsigHash hash, ReadOnlySpan<byte> message, ushort id)
    {
        Span<byte> header = stackalloc byte[MessageHeader.Length];
        message[..MessageHeader.Length].CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(header[10..]) - 1));
        hash.Append(header);
        hash.Append(message[MessageHeader.Length..]);
    }

    private void AppendVariables(TsigHash hash, ulong time, ushort fudge, ResponseCode error, scoped ReadOnlySpan<byte> other)
    {
        Span<byte> bytes = stackalloc byte[6];
        if (!_isContinued)
        {
            hash.Append(Key.Name.Wire);
            BinaryPrimitives.WriteUInt16BigEndian(bytes, RecordClass.Any.Value);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], 0);
            hash.Append(bytes);
            hash.Append(Key.Algorithm.Name.Wire);
        }
        TsigRecord.WriteTime(bytes, time);
        hash.Append(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, fudge);
        hash.Append(bytes[..2]);
        if (_isContinued) { return; }
        BinaryPrimitives.WriteUInt16BigEndian(bytes, error.Value);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)other.Length);
        hash.Append(bytes[..4]);
        hash.Append(other);
    }

    /// <summary>The second code of an exchange is its first answer's; from then on the short form holds.</summary>
    private void SetPrevious(ReadOnlySpan<byte> mac)
    {
        _isContinued = _previousLength > 0;
        mac.CopyTo(_previous);
        (_previousLength, _unsigned) = (mac.Length, 0);
    }
}
