using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Dns;

/// <summary>A store that others write to as well, is slow, or is not there, as a test wants it.</summary>
internal sealed class MemoryTier(INetwork network) : ISecondCacheTier
{
    public Endpoint Server { get; } = new(IpAddress.Parse("10.9.9.9"), 6379);

    public Dictionary<string, byte[]> Values { get; } = [];

    /// <summary>How long it takes to answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether it answers.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it breaks where others say that it is not there.</summary>
    public bool IsBroken { get; set; }

    public int Asked { get; private set; }

    public int Put { get; private set; }

    public async ValueTask<SecondTierReply> FindAsync(string key, int maxLength, CancellationToken cancellationToken)
    {
        Asked++;
        if (IsBroken) { throw new InvalidOperationException("broken"); }
        if (Delay > TimeSpan.Zero) { await Task.Delay(Delay, network.Time, cancellationToken); }
        return IsGone ? SecondTierReply.None : new SecondTierReply(true, Values.TryGetValue(key, out var value) ? value : default(ReadOnlyMemory<byte>?));
    }

    public async ValueTask<bool> KeepAsync(string key, ReadOnlyMemory<byte> value, TimeSpan time, CancellationToken cancellationToken)
    {
        Put++;
        if (IsBroken) { throw new InvalidOperationException("broken"); }
        if (Delay > TimeSpan.Zero) { await Task.Delay(Delay, network.Time, cancellationToken); }
        if (!IsGone) { Values[key] = value.ToArray(); }
        return !IsGone;
    }

    public void Dispose() { }
}
