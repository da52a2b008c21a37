using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Probing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishProbes : IProbeSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase PingStarted(PingStarted e) => e.Source is not { Version: not IpVersion.None }
        ? $"PING {FieldWords.Named(e.Name, e.Target)}: {e.DataBytes} data bytes"
        : $"PING {FieldWords.Named(e.Name, e.Target)} from {e.Source}: {e.DataBytes} data bytes";

    public Phrase Echo(EchoAnswered e) =>
        $"{e.Bytes} bytes from {FieldWords.Named(e.Name, e.From)}: icmp_seq={e.Sequence} ttl={e.HopLimit} time={Milliseconds(e.ElapsedNanoseconds)} ms{(e.IsDuplicate ? " (DUP!)" : ""):words}";

    public Phrase NoEcho(IpAddress from, string? name, ushort sequence, ProbeReply reply) =>
        $"From {FieldWords.Named(name, from)} icmp_seq={sequence} {Reply(reply)}";

    public Phrase Unanswered(ushort sequence) => $"no answer for icmp_seq={sequence}";

    public Phrase ThisHost => "this host";

    public Phrase NotSent(ushort sequence, Errno error) => error == Errno.ENETUNREACH
        ? $"icmp_seq={sequence} could not be sent: this host has no route there, or no address of its own ({error})"
        : $"icmp_seq={sequence} could not be sent: {EnglishSockets.ReasonOf(error)}";

    public Phrase Unplugged => "no network card of this host hears its link: its cable is out";

    public Phrase Statistics(string name) => $"--- {name:name} ping statistics ---";

    public Phrase Counts(PingCompleted e)
    {
        var lost = e.Sent == 0 ? 0 : (e.Sent - e.Received) * 100.0 / e.Sent;
        return $"{e.Sent} packets transmitted, {e.Received} received{(e.Errors > 0 ? $", +{_amounts.Errors(e.Errors)}" : "")}, {lost:0.##}% packet loss, time {e.ElapsedNanoseconds / 1_000_000} ms";
    }

    public Phrase RoundTrips(PingCompleted e) =>
        $"rtt min/avg/max/mdev = {Milliseconds(e.MinimumNanoseconds)}/{Milliseconds(e.MeanNanoseconds)}/{Milliseconds(e.MaximumNanoseconds)}/{Milliseconds(e.DeviationNanoseconds)} ms";

    public Phrase TracerouteStarted(TracerouteStarted e) =>
        $"traceroute to {FieldWords.Named(e.Name, e.Target)}{(e.Source is { Version: not IpVersion.None } source ? Say($" from {source}") : "")}, {_amounts.Hops(e.MaximumHops)} at most, {(e.Kind == ProbeKind.Echo ? "ICMP echo" : "UDP"):words} probes";

    public Phrase TargetSilent(int hops) => $"the target did not answer within {_amounts.Hops(hops)}";

    private static Phrase Reply(ProbeReply reply) => reply switch
    {
        ProbeReply.HopsExceeded => "no hop left (time to live exceeded)",
        ProbeReply.NetworkUnreachable => "network unreachable: no route",
        ProbeReply.HostUnreachable => "host unreachable: nobody on its link answers for the address",
        ProbeReply.ProtocolUnreachable => "protocol unreachable",
        ProbeReply.TooBig => "too long for a link on the way",
        ProbeReply.Prohibited => "forbidden by an administrator",
        ProbeReply.None or ProbeReply.Reached or ProbeReply.Unreachable => "unreachable",
    };

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.000}");
}
