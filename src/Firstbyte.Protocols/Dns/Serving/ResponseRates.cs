using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Serving;

/// <summary>How often one network is told one thing (response rate limiting, as BIND, NSD and Knot do it).</summary>
/// <param name="PerSecond">Equal responses to one network in a second; NSD's rrl-ratelimit is 200.</param>
/// <param name="Slip">Of those that are too many every so-manieth goes out cut, so that a real client asks again over TCP; 2 is everybody's default.</param>
/// <param name="Secret">Keeps outsiders from choosing addresses and names that are counted together.</param>
public sealed record ResponseRateLimit(int PerSecond, int Slip, SipKey Secret)
{
    /// <summary>Networks are counted, not addresses: BIND's and NSD's prefix lengths.</summary>
    internal const int V4Prefix = 24, V6Prefix = 56;

    /// <summary>Counters: NSD's rrl-size is a million; these take 1 MB, and those who meet in one share it until one of them is quiet.</summary>
    internal const int Counters = 1 << 16;
}

/// <summary>What becomes of a response.</summary>
internal enum RateVerdict
{
    Send,
    Drop,
    SendCut,
}

/// <summary>Counts responses. Several drivers may count at once: what one of them misses of the others' does not matter for a rate.</summary>
internal sealed class ResponseRates(ResponseRateLimit limit)
{
    private readonly Counter[] _counters = new Counter[ResponseRateLimit.Counters];

    /// <summary>Counts a response to a client; the name is that of the set, the zone or the wildcard it comes from.</summary>
    public RateVerdict Count(IpAddress client, Instant now, int kind, ulong name)
    {
        Span<byte> key = stackalloc byte[28];
        key.Clear();
        client.WriteBytes(key);
        // The rest of the address is cut off: whoever forges one forges its neighbours as well.
        var kept = (client.IsV4 ? ResponseRateLimit.V4Prefix : ResponseRateLimit.V6Prefix) / 8;
        key[kept..16].Clear();
        BitConverter.TryWriteBytes(key[16..], kind);
        BitConverter.TryWriteBytes(key[20..], name);
        var hash = SipHash24.Hash(limit.Secret, key);
        ref var counter = ref _counters[(int)hash & ResponseRateLimit.Counters - 1];
        var (second, tag) = ((uint)(now.Nanoseconds / 1_000_000_000), (uint)(hash >> 32));
        if (counter.Tag != tag && counter.Second == second && counter.Count > limit.PerSecond) { return RateVerdict.Send; }
        if (counter.Tag != tag || counter.Second != second) { (counter.Tag, counter.Count) = (tag, counter.Tag == tag ? Left(counter, second) : 0); }
        counter.Second = second;
        if (++counter.Count <= limit.PerSecond) { return RateVerdict.Send; }
        return limit.Slip > 0 && (counter.Count - limit.PerSecond) % limit.Slip == 0 ? RateVerdict.SendCut : RateVerdict.Drop;
    }

    /// <summary>Half of what was counted goes with each second, as in NSD: a flood that goes on is not let through anew every second.</summary>
    private static int Left(Counter counter, uint second) => second - counter.Second < 31 ? counter.Count >> (int)(second - counter.Second) : 0;

    private struct Counter
    {
        public uint Tag;
        public uint Second;
        public int Count;
    }
}
