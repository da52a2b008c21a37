using System.Globalization;
using Firstbyte.Dns;
using Firstbyte.Frames;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells a run in a terminal: one step, one line, in the order in which it happened, and where the time went in the last line.</summary>
/// <remarks>
/// Theory of operation. The story is a consumer of events and knows nothing but them, so that a saved run is told in the same words
/// (<c>firstbyte story FILE</c>). A step is printed when it is settled; what hangs below it follows at once. Everything that a server sent is
/// made safe by <see cref="Printable"/> on its way to the page.
/// </remarks>
/// <param name="page">Where it is told.</param>
/// <param name="verbosity">1: bytes and clauses; 2: every frame at every element, where there is a lab.</param>
/// <param name="number">The number of the event that is being told, where events have one.</param>
internal sealed class Story(Page page, int verbosity, Func<int>? number = null) : ITraceSink
{
    private readonly FrameStory _frames = new(page, number);
    private readonly ProbeStory _probes = new(page);
    private readonly NameStory _names = new(page, verbosity);
    private readonly Dictionary<long, SocketStory> _connections = [];
    private bool _first = true;

    /// <summary>What the journey under way has received as content; null when a saved run is told, which has none.</summary>
    public IStoryBody? Body { get; set; }

    /// <summary>Whether every frame at every element is told.</summary>
    public bool ShowsFrames { get; set; } = verbosity > 1;

    /// <summary>Whether servers answer behind the scenes (a lab's do): then only what their clients see is told.</summary>
    public bool HidesServers { get; set; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <summary>Tells what was kept to be told with what follows; to be called when nothing follows.</summary>
    public void Flush()
    {
        _frames.Flush();
        page.Flush();
    }

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (ShowsFrames && _frames.Tell(traceEvent))
        {
            page.Flush();
            return;
        }
        _frames.Flush();
        if (_probes.Tell(traceEvent))
        {
            page.Flush();
            return;
        }
        switch (traceEvent)
        {
            case FrameSeen: return;
            case LinkChanged e: page.Step("Link", e.IsUp ? $"{Printable.Text(e.Link)} is plugged in again" : $"{Printable.Text(e.Link)} is pulled: what is sent into it is lost", ink: Ink.Warning); break;
            case PathTaken e: page.Detail("by " + string.Join(" → ", e.Elements.Select(name => Printable.Text(name)))); break;
            case JourneyStarted e: Begin(e); break;
            case SchemeAssumed e: _assumed = e; break;
            case UrlParsed e: TellUrl(e); break;
            case UrlRefused e: TellRefused(e); break;
            case UrlViolationFound e: page.Detail($"! {UrlWords.Of(e.Error)} (character {e.Position + 1})", ink: Ink.Warning); break;
            case ProxyNamed e: page.Step("Proxy", $"{e.Variable}={Printable.Text(e.Value)} is named in the environment; not used: this connection goes direct", ink: Ink.Warning); break;
            case RequestComposed e: TellRequest(e); break;
            case HostIsAddress e: page.Step("Name", $"{e.Address} is an address: nothing to resolve"); break;
            case ConnectionWanted e:
                _names.Close();
                _connections[e.Span] = new SocketStory(page, verbosity);
                break;
            case ConnectionReused e: page.Step("Socket", $"reused: the connection to {Printable.Text(e.Host)}:{e.Port} is still open after {Amounts.Count(e.Exchanges, "exchange")}; no socket(), no connect()"); break;
            case RequestRetried e: page.Detail($"! the reused connection had died: {Printable.Text(e.Method)} goes out once more on a new one", ink: Ink.Warning); break;
            case ConnectionKept or ConnectionClosing or ExchangeFailed: break;
            case SocketClosed e when _connections.ContainsKey(e.Span) && _kept is not null:
                _kept = null;
                page.Step("Close", $"close({e.Descriptor}): no request is left for it");
                break;
            case SocketCreated or ConnectStarted or ConnectCompleted or ConnectFailed or StreamEnded or SocketClosed or BytesSent or BytesReceived: TellSocket(traceEvent); break;
            case TlsHandshakeStarted: break;
            case TlsHandshakeCompleted e: TellTls(e); break;
            case CertificateFaultFound e: page.Detail("! " + CertificateWords.Of(e.Fault) + (e.Allowed ? " (allowed by -k)" : ""), ink: Ink.Warning); break;
            case TlsHandshakeFailed e: page.Step("TLS", CertificateWords.Of(e.Reason, e.Alert, e.Error), e.ElapsedNanoseconds, Ink.Bad); break;
            case RequestWritten e: page.Step("Write", $"{Amounts.Bytes(e.HeadBytes + e.BodyBytes)} sent"); break;
            case InformationalReceived e: page.Step("Read", $"{e.Status} {Printable.Text(e.Reason)} (interim)"); break;
            case FirstByteReceived e: _firstByte = e.ElapsedNanoseconds; break;
            case ResponseHeadReceived e: TellResponse(e); break;
            case MessageFlawFound e: page.Detail($"! {HttpWords.Of(e.Flaw)} (byte {e.Position}): {HttpWords.Of(e.Action)}", ink: Ink.Warning); break;
            case ResponseCompleted e: TellBody(e); break;
            // The servers of a lab answer behind the scenes; a server of our own is the scene.
            case QueryReceived e when _first && !HidesServers: page.Step("Query", $"{e.Client} {e.Transport.ToString().ToUpperInvariant()}  {(e.Name.Length > 0 ? $"{Printable.Text(e.Name)} {e.Type}" : $"unreadable: {e.Flaw}")}"); break;
            case ResponseSent e when _first && !HidesServers: page.Step("Response", $"{e.Client} {e.Code}{(e.Authoritative ? ", aa" : "")}{(e.Truncated ? ", truncated" : "")} · {Amounts.Count(e.AnswerCount, "answer")} · {Amounts.Bytes(e.Bytes)}"); break;
            case ResponseNotSent e: page.Step("Response", $"to {e.Client} could not be sent: {e.Error}", ink: Ink.Warning); break;
            case ResponderFailed e: page.Step("Response", $"SERVFAIL to {e.Client}: {Printable.Text(e.Exception)}: {Printable.Text(e.Message)}", ink: Ink.Bad); break;
            case DnsAcceptFailed e: page.Step("Accept", $"{e.Listen}: {e.Error}", ink: Ink.Warning); break;
            case QueryReceived or ResponseSent or DnsServerStarted or DnsConnectionClosed: break;
            case JourneyCompleted e: End(e); break;
            case JourneyFailed e: _failure = e.Failure; break;
            default: _names.Tell(traceEvent); break;
        }
        if (verbosity > 0 && traceEvent.Because is { } clause) { page.Detail("because " + clause, ink: Ink.Faint); }
        page.Flush();
    }

    private long _firstByte;
    private SchemeAssumed? _assumed;
    private string? _kept;
    private JourneyFailure? _failure;

    private void Begin(JourneyStarted e)
    {
        if (!_first) { page.Gap(); }
        _first = false;
        if (e.Seed is { } seed) { page.Step("Lab", $"{Printable.Text(e.Place)} · seed {seed} · virtual time"); }
    }

    private void TellUrl(UrlParsed e)
    {
        page.Step("URL", Printable.Text(e.Href), ink: Ink.Strong);
        if (_assumed is { } assumed) { page.Detail($"no scheme in '{Printable.Text(assumed.Input)}': tried as {assumed.Scheme}://"); }
        _assumed = null;
        var parts = new List<string> { $"{e.Scheme} → {UrlWords.Client(e.Scheme)}" };
        if (e.Username.Length > 0) { parts.Add($"user {Printable.Text(e.Username)}" + (e.Password.Length > 0 ? " with password" : "")); }
        if (e.Host.Length > 0) { parts.Add($"host {Printable.Text(e.Host)}"); }
        if (e.Port >= 0) { parts.Add($"port {e.Port}{(e.IsDefaultPort ? " (default)" : "")}"); }
        if (e.Path.Length > 0) { parts.Add($"path {Printable.Text(e.Path)}{(e.Path.EndsWith('/') && e.Scheme is "http" or "https" ? " (the server's default file)" : "")}"); }
        if (e.Query.Length > 0) { parts.Add($"query {Printable.Text(e.Query)}"); }
        if (e.Fragment.Length > 0) { parts.Add($"fragment {Printable.Text(e.Fragment)} (kept here, never sent)"); }
        foreach (var line in Fold(parts, page.Width - 10)) { page.Detail(line); }
    }

    private void TellRefused(UrlRefused e)
    {
        page.Step("URL", Printable.Text(e.Input), ink: Ink.Strong);
        if (e.Position <= e.Input.Length && e.Position < page.Width - 12) { page.Detail(new string(' ', e.Position) + "^ " + UrlWords.Of(e.Reason), ink: Ink.Bad); }
    }

    private void TellRequest(RequestComposed e)
    {
        page.Step("Request", $"{Printable.Text(e.Method)} {Printable.Text(e.Target)} {e.Version} · {Amounts.Count(e.Fields.Length, "field")} · {Amounts.Bytes(e.HeadBytes + e.BodyBytes)}");
        foreach (var field in e.Fields) { page.Detail($"{Printable.Text(field.Name)}: {Printable.Text(field.Value)}", ink: Ink.Faint); }
    }

    private void TellSocket(TraceEvent e)
    {
        if (_connections.TryGetValue(e.Span, out var socket)) { socket.Tell(e); }
        else if (verbosity > 0) { SocketStory.TellBytes(page, e); }
    }

    private void TellTls(TlsHandshakeCompleted e)
    {
        page.Step("TLS", $"{CertificateWords.Of(e.Version)} · {e.Suite}{(string.IsNullOrEmpty(e.Alpn) ? "" : " · " + Printable.Text(e.Alpn))}", e.ElapsedNanoseconds);
        foreach (var certificate in e.Chain) { page.Detail(CertificateWords.Of(certificate)); }
    }

    private void TellResponse(ResponseHeadReceived e)
    {
        var type = Array.Find(e.Fields, f => f.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
        var text = $"{e.Status} {Printable.Text(e.Reason)} · {e.Version}";
        if (type is not null) { text += " · " + Printable.Text(type); }
        text += " · " + HttpWords.Of(e.Framing, e.FramingLength);
        page.Step("Read", text + " · first byte", _firstByte);
        foreach (var field in e.Fields) { page.Detail($"{Printable.Text(field.Name)}: {Printable.Text(field.Value)}", ink: Ink.Faint); }
    }

    private void TellBody(ResponseCompleted e)
    {
        page.Detail(string.Create(CultureInfo.InvariantCulture, $"{Amounts.Bytes(e.BodyBytes)} of content in {Amounts.Bytes(e.WireBytes)} on the wire · last byte"), e.ElapsedNanoseconds);
        // Whether a connection that may be kept is kept is seen when the journey ends.
        if (e.MayReuse) { _kept = HttpWords.Of(e.KeepReason, kept: true); }
        else { page.Detail(HttpWords.Of(e.KeepReason, kept: false)); }
    }

    private void End(JourneyCompleted e)
    {
        _names.Close();
        if (_kept is { } kept) { page.Step("Close", kept); }
        _kept = null;
        Body?.Show(page);
        if (e.Succeeded)
        {
            page.Gap();
            page.Full($"{e.Status} {Printable.Text(e.Reason)} · {Amounts.Bytes(e.BodyBytes)} · {Amounts.Time(e.TotalNanoseconds)}   {Bars(e)}", e.Status < 400 ? Ink.Good : Ink.Warning);
        }
        if (_failure is { } failure) { TellFailure(failure); }
        _failure = null;
        if (Body?.Whereabouts is { } whereabouts) { page.Full(whereabouts, Ink.Faint); }
    }

    private void TellFailure(JourneyFailure failure)
    {
        if (_names.RelayFailure is { } relay) { failure = FailureWords.ByRelay(failure, relay); }
        foreach (var (text, ink) in FailureWords.Of(failure)) { page.Paragraph(text, ink, text.StartsWith('✗') ? 0 : 2); }
    }

    /// <summary>"name 57.6 ██████ connect 8.2 █ …": bars in proportion to the longest part.</summary>
    private static string Bars(JourneyCompleted e)
    {
        (string Name, long Nanoseconds)[] parts = [("name", e.NameNanoseconds), ("connect", e.ConnectNanoseconds), ("tls", e.TlsNanoseconds), ("wait", e.WaitNanoseconds), ("read", e.ReadNanoseconds)];
        var shown = Array.FindAll(parts, p => p.Nanoseconds > 0);
        if (shown.Length == 0) { return ""; }
        const int longestBar = 14;
        var longest = Math.Max(1, shown.Max(p => p.Nanoseconds));
        return string.Join(' ', shown.Select(p =>
        {
            var bar = new string('█', (int)(p.Nanoseconds * longestBar / longest));
            return $"{p.Name} {Amounts.Milliseconds(p.Nanoseconds)}{(bar.Length > 0 ? " " + bar : "")}";
        }));
    }

    private static IEnumerable<string> Fold(List<string> parts, int width)
    {
        var line = "";
        foreach (var part in parts)
        {
            if (line.Length > 0 && line.Length + 3 + part.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? part : line + " · " + part;
        }
        if (line.Length > 0) { yield return line; }
    }
}

/// <summary>What a journey received as content, as far as the story shows it.</summary>
internal interface IStoryBody
{
    /// <summary>Prints what of it is shown, before the last lines.</summary>
    void Show(Page page);

    /// <summary>Where it is, or how to get it; the story's last line.</summary>
    string? Whereabouts { get; }
}
