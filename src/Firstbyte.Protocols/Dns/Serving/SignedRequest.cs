using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Serving;

/// <summary>A query with a signature: what was signed, by whom, and what is said to one that does not hold (RFC 8945 section 5.2).</summary>
internal readonly ref struct SignedRequest
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<byte> _keyName, _algorithm;
    private readonly ulong _time;
    private readonly Instant _now;

    /// <summary>Reads and checks a message that is well-formed but for its signature, if at all.</summary>
    public SignedRequest(ReadOnlySpan<byte> bytes, TsigKeyring keys, Instant now)
    {
        _bytes = bytes;
        _now = now;
        MessageView.TryRead(bytes, out var view, out _);
        Span<byte> name = new byte[WireName.MaxLength];
        if (TsigRecord.Find(view, name, out var record) != TsigPresence.Present)
        {
            Fault = TsigFault.Malformed;
            return;
        }
        _keyName = record.KeyName;
        _algorithm = record.AlgorithmName;
        _time = record.Time;
        Fault = TsigSession.CheckRequest(bytes, record, keys, now, out var session);
        Session = session;
        if (Fault != TsigFault.None) { return; }
        var unsigned = bytes[..record.Offset].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(unsigned.AsSpan(10), (ushort)(view.Header.AdditionalCount - 1));
        Unsigned = unsigned;
    }

    /// <summary>The name that is asked for; the root when that cannot be told.</summary>
    public DnsName Name => MessageView.TryRead(_bytes, out var view, out _) && view.TryGetQuestion(out var question) ? question.Name.ToName() : DnsName.Root;

    /// <summary>The code that says what is wrong.</summary>
    public ResponseCode Error => Fault switch
    {
        TsigFault.BadKey => ResponseCode.BadKey,
        TsigFault.BadTime => ResponseCode.BadTime,
        TsigFault.BadTruncation => ResponseCode.BadTruncation,
        TsigFault.Malformed => ResponseCode.FormatError,
        _ => ResponseCode.BadSignature,
    };

    /// <summary>What is wrong with the signature.</summary>
    public TsigFault Fault { get; }

    /// <summary>Signs the answers, when the signature holds or only its time or length is wrong.</summary>
    public TsigSession? Session { get; }

    /// <summary>The query as it was before it was signed.</summary>
    public ReadOnlySpan<byte> Unsigned { get; }

    /// <summary>Writes what is said of a signature that does not hold. Who does not know the secret gets nothing signed.</summary>
    public int WriteRefusal(Span<byte> response)
    {
        MessageHeader.TryRead(_bytes, out var header);
        var flags = HeaderFlags.Response | header.Flags & HeaderFlags.RecursionDesired;
        var writer = new MessageWriter(response);
        if (Fault == TsigFault.Malformed) { return writer.Finish(header.Id, flags, header.OpCode, ResponseCode.FormatError); }
        if (MessageView.TryRead(_bytes, out var view, out _) && view.TryGetQuestion(out var question)) { writer.TryWriteQuestion(question.ToQuestion()); }
        var length = writer.Finish(header.Id, flags, header.OpCode, ResponseCode.NotAuthoritative);
        switch (Fault)
        {
            case TsigFault.BadTime:
                Span<byte> ours = stackalloc byte[TsigRecord.TimeLength];
                TsigRecord.WriteTime(ours, TsigSession.Seconds(_now));
                return Session!.Sign(response, length, _time, ResponseCode.BadTime, ours);
            case TsigFault.BadTruncation: return Session!.Sign(response, length, TsigSession.Seconds(_now), ResponseCode.BadTruncation, default);
            default:
                // Names of 255 bytes leave no room in the smallest answer: it says NOTAUTH alone then.
                if (response.Length < length + _keyName.Length + TsigRecord.FixedLength + _algorithm.Length + TsigRecord.FieldsLength) { return length; }
                return TsigSession.WriteRecord(response, length, _keyName, _algorithm, TsigSession.Seconds(_now), default, Error, default);
        }
    }
}
