using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Keeping;

/// <summary>A server gave a copy of a zone away.</summary>
/// <param name="Client">To whom.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="Kind">How.</param>
/// <param name="Serial">Which version.</param>
/// <param name="Key">The key that signed it; empty for none.</param>
/// <param name="Messages">In how many messages.</param>
/// <param name="Records">Records, the copies of the SOA record counted.</param>
/// <param name="Bytes">Bytes of the messages.</param>
/// <param name="IsWhole">Whether all of it went.</param>
public sealed record ZoneGiven(
    Endpoint Client, string Zone, TransferKind Kind, uint Serial, string Key, int Messages, long Records, long Bytes, bool IsWhole) : TraceEvent;

/// <summary>A server refused somebody something that is not everybody's.</summary>
/// <param name="Client">Whom.</param>
/// <param name="Transport">How the request came: over UDP the address may be anybody's.</param>
/// <param name="Kind">What was wanted.</param>
/// <param name="Zone">Of which zone.</param>
/// <param name="Code">What was answered.</param>
/// <param name="Key">The key that signed the request; empty for none.</param>
/// <param name="Count">How often this has happened, this time counted; of many in a short time not each is told.</param>
public sealed record RequestRefused(
    Endpoint Client, DnsTransport Transport, RequestKind Kind, string Zone, string Code, string Key, long Count) : TraceEvent;

/// <summary>A secondary took a newer version of a zone over.</summary>
/// <param name="Primary">From whom.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="IsIncremental">Whether as differences.</param>
/// <param name="Serial">The version.</param>
/// <param name="Records">The records that came.</param>
/// <param name="Bytes">Bytes of the messages.</param>
public sealed record ZoneTaken(Endpoint Primary, string Zone, bool IsIncremental, uint Serial, long Records, long Bytes) : TraceEvent;

/// <summary>Why a secondary could not ask its primary, or not take over what came.</summary>
public enum RefreshFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The primary cannot be reached, or the connection broke.</summary>
    Network,

    /// <summary>The primary took too long.</summary>
    Late,

    /// <summary>The connection ended in the middle.</summary>
    Cut,

    /// <summary>The signature of an answer does not hold, or the primary did not believe ours.</summary>
    Signature,

    /// <summary>The answer cannot be used.</summary>
    Answer,

    /// <summary>What came is no zone that can be served.</summary>
    Unfit,

    /// <summary>The zone could not be written to its file; it is served all the same.</summary>
    NotSaved,
}

/// <summary>A secondary could not refresh its zone.</summary>
/// <param name="Primary">Whom it asked.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Error">The network's or the file's reason.</param>
/// <param name="Signature">What is wrong with the signature.</param>
/// <param name="Answer">What is wrong with the answer.</param>
/// <param name="Code">What the primary said; empty where it said nothing.</param>
public sealed record ZoneRefreshFailed(
    Endpoint Primary, string Zone, RefreshFault Fault, Errno Error, TsigFault Signature, TransferFault Answer, string Code) : TraceEvent;

/// <summary>A secondary has not heard of its primary for longer than the zone allows: the zone is not served any more.</summary>
public sealed record ZoneExpired(string Zone) : TraceEvent;

/// <summary>A primary says that a zone has a newer version.</summary>
/// <param name="Primary">Who says so.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="Serial">The version, where it was said.</param>
public sealed record NotifyReceived(Endpoint Primary, string Zone, uint? Serial) : TraceEvent;

/// <summary>A secondary was told that a zone has a newer version.</summary>
/// <param name="Secondary">Who.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="Serial">The version.</param>
/// <param name="Code">What it answered; empty when it did not answer, however often it was told.</param>
public sealed record NotifySent(Endpoint Secondary, string Zone, uint Serial, string Code) : TraceEvent;

/// <summary>A zone was changed by a message (RFC 2136), and the change is on disk.</summary>
/// <param name="Client">By whom.</param>
/// <param name="Zone">The zone's name.</param>
/// <param name="Key">The key that signed the message.</param>
/// <param name="Serial">The new version.</param>
/// <param name="Removed">Records that went.</param>
/// <param name="Added">Records that came.</param>
public sealed record ZoneUpdated(Endpoint Client, string Zone, string Key, uint Serial, int Removed, int Added) : TraceEvent;

/// <summary>A change could not be written to the journal; it was not made, and whoever wanted it was told SERVFAIL.</summary>
public sealed record JournalNotWritten(string Zone, Errno Error) : TraceEvent;
