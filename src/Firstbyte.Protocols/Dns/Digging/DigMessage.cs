using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Digging;

/// <summary>The message of a question, bit by bit as the line says.</summary>
public static class DigMessage
{
    private const ushort ReservedBit = 0x0040;

    /// <summary>Writes the message, without a signature, and returns its length.</summary>
    /// <param name="query">The question.</param>
    /// <param name="id">The number.</param>
    /// <param name="cookie">The cookie to send; null for none.</param>
    /// <param name="signatureLength">What a signature will take behind it: padding counts it.</param>
    /// <param name="buffer">Room for any such message.</param>
    public static int Write(DigQuery query, ushort id, byte[]? cookie, int signatureLength, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(query);
        var options = query.EdnsVersion is null ? [] : Options(query, cookie);
        var length = Write(query, id, options, buffer);
        if (query.EdnsVersion is null || query.Padding == 0) { return length; }
        // RFC 7830 section 3: an option of its own, which is four bytes at least.
        var whole = length + 4 + signatureLength;
        var padding = new EdnsOption(EdnsOptionCode.Padding, new byte[(query.Padding - whole % query.Padding) % query.Padding]);
        return Write(query, id, [.. options, padding], buffer);
    }

    private static List<EdnsOption> Options(DigQuery query, byte[]? cookie)
    {
        var options = new List<EdnsOption>();
        if (query.IsNsidWanted) { options.Add(new EdnsOption(EdnsOptionCode.Nsid, [])); }
        if (query.Subnet is { } subnet) { options.Add(new EdnsOption(EdnsOptionCode.ClientSubnet, subnet.ToArray())); }
        if (cookie is not null) { options.Add(new EdnsOption(EdnsOptionCode.Cookie, cookie)); }
        if (query.IsExpireWanted) { options.Add(new EdnsOption(EdnsOptionCode.Expire, [])); }
        if (query.IsKeepAliveWanted) { options.Add(new EdnsOption(EdnsOptionCode.KeepAlive, [])); }
        options.AddRange(query.Options);
        return options;
    }

    private static int Write(DigQuery query, ushort id, List<EdnsOption> options, Span<byte> buffer)
    {
        var writer = new MessageWriter(buffer);
        if (!query.IsHeaderOnly) { writer.TryWriteQuestion(new Question(query.Name, query.Type, query.Class)); }
        if (query.Type == RecordType.IXFR)
        {
            // RFC 1995 section 3: the version that is there, and nothing else of it matters.
            var soa = new SoaData(DnsName.Root, DnsName.Root, query.Serial, 0, 0, 0, 0);
            writer.TryWriteRecord(MessageSection.Authority, new DnsRecord(query.Name, query.Class, Ttl.Zero, soa));
        }
        if (query.EdnsVersion is { } version)
        {
            var edns = new Edns(query.BufferSize, version, query.IsDnssecWanted, options);
            var bytes = edns.OptionBytes();
            writer.TryWriteEdns(query.BufferSize, ResponseCode.NoError, query.IsDnssecWanted, bytes, version);
            // The flags are the lower half of what is the TTL elsewhere, before RDLENGTH and the options.
            var flags = buffer[(writer.Length - bytes.Length - 4)..];
            BinaryPrimitives.WriteUInt16BigEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(flags) | query.EdnsFlags));
        }
        var length = writer.Finish(id, query.Flags, query.OpCode, ResponseCode.NoError);
        if (query.Z) { buffer[3] |= (byte)ReservedBit; }
        return length;
    }
}
