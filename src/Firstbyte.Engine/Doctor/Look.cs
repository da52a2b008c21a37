using Firstbyte.Addressing;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Doctor;

/// <summary>What one journey of an examination has shown, hop by hop: it listens to what is told of it, and passes it on.</summary>
internal sealed class Look(ITraceSink next) : ITraceSink
{
    private readonly List<Hop> _hops = [];

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <summary>The redirects, and what they led to.</summary>
    public IReadOnlyList<Hop> Hops => _hops;

    /// <summary>The last of them.</summary>
    public Hop? Last => _hops.Count > 0 ? _hops[^1] : null;

    /// <summary>Why it failed, where content that is longer than a look reads is no failure; null where it did not.</summary>
    public JourneyFailure? Failure => Last?.Failure is ContentTooLarge ? null : Last?.Failure;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (traceEvent is JourneyStarted) { _hops.Add(new Hop()); }
        if (Last is { } hop) { hop.Note(traceEvent); }
        if (next.IsListening) { next.Tell(traceEvent); }
    }
}

/// <summary>One request and its response, as the events have told of them.</summary>
internal sealed class Hop
{
    /// <summary>What was asked for; null where the text was no URL.</summary>
    public Url? Url { get; private set; }

    /// <summary>The address that accepted; null where none did.</summary>
    public IpAddress? Address { get; private set; }

    public TlsHandshakeCompleted? Tls { get; private set; }

    public List<CertificateFault> Faults { get; } = [];

    public ResponseHeadReceived? Head { get; private set; }

    /// <summary>How long the server had thought before its first byte, nanoseconds.</summary>
    public long WaitNanoseconds { get; private set; }

    public List<MessageFlawFound> Flaws { get; } = [];

    public List<CookieRefused> RefusedCookies { get; } = [];

    public ResponseCompleted? Body { get; private set; }

    public RedirectFollowed? Redirect { get; private set; }

    public JourneyFailure? Failure { get; private set; }

    public JourneyCompleted? End { get; private set; }

    public bool IsSecure => Url?.Scheme == "https";

    /// <summary>The value of a field, its lines joined (RFC 9110 5.3); null without one.</summary>
    public string? Field(string name)
    {
        if (Head is null) { return null; }
        string? joined = null;
        foreach (var field in Head.Fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { joined = joined is null ? field.Value : $"{joined}, {field.Value}"; }
        }
        return joined;
    }

    public void Note(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case UrlParsed e when Url.TryParse(e.Href, out var url): Url = url; break;
            case ConnectCompleted e: Address = e.Remote.Address; break;
            case TlsHandshakeCompleted e: Tls = e; break;
            case CertificateFaultFound e: Faults.Add(e.Fault); break;
            case ResponseHeadReceived e: Head = e; break;
            case MessageFlawFound e: Flaws.Add(e); break;
            case CookieRefused e: RefusedCookies.Add(e); break;
            case ResponseCompleted e: Body = e; break;
            case RedirectFollowed e: Redirect = e; break;
            case JourneyFailed e: Failure = e.Failure; break;
            case JourneyCompleted e: (End, WaitNanoseconds) = (e, e.WaitNanoseconds); break;
            default: break;
        }
    }
}

/// <summary>A look at one address alone.</summary>
/// <param name="Address">Which.</param>
/// <param name="Port">Where it was asked.</param>
/// <param name="IsSecure">Over TLS.</param>
/// <param name="Seen">What it has shown.</param>
internal sealed record AddressLook(IpAddress Address, int Port, bool IsSecure, Look Seen)
{
    /// <summary>Whether somebody accepted a connection there.</summary>
    public bool IsConnected => Seen.Last?.Address is not null;
}
