using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Tls;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for a journey that failed: what happened, whose fault it is, what to try.</summary>
internal static class FailureWords
{
    /// <summary>The lines of the failure, with their inks.</summary>
    public static IEnumerable<(string Text, Ink Ink)> Of(JourneyFailed failed)
    {
        yield return ("✗ " + What(failed), Ink.Bad);
        yield return ("At fault: " + AtFault(failed), Ink.Plain);
        if (Try(failed) is { } cure) { yield return ("Try: " + cure, Ink.Plain); }
    }

    /// <summary>The failure as the relay of our DNS server saw it, which knows more than the SERVFAIL that reached us.</summary>
    public static JourneyFailed ByRelay(JourneyFailed failed, ResolutionFailed relay) => failed with
    {
        Reason = relay.Reason.ToString(),
        Fault = relay.AtFault == FaultParty.ZoneOperator ? Fault.ZoneOperator : failed.Fault,
        Detail = relay.AtFaultZone?.TrimEnd('.') ?? failed.Detail,
    };

    /// <summary>The failure as one line, for standard error.</summary>
    public static string OneLine(JourneyFailed failed) => $"firstbyte: ({failed.ExitCode}) {What(failed)}";

    private static string What(JourneyFailed f)
    {
        var party = Printable.Text(f.Party);
        var detail = Printable.Text(f.Detail);
        return f.Step switch
        {
            JourneyStep.Url => $"This is not a URL: {UrlReason(f.Reason)} (character {detail}).",
            JourneyStep.Client => $"There is no client for {party} yet; this version fetches http: and https:.",
            JourneyStep.Request => $"The request cannot be written: {detail}",
            JourneyStep.Name => NameFailure(f, party, detail),
            JourneyStep.Connect => f.Reason switch
            {
                "ECONNREFUSED" => $"The connection to {party} was refused: the host is there, but nothing listens on that port.",
                "ETIMEDOUT" or "OutOfTime" => $"No connection to {party}: no answer came{After(detail)}.",
                "ENETUNREACH" => $"No connection to {party}: this host has no route to that network.",
                "EHOSTUNREACH" or "EHOSTDOWN" => $"No connection to {party}: the host cannot be reached.",
                "EAFNOSUPPORT" => $"No connection to {party}: this host does not speak that version of IP.",
                "EMFILE" => "No socket could be created: this process has too many open already.",
                _ => $"No connection to {party}: {f.Reason}.",
            },
            JourneyStep.Tls => $"The TLS handshake with {party} failed: {TlsReason(f.Reason, detail)}.",
            JourneyStep.Write => f.Reason switch
            {
                "OutOfTime" => $"{party} did not take the whole request{After(detail)}.",
                _ => $"{party} did not take the whole request: the connection broke ({f.Reason}).",
            },
            JourneyStep.Read => f.Reason switch
            {
                "OutOfTime" => $"{party} did not finish its response{After(detail)}.",
                "ECONNRESET" => $"{party} reset the connection{(detail.Length > 0 ? " after " + detail : "")}.",
                _ => $"{party}: {HttpWords.OfFault(f.Reason)}{(detail.Length > 0 ? " (" + detail + ")" : "")}.",
            },
            _ => $"The body could not be written to {party}: {detail}",
        };
    }

    private static string NameFailure(JourneyFailed f, string name, string detail) => f.Reason switch
    {
        "NXDOMAIN" => $"The name {name} does not exist{(detail.Length > 0 ? ": " + detail + " says so" : "")}.",
        "NODATA" => $"The name {name} exists, but has no address.",
        "OutOfTime" when f.Fault == Fault.User => $"The name {name} was not resolved{After(detail)}.",
        _ when Enum.TryParse<ResolutionFailureReason>(f.Reason, out var reason) => $"The name {name} could not be resolved: {(detail.Length > 0 ? detail + ": " : "")}{Words.Of(reason)}.",
        _ => $"The name {name} could not be resolved: {f.Reason}.",
    };

    private static string TlsReason(string reason, string detail) =>
        Enum.TryParse<CertificateFaultKind>(reason, out var fault) ? "the server's certificate " + fault switch
        {
            CertificateFaultKind.Expired => "has expired",
            CertificateFaultKind.NotYetValid => "is not valid yet",
            CertificateFaultKind.WrongName => "is for another name",
            CertificateFaultKind.UnknownIssuer => "was issued by somebody whom nobody here trusts",
            CertificateFaultKind.SelfSigned => "vouches for itself",
            CertificateFaultKind.Revoked => "was revoked",
            CertificateFaultKind.Missing => "is missing",
            _ => "is faulty",
        }
        : Enum.TryParse<TlsFailureReason>(reason, out var failure) ? CertificateWords.Of(failure, null, null) + (detail.Length > 0 ? $" ({detail})" : "")
        : reason;

    private static string UrlReason(string standardName)
    {
        foreach (var error in Enum.GetValues<UrlValidationError>())
        {
            if (error.StandardName() == standardName) { return UrlWords.Of(error); }
        }
        return standardName;
    }

    private static string After(string seconds) => seconds.Length > 0 ? $" within {seconds}" : "";

    private static string AtFault(JourneyFailed f) => f.Fault switch
    {
        Fault.User => f.Step switch
        {
            JourneyStep.Name when f.Reason == "NXDOMAIN" => "the name as it was typed (or whoever should have registered it)",
            _ => "the command line",
        },
        Fault.Host => f.Step == JourneyStep.Name ? "this host's resolver configuration" : "this host",
        Fault.Network => "the network between here and there",
        Fault.ZoneOperator => $"the operators of {(f.Detail.Length > 0 ? Printable.Text(f.Detail) : Printable.Text(f.Party))} (their servers or their parent's entries are wrong)",
        _ => f.Step == JourneyStep.Name ? "the DNS server that was asked" : $"the server at {Printable.Text(f.Party)}",
    };

    private static string? Try(JourneyFailed f) => (f.Step, f.Reason) switch
    {
        (JourneyStep.Url, _) => "firstbyte url '…' shows where the text stops being a URL",
        (JourneyStep.Client, _) => "an http:// or https:// URL",
        (JourneyStep.Name, "NXDOMAIN") => "check the spelling; --iterative asks from the root servers down, past any cache",
        (JourneyStep.Name, "NODATA") => "firstbyte resolve NAME MX (or another type) to see what the name has",
        (JourneyStep.Name, "NoServerConfigured") => "a nameserver line in /etc/resolv.conf, or --server ADDR",
        (JourneyStep.Name, _) => "--server 9.9.9.9 to ask another resolver, or --iterative to ask from the root servers down",
        (JourneyStep.Connect, "ECONNREFUSED") => "another port (http://host:8080/), or start the server",
        (JourneyStep.Connect, "ETIMEDOUT" or "OutOfTime") => "a firewall may drop the packets; --connect-timeout changes how long to wait",
        (JourneyStep.Connect, "ENETUNREACH" or "EHOSTUNREACH") => "the host's routes and its network cable",
        (JourneyStep.Tls, _) => "-k goes on in spite of the certificate, if you know why it is faulty",
        (JourneyStep.Read, "EndedBeforeFirstByte") => "https:// instead of http:// (or the reverse): the server may speak the other",
        (JourneyStep.Read, "NotHttp") => "-v shows the bytes; another protocol may live on that port",
        (_, "OutOfTime") => "--max-time changes how long the whole journey may take",
        (JourneyStep.Read, _) => "-v shows the bytes on the wire",
        (JourneyStep.Save, _) => "another file with -o FILE",
        _ => null,
    };
}
