using Firstbyte.Hashing;

namespace Firstbyte.Hosts;

/// <summary>The host's unpredictable numbers, made from its one secret: a keyed hash of a counter.</summary>
internal struct HostRandom(SipKey secret)
{
    private ulong _counter;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        Span<byte> counter = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(counter, _counter++);
        return SipHash24.Hash(secret, counter);
    }

    /// <summary>A number from 0 to below the limit.</summary>
    public uint Below(uint limit) => (uint)(((Next() >> 32) * limit) >> 32);
}

/// <summary>Permits that come at a steady rate and can be saved up to a limit (RFC 4443 section 2.4 (f) recommends one for ICMP errors).</summary>
internal struct TokenBucket(int perSecond, int burst)
{
    private long _at;
    private long _tokens = burst * NanosecondsPerSecond;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Takes a permit if there is one.</summary>
    public bool TryTake(Firstbyte.Tracing.Instant now)
    {
        // One token is a second's worth of nanoseconds, so that the rate divides nothing.
        var passed = Math.Clamp(now.Nanoseconds - _at, 0, burst * NanosecondsPerSecond / Math.Max(1, perSecond) + 1);
        _at = now.Nanoseconds;
        _tokens = Math.Min(_tokens + passed * perSecond, burst * NanosecondsPerSecond);
        if (_tokens < NanosecondsPerSecond) { return false; }
        _tokens -= NanosecondsPerSecond;
        return true;
    }
}
