using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>Data that this program made itself, so that it has the shape of its type.</summary>
internal static class RecordWire
{
    /// <summary>The data of a record.</summary>
    public static RecordData ToData(RecordType type, ReadOnlySpan<byte> wire) =>
        RecordData.TryRead(type, wire, out var data) ? data : throw new InvalidOperationException($"the data does not have the shape of {type}");
}
