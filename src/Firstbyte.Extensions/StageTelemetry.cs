using System.Diagnostics;
using System.Diagnostics.Metrics;
using Firstbyte.Connecting;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Journeys;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Extensions;

/// <summary>The names under which activities and meters are found.</summary>
public static class FirstbyteTelemetry
{
    /// <summary>The ActivitySource: one client span a request, by OpenTelemetry's semantic conventions for HTTP, with a span for each stage below it.</summary>
    public const string ActivitySourceName = "Firstbyte.Http";

    /// <summary>The Meter: <c>http.client.request.duration</c>, <c>dns.lookup.duration</c>, and the stages that the conventions do not name.</summary>
    public const string MeterName = "Firstbyte.Http";

    internal static readonly ActivitySource Source = new(ActivitySourceName);
    private static readonly Meter s_meter = new(MeterName);

    // The boundaries that the conventions recommend, in seconds.
    private static readonly InstrumentAdvice<double> s_seconds =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    internal static readonly Histogram<double> Requests = Seconds("http.client.request.duration", "Duration of HTTP client requests.");
    internal static readonly Histogram<double> Lookups = Seconds("dns.lookup.duration", "Measures the time taken to perform a DNS lookup.");
    internal static readonly Histogram<double> Connects = Seconds("firstbyte.connect.duration", "Time until one of a host's addresses had answered.");
    internal static readonly Histogram<double> Handshakes = Seconds("firstbyte.tls.duration", "Time of TLS handshakes.");
    internal static readonly Histogram<double> Waits = Seconds("firstbyte.wait.duration", "Time from a request's last byte to its response's first.");

    /// <summary>Whether anybody reads one of the meters.</summary>
    internal static bool IsMeasured => Requests.Enabled || Lookups.Enabled || Connects.Enabled || Handshakes.Enabled || Waits.Enabled;

    private static Histogram<double> Seconds(string name, string description) => s_meter.CreateHistogram(name, "s", description, null, s_seconds);
}

/// <summary>Hears the events of one journey and makes of them a span, its stages and measurements.</summary>
internal sealed class StageTelemetry : ITraceSink
{
    private const double NanosecondsPerSecond = 1e9;

    private static readonly HashSet<string> s_methods = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY"];

    private readonly string _method;
    private readonly List<(string Name, Instant At, long Nanoseconds, string? Tag, object? Value)> _stages = [];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private UrlParts _url;
    private Instant _composed;
    private bool _isAddress;
    private long _name;
    private long _connect;
    private long _tls;
    private long _wait = -1;
    private JourneyFailure? _failure;
    private (string Version, int Status)? _head;
    private string? _peer;

    public StageTelemetry(HttpRequestMessage request)
    {
        _method = s_methods.Contains(request.Method.Method) ? request.Method.Method : "_OTHER";
        var outer = Activity.Current;
        Activity = FirstbyteTelemetry.Source.StartActivity(_method == "_OTHER" ? "HTTP" : _method, ActivityKind.Client);
        // It is the request's, and not that of what its program does meanwhile.
        Activity.Current = outer;
        if (request.RequestUri is { } uri) { _url = new UrlParts(uri.Scheme, uri.IdnHost, uri.Port, uri.AbsoluteUri); }
        if (Activity is not { } activity) { return; }
        activity.SetTag("http.request.method", _method);
        if (_method == "_OTHER") { activity.SetTag("http.request.method_original", request.Method.Method); }
        activity.SetTag("server.address", _url.Host);
        activity.SetTag("server.port", _url.Port);
        activity.SetTag("url.full", SecretText.MaskUrl(_url.Href ?? ""));
    }

    /// <summary>Whether anybody listens to activities or measurements.</summary>
    public static bool IsWanted => FirstbyteTelemetry.Source.HasListeners() || FirstbyteTelemetry.IsMeasured;

    /// <summary>The span of the request; null where nobody listens.</summary>
    public Activity? Activity { get; }

    public bool IsListening => true;

    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case RequestComposed e: (_composed, _isAddress) = (e.At, false); break;
            case HostIsAddress or AddressesGiven: _isAddress = true; break;
            case ResponseHeadReceived e: _head = (e.Version, e.Status); break;
            case CacheAnswered e: _head = ("HTTP/1.1", e.Status); break;
            case JourneyFailed e: _failure = e.Failure; break;
            case Sockets.ConnectCompleted e:
                _peer = e.Remote.Address.ToString();
                Add("connect", e, e.ElapsedNanoseconds, "network.peer.address", _peer);
                break;
            case Sockets.ConnectFailed e: Add("connect", e, e.ElapsedNanoseconds, "error.type", e.Error.ToString()); break;
            case ConnectAbandoned e: Add("connect", e, e.ElapsedNanoseconds, "error.type", "abandoned"); break;
            case TlsHandshakeCompleted e: Add("tls", e, e.ElapsedNanoseconds, "tls.protocol.version", e.Version == TlsVersion.Tls13 ? "1.3" : "1.2"); break;
            case TlsHandshakeFailed e: Add("tls", e, e.ElapsedNanoseconds, "error.type", e.Reason.ToString()); break;
            case FirstByteReceived e: Add("wait", e, e.ElapsedNanoseconds, null, null); break;
            case JourneyCompleted e:
                if (!_isAddress) { _name += e.NameNanoseconds; }
                _connect += e.ConnectNanoseconds;
                _tls += e.TlsNanoseconds;
                _wait = e.WaitNanoseconds;
                if (e.NameNanoseconds > 0 && !_isAddress)
                {
                    _stages.Add(("dns.lookup", _composed.PlusNanoseconds(e.NameNanoseconds), e.NameNanoseconds, "dns.question.name", _url.Host));
                }
                break;
        }
    }

    /// <summary>The journey is over: all that was measured is handed on.</summary>
    public void End(JourneyResult? result)
    {
        var error = result is null ? "cancelled" : _failure is { } failure ? failure.GetType().Name : _head is { Status: >= 400 and var status } ? $"{status}" : null;
        var tags = new TagList
        {
            { "http.request.method", _method }, { "server.address", _url.Host }, { "server.port", _url.Port }, { "url.scheme", _url.Scheme },
        };
        if (_head is { } head)
        {
            tags.Add("http.response.status_code", head.Status);
            tags.Add("network.protocol.version", head.Version["HTTP/".Length..]);
        }
        if (error is not null) { tags.Add("error.type", error); }
        FirstbyteTelemetry.Requests.Record(TimeProvider.System.GetElapsedTime(_began).TotalSeconds, tags);
        var server = new TagList { { "server.address", _url.Host }, { "server.port", _url.Port } };
        if (_name > 0) { FirstbyteTelemetry.Lookups.Record(_name / NanosecondsPerSecond, new KeyValuePair<string, object?>("dns.question.name", _url.Host)); }
        if (_connect > 0) { FirstbyteTelemetry.Connects.Record(_connect / NanosecondsPerSecond, server); }
        if (_tls > 0) { FirstbyteTelemetry.Handshakes.Record(_tls / NanosecondsPerSecond, server); }
        if (_wait > 0) { FirstbyteTelemetry.Waits.Record(_wait / NanosecondsPerSecond, server); }
        if (Activity is not { } activity) { return; }
        foreach (var (name, at, nanoseconds, tag, value) in _stages)
        {
            // Stages were over before anybody knew of them: they are given their own times.
            using var stage = FirstbyteTelemetry.Source.StartActivity(
                name, ActivityKind.Internal, activity.Context, startTime: at.PlusNanoseconds(-nanoseconds).ToDateTimeOffset());
            if (tag is not null) { stage?.SetTag(tag, value); }
            stage?.SetEndTime(at.ToDateTimeOffset().UtcDateTime);
        }
        if (_head is { } final)
        {
            activity.SetTag("http.response.status_code", final.Status);
            activity.SetTag("network.protocol.version", final.Version["HTTP/".Length..]);
        }
        if (_peer is not null) { activity.SetTag("network.peer.address", _peer); }
        if (error is not null)
        {
            activity.SetTag("error.type", error);
            activity.SetStatus(ActivityStatusCode.Error);
        }
        activity.Dispose();
    }

    private void Add(string name, TraceEvent e, long nanoseconds, string? tag, object? value) => _stages.Add((name, e.At, nanoseconds, tag, value));

    private readonly record struct UrlParts(string? Scheme, string? Host, int Port, string? Href);
}
