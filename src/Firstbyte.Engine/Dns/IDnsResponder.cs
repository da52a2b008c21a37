using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Knows answers: what a <see cref="DnsServer"/> asks for every message that comes in.</summary>
public interface IDnsResponder
{
    /// <summary>Writes the response to a query and returns its length; 0 when nothing should be sent.</summary>
    /// <param name="query">The bytes that came, whatever they are. They stay as they are until the call is done.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="transport">How: over UDP the response must not be longer than what the query's EDNS allows (512 bytes without).</param>
    /// <param name="response">Room for the response.</param>
    /// <param name="span">The step of this query: what is done for it belongs inside.</param>
    /// <param name="cancellationToken">Cancelled when the server stops.</param>
    ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken);

    /// <summary>Begins the transfer of a zone that a message over TCP asks for, and may; null when there is one answer to it, or none.</summary>
    ZoneTransfer? BeginTransfer(ReadOnlySpan<byte> query, Endpoint client) => null;

    /// <summary>A transfer has ended; whole, or because the connection broke.</summary>
    void EndTransfer(ZoneTransfer transfer, Endpoint client, bool isWhole) { }
}

/// <summary>Answers from zones, at once.</summary>
/// <param name="server">Knows the answers.</param>
/// <param name="time">The host's clock, where the server gives cookies or counts rates.</param>
public sealed class AuthoritativeResponder(AuthoritativeServer server, TimeProvider? time = null) : IDnsResponder
{
    /// <summary>A responder that serves zones and nothing beside them.</summary>
    public AuthoritativeResponder(ZoneSet zones) : this(new AuthoritativeServer(zones)) { }

    /// <summary>Knows the answers.</summary>
    public AuthoritativeServer Server => server;

    /// <summary>The zones; a new set takes effect with the next query.</summary>
    public ZoneSet Zones
    {
        get => server.Zones;
        set => server.Zones = value;
    }

    /// <inheritdoc/>
    public ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken) =>
        new(server.Answer(
            query.Span, SourceOf(client, transport), response.Span));

    /// <inheritdoc/>
    public ZoneTransfer? BeginTransfer(ReadOnlySpan<byte> query, Endpoint client) => server.BeginTransfer(query, SourceOf(client, DnsTransport.Tcp));

    /// <inheritdoc/>
    public void EndTransfer(ZoneTransfer transfer, Endpoint client, bool isWhole) =>
        server.Keeper?.Transferred(transfer, SourceOf(client, DnsTransport.Tcp), isWhole);

    private QuerySource SourceOf(Endpoint client, DnsTransport transport) =>
        new(client, transport, time is null ? default : Instant.FromDateTimeOffset(time.GetUtcNow()));
}
