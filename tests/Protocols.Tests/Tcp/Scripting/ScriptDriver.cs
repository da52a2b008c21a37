using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>A TCP that scripts can be run against: ours in virtual time, or an operating system's.</summary>
internal abstract class ScriptDriver : IDisposable
{
    /// <summary>Sets something before the connection; false when this TCP has no such thing, and the script cannot be run.</summary>
    public abstract bool Set(string name, string value);

    public abstract void Listen();
    public abstract void Connect();

    /// <summary>Takes the connection from the listener; throws when there is none.</summary>
    public abstract void Accept();

    public abstract void Inject(in TcpSegment segment, byte[] text);

    /// <summary>The next segment the TCP sends within a time; null when there is none. <c>After</c> is how long it took.</summary>
    public abstract (TcpSegment Segment, byte[] Text, TimeSpan After)? Next(TimeSpan atMost);

    /// <summary>Lets time pass.</summary>
    public abstract void Pass(TimeSpan time);

    public abstract void Write(byte[] octets, bool urgent);
    public abstract byte[] Read(int? octets);
    public abstract bool IsAtEnd { get; }
    public abstract void ShutdownSend();
    public abstract void Close();
    public abstract void Abort();

    /// <summary>The state by its name in RFC 9293; several with "/" between them when it cannot be told which; "" when it cannot be seen.</summary>
    public abstract string State { get; }

    /// <summary>"refused", "reset", "timeout", or "" for none; null when it cannot be seen.</summary>
    public abstract string? Error { get; }

    /// <summary>Whether PSH stands where our TCP puts it: RFC 9293 section 3.9.1.2 leaves that to the stack.</summary>
    public virtual bool PushIsCompared => true;

    /// <summary>Sends an ICMP message about a packet with this sequence number; false when it cannot.</summary>
    public abstract bool Icmp(string kind, int segmentSize, SequenceNumber quoted);

    /// <summary>A number inside the TCP (cwnd, ssthresh, rto, mss, readable, window); null when it cannot be seen.</summary>
    public abstract long? Look(string name);

    /// <summary>How far from the named time a segment may come.</summary>
    public abstract TimeSpan Tolerance(TimeSpan delay);

    protected virtual void Dispose(bool disposing) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}
