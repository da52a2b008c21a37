using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transfers;

namespace Firstbyte.Dns.Serving;

/// <summary>What somebody wanted who was refused.</summary>
public enum RequestKind
{
    /// <summary>Any answer, with a signature that does not hold.</summary>
    Signature,

    /// <summary>A copy of a zone.</summary>
    Transfer,

    /// <summary>To say that a zone has a newer version.</summary>
    Notify,

    /// <summary>To change a zone.</summary>
    Update,
}

/// <summary>Stands behind a server whose zones change while it serves them. It is called from whichever thread answers.</summary>
public interface IZoneKeeper
{
    /// <summary>A primary says that a zone has a newer version (RFC 1996); returns what is answered.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="serial">The version, where it was said.</param>
    /// <param name="source">Who says so.</param>
    ResponseCode TakeNotify(DnsName zone, uint? serial, in QuerySource source);

    /// <summary>Somebody wants to change a zone (RFC 2136); returns what is answered, once the change is safe.</summary>
    /// <param name="message">The message, well-formed and without its signature.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="source">Who wants it.</param>
    ResponseCode TakeUpdate(ReadOnlySpan<byte> message, DnsName zone, in QuerySource source);

    /// <summary>Somebody got a copy of a zone, as far as its messages say.</summary>
    /// <param name="transfer">What went out.</param>
    /// <param name="source">To whom.</param>
    /// <param name="isWhole">Whether all of it went; the connection broke otherwise.</param>
    void Transferred(ZoneTransfer transfer, in QuerySource source, bool isWhole);

    /// <summary>Somebody was refused.</summary>
    /// <param name="kind">What was wanted.</param>
    /// <param name="zone">Of which zone, or what name was asked for.</param>
    /// <param name="code">What was answered; of a signature what is wrong with it.</param>
    /// <param name="source">Who.</param>
    void Refused(RequestKind kind, DnsName zone, ResponseCode code, in QuerySource source);
}
