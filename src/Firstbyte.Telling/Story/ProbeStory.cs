using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Probing;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells pings and traceroutes as everybody knows them: a line an answer, a line a hop, the summary at the end.</summary>
internal sealed class ProbeStory(IRowSink rows, Language language)
{
    private readonly IProbeSentences _words = language.Probes;
    private readonly List<HopProbed> _hop = [];

    /// <summary>Takes an event of a ping or traceroute; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case PingStarted e: rows.Line(_words.PingStarted(e)); break;
            case EchoAnswered { Reply: ProbeReply.Reached } e: rows.Line(_words.Echo(e)); break;
            case EchoAnswered e: rows.Line(_words.NoEcho(e.From, e.Name, e.Sequence, e.Reply), Role.Warning); break;
            case EchoUnanswered e: rows.Line(_words.Unanswered(e.Sequence), Role.Warning); break;
            case EchoNotSent e: rows.Line(_words.NotSent(e.Sequence, e.Error), Role.Warning); break;
            case HostUnplugged:
                FlushHop();
                rows.Line(_words.Unplugged, Role.Bad);
                break;
            case PingCompleted e: Tell(e); break;
            case TracerouteStarted e: rows.Line(_words.TracerouteStarted(e)); break;
            case HopProbed e:
                if (_hop.Count > 0 && _hop[0].Hop != e.Hop) { FlushHop(); }
                _hop.Add(e);
                break;
            case TracerouteCompleted e:
                FlushHop();
                if (!e.Reached) { rows.Line(_words.TargetSilent(e.Hops), Role.Warning); }
                break;
            default: return false;
        }
        return true;
    }

    private void Tell(PingCompleted e)
    {
        rows.Gap();
        rows.Line(_words.Statistics(e.Name));
        rows.Line(_words.Counts(e), e.Received == e.Sent ? Role.Words : Role.Warning);
        if (e.Received > 0) { rows.Line(_words.RoundTrips(e)); }
    }

    private void FlushHop()
    {
        if (_hop.Count == 0) { return; }
        Phrase line = $"{_hop[0].Hop.ToString(CultureInfo.InvariantCulture).PadLeft(2)} ";
        IpAddress? last = null;
        foreach (var probe in _hop)
        {
            if (probe is { From: null, Reply: ProbeReply.None })
            {
                line += " *";
                continue;
            }
            // The host itself answers where it has no way at all, and has no address to do it with.
            if (probe.From is { Version: not IpVersion.None } from)
            {
                if (from != last) { line += $" {FieldWords.Named(probe.Name, from)}"; }
            }
            else if (last is null) { line += $" {_words.ThisHost}"; }
            last = probe.From ?? default(IpAddress);
            line += $"  {probe.ElapsedNanoseconds / 1e6:0.000} ms{Mark(probe.Reply):words}";
        }
        rows.Line(line);
        _hop.Clear();
    }

    // The marks of every traceroute.
    private static string Mark(ProbeReply reply) => reply switch
    {
        ProbeReply.NetworkUnreachable => " !N",
        ProbeReply.HostUnreachable => " !H",
        ProbeReply.ProtocolUnreachable => " !P",
        ProbeReply.Prohibited => " !X",
        ProbeReply.TooBig => " !F",
        ProbeReply.Unreachable => " !",
        _ => "",
    };
}
