using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>Another server, and the key by which it and we know each other.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Key">The key; null for none.</param>
public sealed record ServerPeer(Endpoint Endpoint, TsigKey? Key);

/// <summary>A zone that is copied from a primary.</summary>
/// <param name="Origin">The zone's name.</param>
/// <param name="Primary">Where it comes from.</param>
/// <param name="Store">Where it is kept from run to run.</param>
public sealed record SecondaryOptions(DnsName Origin, ServerPeer Primary, ISecondaryStore Store)
{
    /// <summary>What a transfer may take.</summary>
    public TransferLimits Limits { get; init; } = new();

    /// <summary>How long the primary may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long there may be silence between two messages (own choice; BIND's max-transfer-idle-in is an hour).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a transfer may take (BIND's max-transfer-time-in).</summary>
    public TimeSpan WholeTimeout { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>Keeps the zone of a secondary from run to run.</summary>
public interface ISecondaryStore
{
    /// <summary>The zone that was kept, and when it was last known to be the primary's; null when there is none.</summary>
    (Zone Zone, Instant Refreshed)? Load();

    /// <summary>Keeps a version, whole or not at all; gives the reason when it could not.</summary>
    Errno Save(Zone zone);

    /// <summary>The version that is kept is still the primary's.</summary>
    void Touch();
}

/// <summary>Keeps the changes of a zone.</summary>
public interface IJournalFile
{
    /// <summary>Appends an entry and returns when it is safe; gives the reason when it is not, and there is nothing of it then.</summary>
    Errno Append(ReadOnlySpan<byte> entry);
}
