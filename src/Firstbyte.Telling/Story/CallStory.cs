using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Frames;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Caching;
using Firstbyte.Journeys;
using Firstbyte.Packets;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Telling.Story;

/// <summary>What of a run is shown as the inside of a host.</summary>
/// <param name="Host">The machine; empty for this machine.</param>
/// <param name="RunsJourneys">Whether it is the machine whose journeys are told.</param>
/// <param name="Sight">How much of its stack can be seen.</param>
public sealed record CallView(string Host, bool RunsJourneys, StackSight Sight);

/// <summary>Tells the inside of one host: application, Socket library, protocol stack and card in lanes, control going down and coming back.</summary>
/// <remarks>
/// Theory of operation. Rows are made of what happened: calls as the sockets tell them, messages as the resolver tells them, frames as the
/// wires of a lab tell them. A lane is held while a call is in it that has not come back. Whose a resolver's event is, is seen by the
/// steps above it: those of this host's programs begin in a lookup of theirs.
/// </remarks>
/// <param name="rows">Where it is told.</param>
/// <param name="language">In which language.</param>
/// <param name="view">Whose inside.</param>
public sealed class CallStory(IRowSink rows, Language language, CallView view)
{
    private const int Application = 0, Library = 1, Stack = 2, Card = 3, Outside = 4;

    private readonly ICallSentences _words = language.Calls;
    private readonly Dictionary<long, CallMade> _open = [];
    private readonly HashSet<long> _steps = [];
    private readonly HashSet<MacAddress> _stations = [];
    private int _lookups;
    private Instant? _first;
    private Instant? _last;
    private bool _hasHeads;
    private (IpVersion Version, bool IsThere)? _way;

    /// <summary>Takes an event; false when it belongs to the story around the lanes.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case JourneyStarted:
                _hasHeads = false;
                return false;
            case CallMade e when e.Host == view.Host: Down(e); return true;
            case CallReturned e when e.Host == view.Host: Back(e); return true;
            case LookupCalled e when e.Host == view.Host: LookUp(e); return true;
            case LookupReturned e when e.Host == view.Host: LookedUp(e); return true;
            case FrameSeen e: See(e); return true;
            case SchemeAssumed or UrlParsed or UrlRefused or UrlViolationFound or ProxyNamed
                or Proxies.ProxyChosen or Proxies.ProxyBypassed or Proxies.ProxyUnused or RedirectFollowed or RedirectNotFollowed
                or JourneyCompleted or JourneyFailed or LinkChanged:
                return false;
        }
        if (traceEvent.GetType().Namespace == typeof(Probing.PingStarted).Namespace) { return false; }
        if (_steps.Contains(traceEvent.Parent) || _steps.Contains(traceEvent.Span))
        {
            _steps.Add(traceEvent.Span);
            TellResolver(traceEvent);
        }
        if (view.RunsJourneys) { TellApplication(traceEvent); }
        return true;
    }

    /// <summary>Tells which calls have not come back; to be called when nothing follows.</summary>
    public void End()
    {
        foreach (var call in _open.Values.OrderBy(static call => call.Number))
        {
            Mark(call.At, LaneOf(call), _words.StillWaits(call), Role.Note, isLast: true);
        }
        _open.Clear();
    }

    private void LookUp(LookupCalled e)
    {
        _steps.Add(e.Span);
        _lookups++;
        Go(e.At, Application, Library, _words.LooksUp(e.Name, e.Type), Role.Strong);
    }

    private void LookedUp(LookupReturned e)
    {
        Go(e.At, Library, Application, _words.LookedUp(e), e.End == LookupEnd.Found ? Role.Good : Role.Bad);
        _lookups--;
    }

    private void Down(CallMade call)
    {
        if (AsksForWay(call)) { return; }
        _open[call.Number] = call;
        if (call.Call is SocketCall.SealedRead or SocketCall.SealedWrite) { Mark(call.At, Application, _words.Call(call)); }
        else { Go(call.At, LaneOf(call), Stack, _words.Call(call)); }
    }

    private void Back(CallReturned returned)
    {
        if (!_open.TryGetValue(returned.Number, out var made))
        {
            SeesWay(returned);
            return;
        }
        var role = returned.Error is Errno.None ? Role.Words : returned.Error is Errno.ECANCELED ? Role.Note : Role.Bad;
        if (returned.Call is SocketCall.SealedRead or SocketCall.SealedWrite) { Mark(returned.At, Application, _words.Return(returned, made), role); }
        else { Go(returned.At, Stack, LaneOf(made), _words.Return(returned, made), role); }
        _open.Remove(returned.Number);
    }

    // While the resolver works, the application waits: what is called then is called inside the library.
    private int LaneOf(CallMade call) => call.Source == CallSource.Resolver || _lookups > 0 ? Library : Application;

    // Whether a version is worth asking for (RFC 3493 6.1) takes three calls, which are one question: a datagram socket that is connected and sends nothing.
    private bool AsksForWay(CallMade call)
    {
        if (_lookups == 0 || call.Source == CallSource.Resolver || call.Kind != SocketKind.Datagram) { return false; }
        if (call.Call == SocketCall.Socket)
        {
            _way = (call.Version ?? IpVersion.V4, false);
            Go(call.At, Library, Stack, _words.AsksForWay(_way.Value.Version));
        }
        return true;
    }

    private void SeesWay(CallReturned returned)
    {
        if (_way is not { } way) { return; }
        if (returned.Call == SocketCall.Connect && returned.Error == Errno.None) { _way = way with { IsThere = true }; }
        if (returned.Call != SocketCall.Close && !(returned.Call == SocketCall.Socket && returned.Error != Errno.None)) { return; }
        Go(returned.At, Stack, Library, _words.Way(_way.Value.IsThere));
        _way = null;
    }

    private void TellResolver(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case QuerySent e: Mark(e.At, Library, _words.MakesQuery(e)); break;
            case ResponseReceived e: Mark(e.At, Library, _words.ReadsAnswer(e)); break;
            case ReferralFollowed e: Mark(e.At, Library, language.Names.Referral(e.ToZone.TrimEnd('.'), e.Servers.Length, e.GlueCount > 0)); break;
            case CacheProbed { Outcome: not CacheOutcome.Miss } e: Mark(e.At, Library, _words.KnowsFromCache(e.TtlSeconds)); break;
            case HostsFileMatched e: Mark(e.At, Library, _words.KnowsFromHostsFile(e.Line, e.Path)); break;
            case QueryTimedOut e: Mark(e.At, Library, language.Names.NoAnswer(1), Role.Warning); break;
            case QueryFailed e: Mark(e.At, Library, language.Names.WhyNot(e), Role.Bad); break;
            case ResponseRejected e: Mark(e.At, Library, language.Names.Rejected(e.Reason), Role.Warning); break;
            case ResolutionCompleted { Source: AnswerSourceKind.SpecialUseName } e:
                Mark(e.At, Library, language.Names.Source(new AnswerSource(e.Source, null, "", "", Authoritative: false, 0, 0)));
                break;
        }
    }

    private void TellApplication(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case RequestComposed e: Mark(e.At, Application, _words.Composes(e)); break;
            case HostIsAddress e: Mark(e.At, Application, language.Journeys.HostIsAddress(e.Address)); break;
            case AddressesGiven e: Mark(e.At, Application, language.Journeys.AddressesGiven(e.Host, e.Port, e.Addresses)); break;
            case ConnectionReused e: Mark(e.At, Application, language.Sockets.Reused(e.Host, e.Port, e.Exchanges)); break;
            case ExpectationRefused e: Mark(e.At, Application, language.Http.ExpectationRefused(e.Status), Role.Warning); break;
            case RequestRetried e: Mark(e.At, Application, language.Http.Retried(e.Method), Role.Warning); break;
            case RequestNotRetried e: Mark(e.At, Application, language.Http.NotRetried(e.Method), Role.Warning); break;
            case TlsHandshakeStarted e: Mark(e.At, Application, _words.BeginsHandshake(e.ServerName)); break;
            case TlsHandshakeCompleted e: Mark(e.At, Application, language.Tls.Session(e.Version, e.Suite, e.Alpn)); break;
            case ClientCertificateAsked e: Mark(e.At, Application, language.Tls.ClientCertificate(e.IsShown)); break;
            case CertificateFaultFound e: Mark(e.At, Application, language.Tls.CertificateFault(e.Fault, e.Allowed), Role.Warning); break;
            case TlsHandshakeFailed e: Mark(e.At, Application, language.Tls.Failure(e.Reason, e.Alert, e.Error), Role.Bad); break;
            case InformationalReceived e: Mark(e.At, Application, _words.FindsInBuffer(language.Http.Interim(e.Status, Printable.Brief(e.Reason)))); break;
            case ResponseHeadReceived e:
                var type = Array.Find(e.Fields, static field => field.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
                var head = language.Http.Response(e.Status, Printable.Brief(e.Reason), e.Version, type, e.Framing, e.FramingLength);
                Mark(e.At, Application, _words.FindsInBuffer(head));
                break;
            case CacheAnswered e: Mark(e.At, Application, language.Caches.Answered(e)); break;
            case CacheDoubted e: Mark(e.At, Application, language.Caches.Doubted(e)); break;
            case ChallengeReceived e: Mark(e.At, Application, language.Http.Challenged(e)); break;
            case MessageFlawFound e: Mark(e.At, Application, language.Http.FlawFound(e.Flaw, e.Position, e.Action), Role.Warning); break;
            case ResponseCompleted e:
                Mark(e.At, Application, _words.ReadsBody(e.BodyBytes));
                if (!e.MayReuse) { Mark(e.At, Application, language.Http.Keep(e.KeepReason, isKept: false)); }
                break;
        }
    }

    // Frames from the first call on: what a host does before (asking for its own address) no program has called for.
    private void See(FrameSeen e)
    {
        if (e.Element != view.Host || _first is null) { return; }
        var text = language.Frames.Frame(e.Frame);
        if (e.Direction == FrameDirection.Out)
        {
            _stations.Add(e.Frame.From);
            Go(e.At, Stack, Outside, text, Role.Note);
        }
        // A hub repeats everything; questions to everybody are seen by their answers.
        else if (_stations.Contains(e.Frame.To)) { Go(e.At, Outside, Stack, text, Role.Note); }
    }

    private void Mark(Instant at, int lane, Phrase text, Role role = Role.Words, bool isLast = false) => Go(at, lane, lane, text, role, isLast);

    private void Go(Instant at, int from, int to, Phrase text, Role role = Role.Words, bool isLast = false)
    {
        if (!_hasHeads)
        {
            _hasHeads = true;
            rows.Step(language.Labels.Inside, _words.Inside(view.Host));
            rows.Show(new Row(RowKind.LaneHeads) { Facts = _words.Lanes(view.Sight) });
        }
        _first ??= at;
        long? time = isLast || at == _last ? null : at.Nanoseconds - _first.Value.Nanoseconds;
        if (!isLast) { _last = at; }
        var isCalled = _open.Values.Any(static call => call.Call is not (SocketCall.SealedRead or SocketCall.SealedWrite)) || _way is not null;
        rows.Show(new Row(
            RowKind.Lanes)
        {
            Lanes = new LaneStep(
                time, from, to, [true, _lookups > 0 || isCalled, isCalled, from is Card or Outside || to is Card or Outside]),
            Text = text,
            Role = role
        });
    }
}
