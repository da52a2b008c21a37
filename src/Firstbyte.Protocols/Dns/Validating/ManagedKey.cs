using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Validating;

/// <summary>Where a key that is followed stands (RFC 5011 section 4.2). The numbers are those that files have.</summary>
public enum ManagedKeyState
{
    /// <summary>Not known, or no longer.</summary>
    Start = 0,

    /// <summary>Seen in a set that holds, and not believed before the hold-down is over.</summary>
    Pending = 1,

    /// <summary>Believed.</summary>
    Valid = 2,

    /// <summary>Believed, though the zone shows it no longer: nobody has taken it back.</summary>
    Missing = 3,

    /// <summary>Taken back by itself: never believed again.</summary>
    Revoked = 4,

    /// <summary>Gone: held so that it does not come back.</summary>
    Removed = 5,
}

/// <summary>A key of a zone that is followed.</summary>
/// <param name="Data">The data of its DNSKEY record, as it was seen last.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when, in seconds since 1970.</param>
/// <param name="TtlSeconds">The time to live that was signed with its set.</param>
public sealed record ManagedKey(RecordData Data, ManagedKeyState State, long Since, uint TtlSeconds)
{
    /// <summary>Whether what it signs is believed.</summary>
    public bool IsBelieved => State is ManagedKeyState.Valid or ManagedKeyState.Missing;

    /// <summary>Whether another key is the same but for having been taken back.</summary>
    internal bool IsSameAs(ZonePublicKey key) => Data.Wire[3] == key.Algorithm.Value && Data.Wire[4..].SequenceEqual(key.Key);

    /// <summary>The number of the key as it was before anybody took it back.</summary>
    public ushort KeyTag
    {
        get
        {
            var wire = Data.Wire.ToArray();
            BinaryPrimitives.WriteUInt16BigEndian(wire, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(wire) & ~ZonePublicKey.RevokedFlag));
            return ZonePublicKey.TagOf(wire);
        }
    }
}

/// <summary>A key came into another state.</summary>
/// <param name="KeyTag">Its number.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state now.</param>
public readonly record struct ManagedKeyChange(ushort KeyTag, ManagedKeyState From, ManagedKeyState To);

/// <summary>Says whether a key made a signature of a set; times are not its business.</summary>
public delegate bool SignatureVerdict(RecordSet set, RecordData signature, ZonePublicKey key);
