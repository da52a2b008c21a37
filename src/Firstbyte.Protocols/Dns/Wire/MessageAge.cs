using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>The time for which a message has lain somewhere on the way, taken off what its records may still be kept (RFC 8484 section 5.1).</summary>
public static class MessageAge
{
    // The TTL and the length of the data stand before the data (RFC 1035 section 4.1.3).
    private const int TtlBeforeData = 6;

    /// <summary>Makes every record so many seconds older; none gets below zero. A message that cannot be read stays as it is.</summary>
    public static void Add(Span<byte> message, uint seconds)
    {
        if (seconds == 0 || !MessageView.TryRead(message, out var view, out _)) { return; }
        foreach (var record in view.Answers) { Add(message, record, seconds); }
        foreach (var record in view.Authorities) { Add(message, record, seconds); }
        foreach (var record in view.Additionals) { Add(message, record, seconds); }
    }

    private static void Add(Span<byte> message, scoped RecordView record, uint seconds)
    {
        // What stands there in an OPT record is no time (RFC 6891 section 6.1.3).
        if (record.Type == RecordType.OPT) { return; }
        var ttl = record.Ttl.Seconds;
        BinaryPrimitives.WriteUInt32BigEndian(message[(record.DataOffset - TtlBeforeData)..], ttl - Math.Min(ttl, seconds));
    }
}
