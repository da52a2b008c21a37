using Firstbyte.Addressing;

namespace Firstbyte.Hosts;

/// <summary>What came back for an echo request.</summary>
/// <param name="From">Who answered: the target, or a router on the way.</param>
/// <param name="Sequence">Which request it answers.</param>
/// <param name="IsReply">The target's own answer, not an error.</param>
/// <param name="Type">The ICMP type, of the address's version.</param>
/// <param name="Code">The ICMP code.</param>
/// <param name="HopLimit">Hops that the answer had left; 0 for an error.</param>
/// <param name="Length">Bytes of the ICMP message, or of what an error quotes of it.</param>
/// <param name="NextHopMtu">Of "fragmentation needed" and "packet too big": the next link's MTU in bytes; else 0.</param>
public readonly record struct EchoAnswer(IpAddress From, ushort Sequence, bool IsReply, byte Type, byte Code, byte HopLimit, int Length, int NextHopMtu = 0);

/// <summary>A socket for echo requests: what ping and traceroute use.</summary>
public sealed class PingSocket : HostSocket
{
    /// <summary>Answers that wait to be taken (own choice).</summary>
    public const int MaxAnswers = 256;

    private readonly Queue<EchoAnswer> _answers = new();

    internal PingSocket(IpVersion version, ushort identifier)
        : base(version) => Identifier = identifier;

    /// <summary>By which its answers are known.</summary>
    public ushort Identifier { get; }

    /// <summary>Whether routers may divide its requests; if they may not, a request that is too long is answered by an error.</summary>
    public bool DontFragment { get; set; }

    /// <summary>Takes the next answer.</summary>
    public bool TryTake(out EchoAnswer answer) => _answers.TryDequeue(out answer);

    internal bool TryQueue(in EchoAnswer answer)
    {
        if (_answers.Count == MaxAnswers) { return false; }
        _answers.Enqueue(answer);
        return true;
    }

    internal override void OnDeadline(HostStack stack) { }
}
