using Firstbyte.Addressing;
using Firstbyte.Codings;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Measuring;

/// <summary>One journey as its events tell of it, of a redirected one the last hop with the times of all.</summary>
public sealed class RecordedJourney
{
    private readonly long[] _times = new long[(int)MeasuredStep.Total + 1];
    private readonly List<string> _redirects = [];

    /// <summary>The URL as it was typed.</summary>
    public string Input { get; internal set; } = "";

    /// <summary>Where it ended.</summary>
    public string Href { get; private set; } = "";

    /// <summary>Where it was redirected to, in order.</summary>
    public IReadOnlyList<string> Redirects => _redirects;

    /// <summary>The addresses that were to be tried, in order.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; private set; } = [];

    /// <summary>The address that accepted; null where none did.</summary>
    public IpAddress? Address { get; private set; }

    /// <summary>What both ends of TLS agreed on; null without TLS.</summary>
    public TlsHandshakeCompleted? Tls { get; private set; }

    /// <summary>The head of the response; null where none came.</summary>
    public ResponseHeadReceived? Head { get; private set; }

    /// <summary>The end of the response; null where it did not come.</summary>
    public ResponseCompleted? Body { get; private set; }

    /// <summary>What became of the codings; null where there were none.</summary>
    public ContentDecoded? Decoded { get; private set; }

    /// <summary>The end; null where the file was cut.</summary>
    public JourneyCompleted? End { get; private set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public JourneyFailure? Failure { get; private set; }

    /// <summary>What a step took, nanoseconds: of a repetition the median.</summary>
    public long TimeOf(MeasuredStep step) => _times[(int)step];

    internal void FollowRedirect(RedirectFollowed redirect)
    {
        _redirects.Add(redirect.Href);
        // A connection may carry the next request too.
        (Head, Body, Decoded, End) = (null, null, null, null);
    }

    internal void Note(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case ConnectionWanted e: (Addresses, Address, Tls) = (e.Addresses, null, null); break;
            case ConnectCompleted e: Address = e.Remote.Address; break;
            case TlsHandshakeCompleted e: Tls = e; break;
            case ResponseHeadReceived e: Head = e; break;
            case ResponseCompleted e: Body = e; break;
            case ContentDecoded e: Decoded = e; break;
            case JourneyFailed e: Failure = e.Failure; break;
            case JourneyCompleted e:
                (End, Href) = (e, e.Href);
                ReadOnlySpan<long> hop =
                    [e.NameNanoseconds, e.ConnectNanoseconds, e.TlsNanoseconds, e.WaitNanoseconds, e.ReadNanoseconds, e.TotalNanoseconds];
                for (var step = 0; step < hop.Length; step++) { _times[step] += hop[step]; }
                break;
            default: break;
        }
    }

    internal void Take(JourneysMeasured measured)
    {
        Array.Clear(_times);
        foreach (var step in measured.Steps) { _times[(int)step.Step] = step.Median; }
    }
}

/// <summary>Listens to a run, and keeps its journeys; of a repetition one, with the medians of all.</summary>
public sealed class JourneyRecorder : ITraceSink
{
    /// <summary>Journeys of a run that are kept (own choice); those behind them are passed over.</summary>
    public const int Maximum = 1_000;

    private readonly List<RecordedJourney> _journeys = [];
    private bool _isRepeating;
    private RedirectFollowed? _redirect;
    private RecordedJourney? _current;

    /// <summary>The journeys in their order.</summary>
    public IReadOnlyList<RecordedJourney> Journeys => _journeys;

    /// <summary>Whether there were more than are kept.</summary>
    public bool HasMore { get; private set; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case RepetitionStarted: (_isRepeating, _current) = (true, null); break;
            case JourneysMeasured e:
                (_isRepeating, _redirect) = (false, null);
                _current?.Take(e);
                break;
            case JourneyStarted when _redirect is not null: _redirect = null; break;
            case JourneyStarted e: Begin(e); break;
            case RedirectFollowed e: _redirect = e; break;
            default:
                _current?.Note(traceEvent);
                // Its own end is told after the redirect, and before the next hop begins.
                if (traceEvent is JourneyCompleted && _redirect is { } redirect) { _current?.FollowRedirect(redirect); }
                break;
        }
    }

    private void Begin(JourneyStarted e)
    {
        // The last of a repetition stands for all of them.
        if (_isRepeating && _current is not null) { _journeys.Remove(_current); }
        _current = null;
        if (_journeys.Count == Maximum)
        {
            HasMore = true;
            return;
        }
        _journeys.Add(_current = new RecordedJourney { Input = e.Input });
    }
}
