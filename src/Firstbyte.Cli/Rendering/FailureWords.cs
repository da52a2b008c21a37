using System.Globalization;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for a journey that failed: what happened, whose fault it is, what to try.</summary>
internal static class FailureWords
{
    /// <summary>The lines of the failure, with their inks.</summary>
    public static IEnumerable<(string Text, Ink Ink)> Of(JourneyFailure failure)
    {
        yield return ("✗ " + What(failure), Ink.Bad);
        yield return ("At fault: " + AtFault(failure), Ink.Plain);
        if (Try(failure) is { } cure) { yield return ("Try: " + cure, Ink.Plain); }
    }

    /// <summary>The failure as the relay of our DNS server saw it, which knows more than the SERVFAIL that reached us.</summary>
    public static JourneyFailure ByRelay(JourneyFailure failure, ResolutionFailed relay) => failure is NameUnresolved name
        ? name with { Reason = relay.Reason, Blamed = relay.AtFault == FaultParty.ZoneOperator ? relay.AtFault : name.Blamed, Zone = relay.AtFaultZone ?? name.Zone }
        : failure;

    /// <summary>The failure as one line, for standard error.</summary>
    public static string OneLine(JourneyFailure failure) => $"firstbyte: ({FailureTable.Of(failure).ExitCode}) {What(failure)}";

    private static string What(JourneyFailure failure) => failure switch
    {
        UrlUnreadable url => $"This is not a URL: {UrlWords.Of(url.Error)} (character {url.Position + 1}).",
        SchemeWithoutClient client => $"There is no client for {Printable.Text(client.Scheme)} yet; this version fetches http: and https:.",
        RequestUnwritable request => $"The request cannot be written: {HttpWords.Of(request.Fault, Printable.Text(request.Field))}.",
        NotADomainName name => $"{Printable.Text(name.Name)} is not a domain name: a part of it is empty or longer than 63 bytes, or the whole is longer than 255.",
        NameDoesNotExist name => $"The name {Printable.Text(name.Name)} does not exist{SaidBy(name.SaidBy)}.",
        NameWithoutAddress name => $"The name {Printable.Text(name.Name)} exists, but has no address.",
        NameUnresolved name => $"The name {Printable.Text(name.Name)} could not be resolved: {(name.Blamed == FaultParty.ZoneOperator ? Zone(name) + ": " : "")}{Words.Of(name.Reason)}.",
        NotConnected connect => Connect(connect, connect.Attempts[^1]),
        HandshakeFailed tls => $"The TLS handshake with {Printable.Text($"{tls.Origin}")} failed: {Handshake(tls)}.",
        RequestUnsent sent => $"{Printable.Text($"{sent.Origin}")} did not take the whole request: the connection broke ({sent.Error}).",
        ResponseUnreadable response => $"{Printable.Text($"{response.Origin}")}: {HttpWords.OfFault(response.Fault)}{(response.Position > 0 ? $" (byte {response.Position})" : "")}.",
        ResponseUnreceived { Error: Errno.ECONNRESET } broken => $"{Printable.Text($"{broken.Origin}")} reset the connection{(broken.Position > 0 ? $" after byte {broken.Position}" : "")}.",
        ResponseUnreceived broken => $"The connection to {Printable.Text($"{broken.Origin}")} broke while its response was read ({broken.Error}, byte {broken.Position}).",
        BodyUnsaved body => $"The body could not be saved: {ErrnoWords.OfFile(body.Error)}.",
        OutOfTime time => Time(time),
        _ => throw new ArgumentException("a failure without words", nameof(failure)),
    };

    private static string Zone(NameUnresolved name) => Printable.Text(name.Zone == "." ? "the root" : name.Zone.TrimEnd('.'));

    private static string SaidBy(AnswerSource source) => source.Kind switch
    {
        AnswerSourceKind.SpecialUseName => ", by a rule for special-use names (RFC 6761)",
        _ when source.ServerName.Length > 0 => $": {Printable.Text(source.ServerName)} says so",
        _ when source.Server is { } server => $": {server.Address} says so",
        _ => "",
    };

    private static string Connect(NotConnected failed, ConnectAttempt last)
    {
        var party = Printable.Text($"{failed.Origin}");
        return last.Error switch
        {
            Errno.ECONNREFUSED => $"The connection to {party} was refused: the host is there, but nothing listens on that port.",
            Errno.ETIMEDOUT => $"No connection to {party}: no answer came within {Seconds(last.ElapsedNanoseconds)}.",
            Errno.ENETUNREACH => $"No connection to {party}: this host has no route to that network.",
            Errno.EHOSTUNREACH or Errno.EHOSTDOWN => $"No connection to {party}: the host cannot be reached.",
            Errno.EAFNOSUPPORT => $"No connection to {party}: this host does not speak that version of IP.",
            Errno.EMFILE => "No socket could be created: this process has too many open already.",
            _ => $"No connection to {party}: {last.Error}.",
        };
    }

    private static string Handshake(HandshakeFailed tls) => tls switch
    {
        { Reason: TlsFailureReason.CertificateRejected, Faults: [var fault, ..] } => (fault.Position == 0 ? "the server's certificate " : "a certificate above the server's ") + CertificateWords.Brief(fault.Kind),
        _ => CertificateWords.Of(tls.Reason, tls.Alert, tls.Error),
    };

    private static string Time(OutOfTime time)
    {
        var (party, limit) = (Printable.Text(time.Party), Seconds(time.LimitNanoseconds));
        return time.Step switch
        {
            JourneyStep.Name => $"The name {party} was not resolved within {limit}.",
            JourneyStep.Connect => $"No connection to {party}: no answer came within {limit}.",
            JourneyStep.Tls => $"The TLS handshake with {party} was not finished within {limit}.",
            JourneyStep.Write => $"{party} did not take the whole request within {limit}.",
            JourneyStep.Save => $"The body was not saved within {limit}.",
            _ => $"{party} did not finish its response within {limit}.",
        };
    }

    private static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.###} s");

    private static string AtFault(JourneyFailure failure) => FailureTable.Of(failure) switch
    {
        { AtFault: FaultParty.User } => failure is NameDoesNotExist ? "the name as it was typed (or whoever should have registered it)" : "the command line",
        { AtFault: FaultParty.Host, Step: JourneyStep.Name } => "this host's resolver configuration",
        { AtFault: FaultParty.Host } => "this host",
        { AtFault: FaultParty.Network } => "the network between here and there",
        { AtFault: FaultParty.ZoneOperator } => $"the operators of {(failure is NameUnresolved name ? Zone(name) : "the zone")} (their servers or their parent's entries are wrong)",
        { AtFault: FaultParty.RecursiveServer } => "the DNS server that was asked",
        { AtFault: FaultParty.Server } => $"the server at {Printable.Text(Server(failure))}",
        _ => "nobody can be named by what was seen",
    };

    private static string Server(JourneyFailure failure) => failure switch
    {
        NotConnected connect => connect.Origin.ToString(),
        HandshakeFailed tls => tls.Origin.ToString(),
        RequestUnsent sent => sent.Origin.ToString(),
        ResponseUnreadable response => response.Origin.ToString(),
        ResponseUnreceived received => received.Origin.ToString(),
        OutOfTime time => time.Party,
        _ => "",
    };

    private static string? Try(JourneyFailure failure) => failure switch
    {
        UrlUnreadable => "firstbyte url '…' shows where the text stops being a URL",
        SchemeWithoutClient => "an http:// or https:// URL",
        NameDoesNotExist { SaidBy.Kind: AnswerSourceKind.SpecialUseName } => "another name: this one is reserved, and nobody can register it",
        NameDoesNotExist => "check the spelling; --iterative asks from the root servers down, past any cache",
        NameWithoutAddress => "firstbyte resolve NAME MX (or another type) to see what the name has",
        NameUnresolved { Reason: ResolutionFailureReason.NoServerConfigured } => "a nameserver line in /etc/resolv.conf, or --server ADDR",
        NameUnresolved { Blamed: FaultParty.Network } => "the host's routes and its network cable",
        NameUnresolved { Blamed: FaultParty.ZoneOperator } => "firstbyte resolve NAME --iterative -v shows which server fails, and how",
        NameUnresolved => "--iterative to ask from the root servers down, or --server ADDR to ask another resolver",
        NotConnected { Attempts: [.., { Error: Errno.ECONNREFUSED }] } => "another port (http://host:8080/), or start the server",
        NotConnected { Attempts: [.., { Error: Errno.ETIMEDOUT }] } => "a firewall may drop the packets; --connect-timeout changes how long to wait",
        NotConnected { Attempts: [.., { Error: Errno.ENETUNREACH or Errno.EHOSTUNREACH }] } => "the host's routes and its network cable",
        HandshakeFailed { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.Missing }, ..] } => null,
        HandshakeFailed { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.NotYetValid }, ..] } => "this host's clock, if it is wrong; -k goes on in spite of the certificate",
        HandshakeFailed { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.WrongName }, ..] } => "a name that the certificate is for; -k goes on in spite of it",
        HandshakeFailed { Reason: TlsFailureReason.CertificateRejected } => "-k goes on in spite of the certificate, if you know why it fails the check",
        HandshakeFailed { Reason: TlsFailureReason.ProtocolError or TlsFailureReason.ConnectionEnded } => "http:// instead of https://: the server may speak it without TLS on that port",
        HandshakeFailed { Alert: TlsAlert.HandshakeFailure or TlsAlert.ProtocolVersion or TlsAlert.InsufficientSecurity } => "the server's settings: TLS 1.2 and 1.3 are spoken here",
        ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte } => "https:// instead of http:// (or the reverse): the server may speak the other",
        ResponseUnreadable { Fault: MessageFault.NotHttp } => "-v shows the bytes; another protocol may live on that port",
        OutOfTime => "--max-time changes how long the whole journey may take",
        ResponseUnreadable or ResponseUnreceived => "-v shows the bytes on the wire",
        BodyUnsaved => "another file with -o FILE",
        _ => null,
    };
}
