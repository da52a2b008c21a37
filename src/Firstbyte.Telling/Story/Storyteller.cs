using System.Text;
using System.Text.Unicode;
using Firstbyte.Addressing;
using Firstbyte.Codings;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Files;
using Firstbyte.Frames;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Caching;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Telling.Findings;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Telling.Story;

/// <summary>Tells a run in rows: one step, one row, in the order in which it happened, and where the time went in the last one.</summary>
/// <remarks>
/// Theory of operation. The story is a consumer of events and knows nothing but them, so that a saved run is told in the same words
/// (<c>firstbyte story FILE</c>). A step is told when it is settled; what hangs below it follows at once. Words come from a
/// <see cref="Language"/>, rows go to a face: this type only decides what is told, and when.
/// </remarks>
/// <param name="rows">Where it is told.</param>
/// <param name="language">In which language.</param>
/// <param name="verbosity">1: bytes and clauses; 2: every frame at every element, where there is a lab.</param>
/// <param name="number">The number of the event that is being told, where events have one.</param>
public sealed class Storyteller(IRowSink rows, Language language, int verbosity, Func<int>? number = null) : ITraceSink
{
    private readonly FrameStory _frames = new(rows, language, number);
    private readonly ProbeStory _probes = new(rows, language);
    private NameStory _names = new(rows, language, verbosity);
    private CallStory? _calls;
    private DoctorStory? _doctor;
    private readonly MeasureStory _measures = new(rows, language, verbosity > 0);
    private readonly FailureWitness _witness = new(number);
    private readonly Dictionary<long, SocketStory> _connections = [];
    private bool _isFirst = true;
    private long _firstByte;
    private SchemeAssumed? _assumed;
    private CookiesChosen? _cookies;
    private readonly List<CredentialsSent> _credentials = [];
    private Phrase? _kept;
    private JourneyFailure? _failure;
    private string? _lab;
    private bool _isWithoutRoots;

    /// <summary>What the journey under way has received as content; null when a saved run is told, which has none.</summary>
    public IStoryBody? Body { get; set; }

    /// <summary>Whether every frame at every element is told.</summary>
    public bool ShowsFrames { get; set; } = verbosity > 1;

    /// <summary>Whether servers answer behind the scenes (a lab's do): then only what their clients see is told.</summary>
    public bool HidesServers { get; set; }

    /// <summary>Whether who reads it sits at the prompt of a lab: then advice names the prompt's commands.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>Whether who reads it looks at a page, which has no command line.</summary>
    public bool IsPage { get; init; }

    /// <summary>Whether the lab was written in the page: then no command finds it by its name.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>Whose an address is, where the whole world is known; null where it is not.</summary>
    public Func<IpAddress, string?>? NameOf
    {
        get => _witness.NameOf;
        set => _witness.NameOf = value;
    }

    /// <summary>Whether a cable, named first, ends at a machine, where the whole world is known; null where it is not.</summary>
    public Func<string, string, bool>? IsAt
    {
        get => _witness.IsAt;
        set => _witness.IsAt = value;
    }

    /// <summary>Who looks on for the causes of failures, and may be told what is not told here.</summary>
    public ITraceSink Witness => _witness;

    /// <summary>Whether a run that shows the inside of a host is shown so again: of a saved run only its events say it.</summary>
    public bool FollowsCalls { get; init; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <summary>Whether the inside of a host is shown.</summary>
    public bool ShowsCalls => _calls is not null;

    /// <summary>Shows the inside of a host instead of the steps between a URL and what became of it.</summary>
    public void ShowCalls(CallView view)
    {
        _calls = new CallStory(rows, language, view);
        // What a failure's cause is told of is still heard.
        _names = new NameStory(NoRows.Instance, language, verbosity);
        ShowsFrames = false;
    }

    /// <summary>Ends the view of a host's inside.</summary>
    public void HideCalls()
    {
        End();
        _calls = null;
        _names = new NameStory(rows, language, verbosity);
    }

    /// <summary>Tells what is left to tell when nothing follows.</summary>
    public void End()
    {
        _calls?.End();
        Flush();
    }

    /// <summary>Tells what is left to tell of events that came from a file which may have been cut.</summary>
    public void EndOfFile()
    {
        _names.Cut();
        End();
    }

    /// <summary>Tells what was kept to be told with what follows; to be called when nothing follows.</summary>
    public void Flush()
    {
        _frames.Flush();
        rows.Flush();
    }

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        _witness.Tell(traceEvent);
        if (FollowsCalls && _calls is null && ViewOf(traceEvent) is { } view) { ShowCalls(view); }
        // Made when it is there to be told, as whether a prompt is sat at is said last.
        if ((_doctor ??= new DoctorStory(rows, language, verbosity > 0, IsPrompt)).Tell(traceEvent) || _measures.Tell(traceEvent))
        {
            rows.Flush();
            return;
        }
        // A result is shown whoever looks on.
        if (OutcomeStory.Tell(rows, language, traceEvent, At, _names.RelayFailure, _witness))
        {
            rows.Flush();
            return;
        }
        if (_calls is not null && _calls.Tell(traceEvent)) { _names.Tell(traceEvent); }
        else if (!TellFrameOrProbe(traceEvent))
        {
            TellStep(traceEvent);
            if (verbosity > 0 && traceEvent.Because is { } clause) { rows.Detail(language.Journeys.Because(clause), role: Role.Note); }
        }
        rows.Flush();
    }

    // A journey says it at its beginning; a name that is looked up alone by its first event; a server that is looked into calls before anybody comes.
    private static CallView? ViewOf(TraceEvent traceEvent) => traceEvent switch
    {
        JourneyStarted { CallsOf: { } machine } e => new CallView(machine, machine == e.Host, e.Seed is null ? StackSight.Closed : StackSight.Whole),
        LookupCalled e => new CallView(e.Host, RunsJourneys: true, e.Host.Length == 0 ? StackSight.Closed : StackSight.Whole),
        CallMade e => new CallView(e.Host, RunsJourneys: false, StackSight.Whole),
        _ => null,
    };

    private bool TellFrameOrProbe(TraceEvent traceEvent)
    {
        if (ShowsFrames && _frames.Tell(traceEvent)) { return true; }
        _frames.Flush();
        return _probes.Tell(traceEvent) || traceEvent is FrameSeen;
    }

    private void TellStep(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case LinkChanged e: TellLink(e); break;
            case PathTaken e: rows.Detail(language.Journeys.Path(e.Elements)); break;
            case JourneyStarted e: Begin(e); break;
            case SchemeAssumed e: _assumed = e; break;
            case UrlParsed e: TellUrl(e); break;
            case UrlRefused e: TellRefused(e); break;
            case UrlViolationFound e:
                rows.Detail(language.Urls.ViolationAt(e.Error, UrlInput.CharactersBefore(e.Input, e.Position) + 1), role: Role.Warning);
                break;
            case ProxyNamed e: rows.Step(language.Labels.Proxy, language.Proxies.NotRead(e.Variable, e.Value), role: Role.Warning); break;
            case ProxyChosen e: rows.Step(language.Labels.Proxy, language.Proxies.Chosen(e)); break;
            case ProxyUnused e: rows.Step(language.Labels.Proxy, language.Proxies.Unused(e), role: Role.Warning); break;
            case ProxyBypassed e: rows.Step(language.Labels.Proxy, language.Proxies.Bypassed(e)); break;
            case NameLeftToProxy e: rows.Step(language.Labels.Name, language.Proxies.NameLeft(e.Name)); break;
            case TunnelOpened e: rows.Step(language.Labels.Proxy, language.Proxies.Opened(e), e.ElapsedNanoseconds); break;
            case SocksMessageSent e:
                rows.Step(language.Labels.Write, language.Proxies.Sent(e), role: e.Message == SocksMessage.Login ? Role.Warning : Role.Text);
                break;
            case SocksReplyReceived e:
                rows.Step(language.Labels.Read, language.Proxies.Received(e), e.ElapsedNanoseconds, e.Fault == SocksFault.None ? Role.Text : Role.Warning);
                break;
            case RequestComposed e: TellRequest(e); break;
            case HostIsAddress e: rows.Step(language.Labels.Name, language.Journeys.HostIsAddress(e.Address)); break;
            case AddressesGiven e: rows.Step(language.Labels.Name, language.Journeys.AddressesGiven(e.Host, e.Port, e.Addresses)); break;
            case ConnectionWanted e: BeginConnection(e); break;
            case ConnectionReused e: rows.Step(language.Labels.Socket, language.Sockets.Reused(e.Host, e.Port, e.Exchanges)); break;
            case ExpectationRefused e: rows.Detail(language.Http.ExpectationRefused(e.Status), role: Role.Warning); break;
            case RequestRetried e: rows.Detail(language.Http.Retried(e.Method), role: Role.Warning); break;
            case RequestNotRetried e: rows.Detail(language.Http.NotRetried(e.Method), role: Role.Warning); break;
            case ConnectionKept or ConnectionClosing or ExchangeFailed or LookupCalled or LookupReturned or CallMade or CallReturned: break;
            case SocketClosed e when _connections.ContainsKey(e.Span) && _kept is not null:
                _kept = null;
                _connections[e.Span].TellUnmeasured(e.Descriptor);
                rows.Step(language.Labels.Close, language.Sockets.ClosedWithNothingLeft(e.Descriptor));
                break;
            case SocketCreated or ConnectStarted or ConnectCompleted or ConnectFailed or ConnectAbandoned or StreamEnded or SocketClosed or TransportMeasured
                or BytesSent or BytesReceived:
                TellSocket(traceEvent); break;
            case TlsHandshakeStarted: break;
            case TlsHandshakeCompleted e: TellTls(e); break;
            case ClientCertificateAsked e: rows.ResultDetail(language.Tls.ClientCertificate(e.IsShown)); break;
            case CertificateFaultFound e: rows.Detail(language.Tls.CertificateFault(e.Fault, e.Allowed), role: Role.Warning); break;
            case TlsHandshakeFailed e: rows.Step(language.Labels.Tls, language.Tls.Failure(e.Reason, e.Alert, e.Error), e.ElapsedNanoseconds, Role.Bad); break;
            case BodyChosen e: TellBody(e); break;
            case ContentSent e: rows.Step(language.Labels.Write, language.Http.ContentSent(e.Bytes, e.How), e.ElapsedNanoseconds, RoleOf(e.How)); break;
            case BodyLengthChanged e: rows.Detail(language.Journeys.BodyLengthChanged(e.Said, e.Read), role: Role.Warning); break;
            case RetryTooLate e: rows.Detail(language.Journeys.RetryTooLate(e), role: Role.Warning); break;
            case RetryImpossible e: rows.Detail(language.Journeys.RetryImpossible(new BodyOrigin(e.From, e.Name)), role: Role.Warning); break;
            case RequestWritten e: rows.Step(language.Labels.Write, language.Sockets.Sent(e.HeadBytes + e.BodyBytes)); break;
            case InformationalReceived e: rows.Step(language.Labels.Read, language.Http.Interim(e.Status, Printable.Brief(e.Reason))); break;
            case FirstByteReceived e: _firstByte = e.ElapsedNanoseconds; break;
            case ResponseHeadReceived e: TellResponse(e); break;
            case RedirectNotFollowed e: rows.Detail(language.Journeys.RedirectNotFollowed(e.Location), role: Role.Warning); break;
            case RetryPlanned e: rows.Detail(language.Journeys.RetryPlanned(e), role: Role.Warning); break;
            case ResumeImpossible e: rows.Detail(language.Journeys.ResumeImpossible(e.Position), role: Role.Warning); break;
            case HstsHeeded e: rows.Detail(language.Journeys.HstsHeeded(e.By, e.Href)); break;
            case HstsNoted e: rows.Detail(language.Journeys.HstsNoted(e)); break;
            case ContinuationAnswered e:
                rows.Detail(
                    language.Journeys.Continuation(e),
                    role: e.Outcome is ContinuationOutcome.Unverified or ContinuationOutcome.Anew ? Role.Warning : Role.Words);
                break;
            case PiecesJudged e:
                rows.Detail(language.Journeys.Pieces(e), role: e.Outcome is PiecesOutcome.Pieces or PiecesOutcome.One ? Role.Words : Role.Warning);
                break;
            case ResumeRefused e: rows.Detail(language.Journeys.ResumeRefused(e.Position), role: Role.Warning); break;
            case RedirectFollowed e: rows.Detail(language.Journeys.RedirectFollowed(e.Href, e.Method, e.LeftOut)); break;
            case ResponseRepaired e: rows.Detail(language.Http.Repaired(e.Fault, e.Position), role: Role.Warning); break;
            case MessageFlawFound e: rows.Detail(language.Http.FlawFound(e.Flaw, e.Position, e.Action), role: Role.Warning); break;
            case CredentialsSent e: _credentials.Add(e); break;
            case ChallengeReceived e: rows.Detail(language.Http.Challenged(e), role: e.Verdict == ChallengeVerdict.Answered ? Role.Text : Role.Warning); break;
            case ServerProven e: rows.Detail(language.Http.Proven(e.IsRight), role: e.IsRight ? Role.Note : Role.Warning); break;
            case CookiesChosen e: _cookies = e; break;
            case CookieKept e: rows.Detail(language.Http.CookieKept(e.Cookie, e.IsRemoved, e.Expires), role: Role.Note); break;
            case CookieRefused e: rows.Detail(language.Http.CookieRefused(e.Name, e.Why), role: Role.Warning); break;
            case CacheAnswered e: TellCached(e); break;
            case CacheDoubted e: rows.Step(language.Labels.Cache, language.Caches.Doubted(e)); break;
            case CacheKept e: rows.Step(language.Labels.Cache, language.Caches.Kept(e), role: Role.Note); break;
            case CacheNotKept e: rows.Step(language.Labels.Cache, language.Caches.NotKept(e.Why), role: Role.Note); break;
            case CacheForgot e: rows.Step(language.Labels.Cache, language.Caches.Forgot(e.Uri), role: Role.Note); break;
            case CacheUnwritten e: rows.Step(language.Labels.Cache, language.Caches.Unwritten(e.Error), role: Role.Warning); break;
            case ResponseCompleted e: TellBody(e); break;
            case ContentDecoded e: rows.Detail(language.Http.Decoded(e.Codings, e.CodedBytes, e.DecodedBytes)); break;
            case FtpCommandSent e: rows.Step(language.Labels.Write, language.Ftp.Command(e.Verb, e.Argument)); break;
            case FtpReplyReceived e: TellReply(e); break;
            case FtpAddressIgnored e: rows.Detail(language.Ftp.AddressIgnored(e.Told, e.Used), role: Role.Warning); break;
            case FtpDataConnected e: rows.Detail(language.Ftp.DataConnected(e.Descriptor, e.Remote, e.IsActive)); break;
            case FtpTransferStarted: break;
            case FtpFileFound e: rows.Step(language.Labels.File, language.Ftp.Found(e)); break;
            case FtpTransferEnded e:
                rows.Step(
                e.IsUpload ? language.Labels.Write : language.Labels.Read, language.Ftp.Transferred(e.IsUpload, e.How, e.Bytes),
                e.ElapsedNanoseconds); break;
            case MailComposed e: rows.Step(language.Labels.Mail, language.Mail.Composed(e)); break;
            case MailFieldIgnored e:
                rows.Detail(language.Mail.FieldIgnored(e), role: e.Reason == IgnoredFieldReason.Unsafe ? Role.Warning : Role.Note); break;
            case MailExchangersFound e: rows.Step(language.Labels.Mail, language.Mail.Exchangers(e)); break;
            case SmtpCommandSent e: rows.Step(language.Labels.Write, language.Mail.Command(e.Verb, e.Argument)); break;
            case SmtpReplyReceived e: TellReply(e); break;
            case MailContentSent e: rows.Step(language.Labels.Write, language.Mail.ContentSent(e)); break;
            case MailRecipientAnswered e: rows.Step(language.Labels.Mail, language.Mail.Recipient(e), role: e.IsSent ? Role.Good : Role.Bad); break;
            case MailStored e: rows.Step(language.Labels.Mail, language.Mail.Stored(e), role: Role.Strong); break;
            case NewsServerChosen e: rows.Step(language.Labels.News, language.News.ServerChosen(e)); break;
            case NntpCommandSent e: rows.Step(language.Labels.Write, language.News.Command(e.Verb, e.Argument)); break;
            case NntpReplyReceived e: rows.Step(language.Labels.Read, language.News.Reply(e.Code, e.Text), e.ElapsedNanoseconds); break;
            case NntpBlockReceived e: rows.Step(language.Labels.Read, language.News.Block(e)); break;
            case NewsArticleSent e: rows.Step(language.Labels.Write, language.News.ArticleSent(e.Bytes)); break;
            case FileFound e: rows.Step(language.Labels.File, language.HostFiles.Found(e)); break;
            case FileRead e: rows.Step(language.Labels.File, language.HostFiles.Read(e.From, e.Bytes), e.ElapsedNanoseconds); break;
            case DirectoryListed e: rows.Step(language.Labels.File, language.HostFiles.Listed(e.Count)); break;
            case FileStored e: rows.Step(language.Labels.File, language.HostFiles.Stored(e), e.ElapsedNanoseconds); break;
            case JourneyCompleted e: End(e); break;
            case JourneyFailed e: _failure = e.Failure; break;
            default:
                if (!TellServer(traceEvent)) { _names.Tell(traceEvent); }
                break;
        }
    }

    private bool TellServer(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            // The servers of a lab answer behind the scenes; a server of our own is the scene.
            case QueryReceived e when _isFirst && !HidesServers: rows.Step(language.Labels.Query, language.Servers.Query(e)); return true;
            case ResponseSent e when _isFirst && !HidesServers: rows.Step(language.Labels.Response, language.Servers.Response(e)); return true;
            case PolicyApplied e: rows.Step(language.Labels.Response, language.Servers.PolicyApplied(e), role: Role.Warning); return true;
            case ResponseNotSent e: rows.Step(language.Labels.Response, language.Servers.ResponseNotSent(e.Client, e.Error), role: Role.Warning); return true;
            case ResponderFailed e:
                rows.Step(language.Labels.Response, language.Servers.ResponderFailed(e.Client, e.Exception), role: Role.Bad);
                return true;
            case DnsAcceptFailed e: rows.Step(language.Labels.Accept, language.Servers.AcceptFailed(e.Listen, e.Error), role: Role.Warning); return true;
            case DnsAcceptResumed e: rows.Step(language.Labels.Accept, language.Servers.AcceptsAgain(e.Listen)); return true;
            case QueryReceived or ResponseSent or DnsServerStarted or DnsConnectionClosed: return true;
            default:
                if (ChangeStory.Say(traceEvent, language.Changes) is not { } said) { return false; }
                rows.Step(language.Labels.Zone, said.Words, role: said.Role);
                return true;
        }
    }

    private void Begin(JourneyStarted e)
    {
        if (!_isFirst) { rows.Gap(); }
        _isFirst = false;
        (_lab, _isWithoutRoots) = (e.Seed is null ? null : e.Place, e.IsWithoutRoots ?? false);
        if (e.Seed is { } seed) { rows.Step(language.Labels.Lab, language.Journeys.World(e.Place, seed)); }
    }

    private void TellLink(LinkChanged e)
    {
        if (e.IsUp) { rows.Step(language.Labels.Link, language.Journeys.LinkIsUp(e.Link), role: Role.Warning); }
        else { rows.Step(language.Labels.Link, language.Journeys.LinkIsDown(e.Link), role: Role.Warning); }
    }

    private void TellUrl(UrlParsed e)
    {
        rows.Step(language.Labels.Url, Phrase.Of(e.Href, Role.Text), role: Role.Strong);
        if (_assumed is { } assumed) { rows.Detail(language.Journeys.SchemeAssumed(assumed.Input, assumed.Scheme)); }
        _assumed = null;
        var words = language.Urls;
        var parts = new List<Phrase> { words.SchemeChooses(e.Scheme) };
        if (e.Username.Length > 0) { parts.Add(words.User(e.Username, e.Password.Length > 0)); }
        if (e.Host.Length > 0) { parts.Add(words.Host(e.Host)); }
        if (e.Port >= 0) { parts.Add(words.Port(e.Port, e.IsDefaultPort)); }
        if (e.Path.Length > 0) { parts.Add(words.Path(e.Path, e.Path.EndsWith('/') && e.Scheme is "http" or "https")); }
        if (e.Query.Length > 0) { parts.Add(words.Query(e.Query)); }
        if (e.Fragment.Length > 0) { parts.Add(words.Fragment(e.Fragment)); }
        rows.Show(new Row(RowKind.Detail) { Facts = parts });
    }

    private void TellRefused(UrlRefused e)
    {
        rows.Step(language.Labels.Url, Phrase.Of(e.Input, Role.Text), role: Role.Strong);
        if (e.Position > e.Input.Length) { return; }
        rows.Show(new Row(
            RowKind.Detail)
        {
            PointsPast = Phrase.Of(e.Input[..e.Position], Role.Text),
            Text = language.Urls.Violation(e.Reason),
            Role = Role.Bad
        });
    }

    private void TellRequest(RequestComposed e)
    {
        rows.Step(language.Labels.Request, language.Http.Request(e.Method, e.Target, e.Version, e.Fields.Length, e.HeadBytes, e.BodyBytes));
        TellFields(e.Fields);
        // They were chosen before the message was made, and are told below it.
        foreach (var sent in _credentials)
        {
            rows.Detail(language.Http.CredentialsSent(sent), role: sent.IsReadable ? Role.Warning : Role.Note);
        }
        _credentials.Clear();
        foreach (var cookie in _cookies?.Sent ?? []) { rows.Detail(language.Http.CookieSent(cookie), role: Role.Note); }
        foreach (var (cookie, why) in _cookies?.LeftOut ?? []) { rows.Detail(language.Http.CookieLeftOut(cookie, why), role: Role.Note); }
        _cookies = null;
    }

    private void TellBody(BodyChosen e)
    {
        rows.Detail(language.Journeys.BodyChosen(e));
        foreach (var part in e.Parts) { rows.Detail(language.Journeys.FormPart(part), role: Role.Note); }
    }

    private static Role RoleOf(ContentEnd how) =>
        how is ContentEnd.Unreadable or ContentEnd.Shrunk or ContentEnd.Grown ? Role.Warning : Role.Text;

    private void TellReply(FtpReplyReceived e)
    {
        rows.Step(language.Labels.Read, language.Ftp.Reply(e.Code, e.Lines[^1]), e.ElapsedNanoseconds);
        foreach (var line in e.Lines.AsSpan(0, e.Lines.Length - 1)) { rows.Detail(Phrase.Of(line, Role.Note), role: Role.Note); }
    }

    private void TellReply(SmtpReplyReceived e)
    {
        rows.Step(language.Labels.Read, language.Mail.Reply(e.Code, e.Lines[0]), e.ElapsedNanoseconds);
        foreach (var line in e.Lines.AsSpan(1)) { rows.Detail(Phrase.Of(line, Role.Note), role: Role.Note); }
    }

    private void TellFields(HttpField[] fields)
    {
        foreach (var field in fields) { rows.Detail($"{field.Name}: {Text(field.Value)}", role: Role.Note); }
    }

    // Octets of a head have no encoding of their own, and stand here one a character; most that are no ASCII are UTF-8, and are shown as that where
    // they can be.
    private static string Text(string value)
    {
        if (Ascii.IsValid(value) || value.AsSpan().IndexOfAnyExceptInRange('\0', '\xff') >= 0) { return value; }
        var octets = Encoding.Latin1.GetBytes(value);
        return Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : value;
    }

    private void BeginConnection(ConnectionWanted e)
    {
        _names.Close();
        _connections[e.Span] = new SocketStory(rows, language, verbosity);
    }

    private void TellSocket(TraceEvent e)
    {
        if (_connections.TryGetValue(e.Span, out var socket)) { socket.Tell(e); }
        else if (verbosity > 0) { SocketStory.TellBytes(rows, language, e); }
    }

    private void TellTls(TlsHandshakeCompleted e)
    {
        rows.Step(language.Labels.Tls, language.Tls.Session(e.Version, e.Suite, e.Alpn), e.ElapsedNanoseconds);
        foreach (var certificate in e.Chain) { rows.ResultDetail(language.Tls.Certificate(certificate)); }
    }

    private void TellResponse(ResponseHeadReceived e)
    {
        var type = Field(e.Fields, "Content-Type");
        rows.Step(language.Labels.Read, language.Http.Response(e.Status, Printable.Brief(e.Reason), e.Version, type, e.Framing, e.FramingLength), _firstByte);
        TellFields(e.Fields);
    }

    private void TellCached(CacheAnswered e)
    {
        var role = e.How is CacheAnswer.Fresh or CacheAnswer.Validated ? Role.Text : Role.Warning;
        rows.Step(language.Labels.Cache, language.Caches.Answered(e), role: role);
        TellFields(e.Fields);
    }

    private static string? Field(HttpField[] fields, string name) =>
        Array.Find(fields, field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private void TellBody(ResponseCompleted e)
    {
        rows.Detail(language.Http.Body(e.BodyBytes, e.WireBytes), e.ElapsedNanoseconds);
        // Whether a connection that may be kept is kept is seen when the journey ends.
        if (e.MayReuse) { _kept = language.Http.Keep(e.KeepReason, isKept: true); }
        else { rows.Detail(language.Http.Keep(e.KeepReason, isKept: false)); }
    }

    private void End(JourneyCompleted e)
    {
        _names.Close();
        if (_kept is { } kept) { rows.Step(language.Labels.Close, kept); }
        _kept = null;
        Body?.Show(rows);
        if (e.Succeeded)
        {
            rows.Gap();
            // Not everything answers with a number.
            var status = e.Status > 0 ? Phrase.Say($"{e.Status} {Printable.Brief(e.Reason)} · ") : Phrase.Empty;
            var bars = TimeBars.Of(e, language.Journeys, hasBars: !IsPage);
            rows.Paragraph(
                $"{status}{language.Amounts.Bytes(e.BodyBytes)} · {Amounts.Time(e.TotalNanoseconds):words}{(bars.Length > 0 ? "   " + bars : ""):words}",
                e.Status < 400 ? Role.Good : Role.Warning);
        }
        if (_failure is { } failure) { TellFailure(failure); }
        _failure = null;
        if (Body?.Whereabouts is { } whereabouts) { rows.Line(whereabouts, Role.Note); }
    }

    private Standpoint At => new(_lab, IsPrompt, _isWithoutRoots, IsPage, IsUnnamed);

    private void TellFailure(JourneyFailure failure)
    {
        if (_names.RelayFailure is { } relay) { failure = FailureFinding.ByRelay(failure, relay); }
        if (_calls is not null) { rows.Gap(); }
        FailureFinding.Show(rows, language, failure, At, _witness.Of(failure));
    }
}

/// <summary>What a journey received as content, as far as the story shows it.</summary>
public interface IStoryBody
{
    /// <summary>Shows what of it is shown, before the last lines.</summary>
    void Show(IRowSink rows);

    /// <summary>Where it is, or how to get it; the story's last line.</summary>
    Phrase? Whereabouts { get; }
}
