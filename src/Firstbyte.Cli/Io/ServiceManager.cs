using System.Text;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Cli.Io;

/// <summary>
/// Who started a server and waits to hear from it: systemd's way, a datagram to the socket that NOTIFY_SOCKET names (sd_notify(3)). Without the variable
/// nothing is said.
/// </summary>
/// <remarks>Where the datagram cannot be sent the service goes on, and says so once.</remarks>
internal sealed class ServiceManager(CommandIo io, INetwork network)
{
    private const string Variable = "NOTIFY_SOCKET";

    private readonly string? _address = io.Variables(Variable);
    private bool _isDeaf;

    /// <summary>It serves.</summary>
    public void Ready() => Say("READY=1");

    /// <summary>It reads its files again, until <see cref="Ready"/> (Type=notify-reload wants the time too).</summary>
    public void Reloading() => Say($"RELOADING=1\nMONOTONIC_USEC={Microseconds()}");

    /// <summary>It ends.</summary>
    public void Stopping() => Say("STOPPING=1");

    private long Microseconds() => (long)network.Time.GetElapsedTime(0, network.Time.GetTimestamp()).TotalMicroseconds;

    private void Say(string text)
    {
        if (_address is not { Length: > 0 } address || _isDeaf || LocalDatagram.TrySend(address, Encoding.ASCII.GetBytes(text))) { return; }
        _isDeaf = true;
        io.Errors.Complain(io.Language.Servers.NobodyHears(Variable, address));
    }
}
