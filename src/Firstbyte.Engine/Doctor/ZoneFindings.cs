using System.Globalization;
using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Something is wrong in the file, or with the zone that it makes.</summary>
/// <param name="Problem">What, where, and what would be right.</param>
public sealed record ZoneFaulty(ZoneProblem Problem) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Problem?.ToString() ?? "";

    /// <summary>Whether validators refuse answers for it: it is no fault of the file's form, and it is one of the signed zone's.</summary>
    [JsonIgnore]
    public bool BreaksTrust => Problem?.Flaw is >= ZoneFlaw.SignatureExpired and <= ZoneFlaw.DigestWrong and not ZoneFlaw.SignatureStray;
}

/// <summary>The zone has one name server alone.</summary>
public sealed record ZoneServersFew : Finding;

/// <summary>All name servers are in one network, and fall silent together.</summary>
/// <param name="Network">Which: a /24 or a /48.</param>
/// <param name="Servers">How many name servers there are.</param>
public sealed record ZoneServersTogether(IpPrefix Network, int Servers) : Finding;

/// <summary>No name server has an address of a version.</summary>
/// <param name="Version">Which.</param>
public sealed record ZoneServersWithout(IpVersion Version) : Finding;

/// <summary>A name server has an address at which the Internet cannot ask it.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Address">The address.</param>
/// <param name="Use">What addresses of its block are for.</param>
public sealed record ZoneServerUnreachable(string Server, IpAddress Address, AddressKind Use) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Server} {Address}";
}

/// <summary>The SOA record names a primary server that is none of the zone's name servers.</summary>
/// <param name="Primary">Which.</param>
public sealed record ZonePrimaryHidden(string Primary) : Finding;

/// <summary>A time of the SOA record is other than operators recommend.</summary>
/// <param name="Timer">Which.</param>
/// <param name="Seconds">What it is.</param>
/// <param name="Least">The least that it should be, in seconds.</param>
/// <param name="Most">The most that it should be, in seconds.</param>
public sealed record ZoneTimerUnwise(SoaTimer Timer, uint Seconds, uint Least, uint Most) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Timer.ToString();
}

/// <summary>The times of an SOA record (RFC 1035 section 3.3.13).</summary>
public enum SoaTimer
{
    /// <summary>After it secondaries ask for a newer version.</summary>
    Refresh,

    /// <summary>After it they ask again, where that failed.</summary>
    Retry,

    /// <summary>After it they give the zone up.</summary>
    Expire,

    /// <summary>So long caches remember at most that something does not exist.</summary>
    Minimum,
}

/// <summary>The mailbox of the SOA record has an @, where the first dot stands for it.</summary>
/// <param name="Mailbox">What stands there.</param>
public sealed record ZoneMailboxMiswritten(string Mailbox) : Finding;

/// <summary>A referral to the zone is longer than a datagram without EDNS may be.</summary>
/// <param name="Bytes">How long it is.</param>
public sealed record ZoneReferralLong(int Bytes) : Finding;

/// <summary>The zone is not signed.</summary>
public sealed record ZoneUnsigned : Finding;

/// <summary>Signatures end soon.</summary>
/// <param name="Name">The name of the set whose signature ends first.</param>
/// <param name="Type">The type of that set.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Days">Whole days until then.</param>
public sealed record ZoneSignaturesExpiring(string Name, string Type, Instant Until, int Days) : Finding;

/// <summary>A key is of an algorithm that must not, or should not, sign any more.</summary>
/// <param name="KeyTag">The number of the key.</param>
/// <param name="Algorithm">The algorithm's mnemonic.</param>
public sealed record ZoneAlgorithmOld(int KeyTag, string Algorithm) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => string.Create(CultureInfo.InvariantCulture, $"{KeyTag} {Algorithm}");
}

/// <summary>Names are hashed more than once, or with a salt, which costs everybody and protects nothing.</summary>
/// <param name="Iterations">How often beside the first time.</param>
/// <param name="SaltLength">Octets of salt.</param>
public sealed record ZoneHashesCostly(int Iterations, int SaltLength) : Finding;

/// <summary>A CDS or CDNSKEY record asks the parent to point to a key that the zone does not show.</summary>
/// <param name="Type">CDS or CDNSKEY.</param>
/// <param name="Record">Its data.</param>
public sealed record ZoneChildRecordForeign(string Type, string Record) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Type} {Record}";
}

/// <summary>CDS or CDNSKEY records ask the parent to take its DS records away.</summary>
public sealed record ZoneAsksForUnsigning : Finding;

/// <summary>
/// What the parent zone has to be given, so that the zone is found and believed: servers, their addresses, and for a signed zone its DS records.
/// </summary>
/// <param name="Records">The records.</param>
/// <param name="IsSigned">Whether DS records are among them.</param>
public sealed record ZoneDelegation(string[] Records, bool IsSigned) : Finding;
