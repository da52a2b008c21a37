using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishSockets : ISocketSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Connected(int descriptor, Endpoint remote, Endpoint local) => $"socket() → {descriptor}   connect({descriptor}, {remote}) from {local}";

    public Phrase Abandoned(int descriptor, Endpoint remote) =>
        $"socket() → {descriptor}   connect({descriptor}, {remote}) given up: another address answered first";

    public Phrase Unanswered(int descriptor, Endpoint remote) =>
        $"socket() → {descriptor}   connect({descriptor}, {remote}) … no answer until the end of the journey";

    public Phrase Reason(Errno error) => ReasonOf(error);

    internal static Phrase ReasonOf(Errno error) => Words(error) is { } words ? $"{words:words} ({error})" : $"{error}";

    private static string? Words(Errno error) => error switch
    {
        Errno.EACCES => "this host does not allow it (a firewall, or the address of many)",
        Errno.EPERM => "this host does not allow it (a firewall, or the address of many)",
        Errno.EADDRINUSE => "the address and port are in use",
        Errno.EADDRNOTAVAIL => "this host has no address from which to reach it",
        Errno.EAFNOSUPPORT => "this host does not speak that version of IP",
        Errno.ECONNABORTED => "this host broke the connection off",
        Errno.ECONNREFUSED => "nothing listens on that port",
        Errno.ECONNRESET => "the other side broke it off",
        Errno.EDESTADDRREQ => "it has no destination",
        Errno.EHOSTDOWN => "that host is down",
        Errno.EHOSTUNREACH => "that host does not answer, or a router on the way cannot get any further",
        Errno.EINVAL => "the address cannot be used for that",
        Errno.EMFILE => "this process has too many descriptors open",
        Errno.EMSGSIZE => "it is longer than one packet may be",
        Errno.ENETDOWN => "the network of this host is down",
        Errno.ENETUNREACH => "this host has no route to that network",
        Errno.ENOBUFS => "this host has no room for it now",
        Errno.ENOTCONN => "there is no connection",
        Errno.EPIPE => "the connection is closed",
        Errno.EPROTO => "the protocol was broken",
        Errno.ETIMEDOUT => "no answer came in time",
        Errno.ECANCELED => "it was given up",
        _ => null,
    };

    public Phrase NotConnected(int descriptor, Endpoint remote, Errno error) => $"socket() → {descriptor}   connect({descriptor}, {remote}) → {error}";

    public Phrase Reused(string host, int port, int exchanges) =>
        $"reused: the connection to {host:name}:{port} is still open after {_amounts.Exchanges(exchanges)}; no socket(), no connect()";

    public Phrase Figures(TransportFigures e) => Phrase.Join(
        " · ", [
            $"round trip {Amounts.Microseconds(e.RoundTripNanoseconds):words} ms ± {Amounts.Microseconds(e.VariationNanoseconds):words}{Least(e.LeastRoundTripNanoseconds):words}",
            $"{e.SegmentsSent} segments out, {e.SegmentsReceived} in, {e.Retransmitted} sent again",
            $"congestion window {e.CongestionWindow} × {_amounts.Bytes(e.SegmentBytes)}",
            .. Rate(e),
        ]);

    public Phrase NoFigures => "round trips and retransmissions: not told here, only by the kernel of Linux";

    private static string Least(long nanoseconds) => nanoseconds > 0 ? $", at least {Amounts.Microseconds(nanoseconds)}" : "";

    private static IEnumerable<Phrase> Rate(TransportFigures e)
    {
        if (e.DeliveryBytesPerSecond == 0) { yield break; }
        var rate = Amounts.ByteRate(e.DeliveryBytesPerSecond);
        yield return e.IsRateOwn ? $"delivered at {rate:words}, and had no more to send" : $"delivered at {rate:words}";
    }

    public Phrase PeerEnded(int descriptor) => $"read({descriptor}) → 0: the server has closed its side";

    public Phrase Closed(int descriptor) => $"close({descriptor})";

    public Phrase ClosedWithNothingLeft(int descriptor) => $"close({descriptor}): nothing more to ask this server";

    public Phrase Sent(long bytes) => $"{_amounts.Bytes(bytes)} sent";

    public Phrase BytesWritten(long bytes, int descriptor) => $"→ {_amounts.Bytes(bytes)} (write, descriptor {descriptor})";

    public Phrase BytesRead(long bytes, int descriptor) => $"← {_amounts.Bytes(bytes)} (read, descriptor {descriptor})";
}
