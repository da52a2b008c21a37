using Firstbyte.Connecting;
using Firstbyte.Dns.Resolving;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A part of an exchange: from when, and for how long, in nanoseconds since the first exchange began.</summary>
public sealed record WaterfallBar(ExchangePart Part, long Start, long Length);

/// <summary>An exchange in its parts.</summary>
/// <param name="start">When it began, in nanoseconds since the first one.</param>
public sealed class WaterfallRow(long start)
{
    /// <summary>When it began.</summary>
    public long Start { get; } = start;

    /// <summary>When it ended, as far as is known.</summary>
    public long End { get; set; } = start;

    /// <summary>"GET".</summary>
    public string Method { get; set; } = "";

    /// <summary>Where to, safe to show.</summary>
    public string Url { get; set; } = "";

    /// <summary>The status; 0 without one.</summary>
    public int Status { get; set; }

    /// <summary>What its content is said to be, safe to show; empty where nothing is said.</summary>
    public string Type { get; set; } = "";

    /// <summary>Bytes of its content; null until it is over.</summary>
    public long? Bytes { get; set; }

    /// <summary>Whether it failed.</summary>
    public bool IsFailed { get; set; }

    /// <summary>Its parts, in their order.</summary>
    public List<WaterfallBar> Bars { get; } = [];
}

/// <summary>Where the time of a journey went, an exchange a row, as it grows.</summary>
/// <remarks>
/// Theory of operation. A journey of one hop follows the other, each with its own beginning, so an event belongs to the hop that began last. A part lasts
/// from the event that begins it to the last one that can end it: of a race of addresses the bar ends with the one that won, of two questions with the later
/// answer. Of a race, and of what a part took in all, the journey's own word counts in the end.
/// </remarks>
public sealed class Waterfall
{
    private readonly Dictionary<ExchangePart, (long From, long To)> _parts = [];
    private readonly HashSet<long> _questions = [];
    private Instant _began;

    /// <summary>The exchanges.</summary>
    public List<WaterfallRow> Rows { get; } = [];

    /// <summary>From the first beginning to the last end.</summary>
    public long Length => Rows.Count == 0 ? 0 : Rows.Max(static row => row.End);

    /// <summary>Takes an event.</summary>
    public void Take(TraceEvent traceEvent)
    {
        ArgumentNullException.ThrowIfNull(traceEvent);
        if (Rows.Count == 0) { _began = traceEvent.At; }
        var at = traceEvent.At.Nanoseconds - _began.Nanoseconds;
        if (traceEvent is JourneyStarted started)
        {
            _parts.Clear();
            _questions.Clear();
            Rows.Add(new WaterfallRow(at) { Url = Printable.Text(started.Input) });
            return;
        }
        if (Rows.Count == 0) { return; }
        var row = Rows[^1];
        row.End = Math.Max(row.End, at);
        switch (traceEvent)
        {
            case RequestComposed e: (row.Method, row.Status) = (e.Method, 0); break;
            // What a resolver asks for itself hangs below the question that it was asked.
            case ResolutionStarted e:
                if (!_questions.Contains(e.Parent)) { Begin(ExchangePart.Name, at); }
                _questions.Add(e.Span);
                break;
            case ResolutionCompleted or ResolutionFailed: End(ExchangePart.Name, at); break;
            // The socket is made, and another address tried beside the first, within it.
            case ConnectionWanted or ConnectStarted: Begin(ExchangePart.Connect, at); break;
            case ConnectCompleted or ConnectFailed: End(ExchangePart.Connect, at); break;
            case TlsHandshakeStarted: Begin(ExchangePart.Tls, at); break;
            case TlsHandshakeCompleted or TlsHandshakeFailed: End(ExchangePart.Tls, at); break;
            case RequestWritten: Begin(ExchangePart.Send, at); break;
            case BytesSent when _parts.ContainsKey(ExchangePart.Send) && !_parts.ContainsKey(ExchangePart.Receive):
                End(ExchangePart.Send, at);
                _parts[ExchangePart.Wait] = (at, at);
                break;
            case FirstByteReceived:
                End(ExchangePart.Wait, at);
                Begin(ExchangePart.Receive, at);
                break;
            case ResponseHeadReceived e:
                (row.Status, row.Type) = (e.Status, TypeOf(e.Fields));
                break;
            case ResponseCompleted e:
                row.Bytes = e.BodyBytes;
                End(ExchangePart.Receive, at);
                break;
            // What the journey says of itself, below and in its end, is said here: events come a moment after what they tell.
            case JourneyCompleted e:
                Settle(ExchangePart.Name, e.NameNanoseconds);
                Settle(ExchangePart.Connect, e.ConnectNanoseconds);
                Settle(ExchangePart.Tls, e.TlsNanoseconds);
                break;
            case JourneyFailed:
                row.IsFailed = true;
                foreach (var part in _parts.Keys.ToList()) { if (_parts[part] is var (from, to) && from == to) { End(part, at); } }
                break;
            default: return;
        }
        row.Bars.Clear();
        row.Bars.AddRange(_parts.OrderBy(static part =>
            part.Key).Select(static part => new WaterfallBar(part.Key, part.Value.From, part.Value.To - part.Value.From)));
    }

    /// <summary>The type that a response's fields name, without its parameters.</summary>
    public static string TypeOf(IEnumerable<HttpField> fields) => Printable.Text(
        fields.FirstOrDefault(static field => "Content-Type".Equals(field.Name, StringComparison.OrdinalIgnoreCase)).Value?.Split(';')[0].Trim() ?? "");

    private void Begin(ExchangePart part, long at) => _parts.TryAdd(part, (at, at));

    private void Settle(ExchangePart part, long took)
    {
        if (took > 0 && _parts.TryGetValue(part, out var old)) { _parts[part] = (old.From, old.From + took); }
    }

    private void End(ExchangePart part, long at)
    {
        if (_parts.TryGetValue(part, out var old)) { _parts[part] = (old.From, at); }
    }
}
