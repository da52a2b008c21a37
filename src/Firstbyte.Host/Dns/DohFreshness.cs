using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Host.Dns;

/// <summary>How long a cache of HTTP may keep a response (RFC 8484 section 5.1).</summary>
internal static class DohFreshness
{
    /// <summary>
    /// Seconds: the smallest TTL of the answer, of a denial what its SOA record allows (RFC 2308 section 5); 0 for what nobody should keep.
    /// </summary>
    public static long Of(ReadOnlySpan<byte> response)
    {
        if (!MessageView.TryRead(response, out var message, out _)) { return 0; }
        if (message.ResponseCode != ResponseCode.NoError && message.ResponseCode != ResponseCode.NameError) { return 0; }
        if (message.Header.IsTruncated) { return 0; }
        long? least = null;
        foreach (var record in message.Answers) { least = Math.Min(least ?? long.MaxValue, record.Ttl.Seconds); }
        // A chain of aliases that ends in nothing is kept no longer than the denial.
        if (least is not null && message.ResponseCode == ResponseCode.NoError) { return least.Value; }
        foreach (var record in message.Authorities)
        {
            if (record.TryGetNegativeTtl(out var ttl)) { return Math.Min(least ?? long.MaxValue, ttl.Seconds); }
        }
        return 0;
    }
}
