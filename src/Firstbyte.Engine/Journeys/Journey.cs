using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>One URL on its way: what is wanted, where the content goes, which step is under way, and how long each took.</summary>
internal sealed class Journey(TraceSpan span, INetwork network, JourneyRequest request, IBodySink sink)
{
    // IANA's "ftps".
    private const int SecureFtpPort = 990;

    private readonly long _began = network.Time.GetTimestamp();
    private bool _isSecured;
    private readonly long[] _times = new long[(int)JourneyStep.Save + 1];

    public TraceSpan Span { get; } = span;

    public JourneyRequest Request { get; } = request;

    /// <summary>Where the content goes. The client begins it; its end is told when the journey ends.</summary>
    public IBodySink Sink { get; set; } = sink;

    public Url Url { get; private set; } = null!;

    /// <summary>The name or literal address, without the brackets of an IPv6 address.</summary>
    public string Host { get; private set; } = "";

    public int Port { get; private set; }

    /// <summary>Whom the journey leads to, as connections to it are shared.</summary>
    public Origin Origin { get; private set; }

    /// <summary>Whom the client talks to where the URL does not say it, as a mail server; null where it does.</summary>
    public Origin? Peer { get; set; }

    /// <summary>Whether the peer has a whole message and has not said what becomes of it.</summary>
    public bool IsUnconfirmed { get; set; }

    /// <summary>What the server has answered so far, where it speaks HTTP; null before.</summary>
    public HttpExchangeResult? Response { get; set; }

    /// <summary>Messages of a journey that is over, to be filled again by the first exchange of this one; null for none.</summary>
    public ExchangeRoom? Room { get; set; }

    /// <summary>The journey that goes on where this one was redirected; null when none does.</summary>
    public Journey? Next { get; set; }

    /// <summary>Where a redirect came from that led here; null where the user did.</summary>
    public Url? RedirectedFrom { get; set; }

    /// <summary>The value of the Authorization field; null for none.</summary>
    public string? Authorization { get; set; }

    /// <summary>The proxy by way of which it goes; null for none.</summary>
    public JourneyProxy? Proxy { get; set; }

    /// <summary>The address of the server, where this host has looked it up for a proxy; null where the proxy does, or there is none.</summary>
    public IpAddress? TargetAddress { get; set; }

    /// <summary>The value of the Proxy-Authorization field, for a proxy that reads every message; null for none.</summary>
    public string? ProxyAuthorization { get; set; }

    /// <summary>Whether content waits until the proxy has said that it takes it.</summary>
    public bool WithholdsContentOfProxy { get; set; }

    /// <summary>Whether content waits until the server has said that it takes it: it may want to know first who asks.</summary>
    public bool WithholdsContent { get; set; }

    /// <summary>From where content is asked for that has come in part; null for all of it.</summary>
    public ResumePoint? Resume { get; set; } =
        request is { ResumeAt: > 0, MethodOnTheWire: "GET" } ? new ResumePoint(request.ResumeAt, request.ResumeValidator) : null;

    /// <summary>The piece of the content that is asked for; null where it is all of it, or the rest.</summary>
    public ContentPiece? Piece { get; set; }

    /// <summary>The request as it went out last; null before.</summary>
    public PreparedRequest? Sent { get; set; }

    /// <summary>Whether a cache has answered.</summary>
    public bool IsFromCache { get; set; }

    /// <summary>Fields by which a server is asked whether what a cache keeps is still so; empty for none.</summary>
    public HttpField[] Conditions { get; set; } = [];

    /// <summary>The value of the Cookie field; null for none.</summary>
    public string? Cookies { get; set; }

    /// <summary>How much may come and go, and how fast; null for any.</summary>
    public TransferLimits? Limits { get; set; }

    /// <summary>The step that is under way, or was last.</summary>
    public JourneyStep Step { get; set; }

    /// <summary>From the request's last byte to the response's first byte, nanoseconds.</summary>
    public long WaitNanoseconds { get; set; }

    /// <summary>Says where the journey leads, and tells it.</summary>
    public void LeadTo(Url url)
    {
        Url = url;
        var hostname = url.Hostname;
        Host = url.HostKind == UrlHostKind.Ipv6 ? hostname[1..^1] : hostname;
        // ftps is none of the URL standard's special schemes, which know their ports.
        Port = url.EffectivePort < 0 && url.Scheme == "ftps" ? SecureFtpPort : url.EffectivePort;
        Origin = new Origin(url.Scheme, hostname, Port);
        if (Span.IsListening) { Span.Tell(UrlParsed.Of(Request.Input, url)); }
    }

    /// <summary>The same place over TLS.</summary>
    public void Secure(Url url)
    {
        (Url, Port, _isSecured) = (url, url.EffectivePort, true);
        Origin = new Origin(url.Scheme, Origin.Host, Port);
    }

    /// <summary>Whether the URL is not the one that was asked for, as a redirect or HSTS has led to it.</summary>
    public bool IsElsewhere => _isSecured || RedirectedFrom is not null;

    /// <summary>Begins a step, which lasts until what is returned is disposed.</summary>
    public StepTime Doing(JourneyStep step)
    {
        Step = step;
        return new StepTime(this, step, network.Time.GetTimestamp());
    }

    /// <summary>Adds to a step's time, for whoever measures it otherwise.</summary>
    public void Took(JourneyStep step, long nanoseconds) => _times[(int)step] += nanoseconds;

    /// <summary>What a step has taken so far, nanoseconds.</summary>
    public long TimeOf(JourneyStep step) => _times[(int)step];

    /// <summary>Ends the journey in an error.</summary>
    public JourneyResult Fail(JourneyFailure failure, JourneyEnd end = default)
    {
        // What a limit has kept from being saved is not the disk's fault.
        if (failure is BodyUnsaved or FtpRefused { Fault: FtpFault.Abandoned } && Limits?.TooLarge is { } limit)
        { failure = new ContentTooLarge(Peer ?? Origin, limit.Limit, limit.Said); }
        // Looked at only when it came to this: the network is blamed for what a pulled cable does.
        if (FailureTable.Of(failure).AtFault == FaultParty.Network && network.IsUnpluggedFrom(AskedBy(failure)))
        {
            failure = failure with { IsUnplugged = true };
        }
        if (Span.IsListening) { Span.Tell(new JourneyFailed(failure)); }
        Complete(end, succeeded: false);
        return new JourneyResult(failure, end.Status);
    }

    private static IpAddress[] AskedBy(JourneyFailure failure) => failure switch
    {
        NotConnected { Attempts: var attempts } => [.. attempts.Select(static one => one.Address)],
        NameUnresolved { Server: { } server } => [server.Address],
        ProxyFailed { Cause: var cause } => AskedBy(cause),
        _ => [],
    };

    /// <summary>Ends the journey with all that was asked for.</summary>
    public JourneyResult Succeed(JourneyEnd end)
    {
        Complete(end, succeeded: true);
        return new JourneyResult(null, end.Status);
    }

    private void Complete(JourneyEnd end, bool succeeded)
    {
        // Before it is told that the content is saved, it is.
        Sink.End(succeeded);
        if (!Span.IsListening) { return; }
        Span.Tell(new JourneyCompleted(
            Url?.Href ?? "", succeeded, end.Status, end.Reason ?? "", end.BodyBytes,
            _times[(int)JourneyStep.Name], _times[(int)JourneyStep.Connect], _times[(int)JourneyStep.Tls], WaitNanoseconds, _times[(int)JourneyStep.Read],
            NetworkClock.NanosecondsSince(network.Time, _began)));
    }

    /// <summary>A step under way.</summary>
    internal readonly struct StepTime(Journey journey, JourneyStep step, long began) : IDisposable
    {
        public void Dispose() => journey.Took(step, NetworkClock.NanosecondsSince(journey.Time, began));
    }

    private TimeProvider Time => network.Time;
}

/// <summary>What a journey ended with.</summary>
/// <param name="Status">The server's last status or reply code; 0 without one.</param>
/// <param name="Reason">What it said with it; null without one.</param>
/// <param name="BodyBytes">Bytes of content that came.</param>
internal readonly record struct JourneyEnd(int Status, string? Reason, long BodyBytes);

/// <summary>What came of a journey.</summary>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Status">The response's status code; 0 without one.</param>
public sealed record JourneyResult(JourneyFailure? Failure, int Status)
{
    /// <summary>curl's exit code for it; 0 for a complete response, whatever its status.</summary>
    public int ExitCode => Failure is null ? ExitCodes.Success : FailureTable.Of(Failure).ExitCode;
}
