using System.Globalization;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>The sockets that whoever started this process has opened for it: systemd's way, descriptors from 3 on (sd_listen_fds(3)).</summary>
/// <remarks>
/// So a server needs no right of its own to a port below 1024, and what comes while it is started again waits in the sockets. LISTEN_PID says for which process
/// they are meant, LISTEN_FDS how many there are, LISTEN_FDNAMES what they are called. They are closed in programs that this one starts.
/// </remarks>
public static class InheritedSockets
{
    /// <summary>The descriptors before it are the standard streams (SD_LISTEN_FDS_START).</summary>
    private const int First = 3;

    /// <summary>systemd itself gives no more as a rule (DefaultLimitNOFILE's soft limit).</summary>
    private const int Most = 1024;

    /// <summary>
    /// The sockets that were meant for this process; none where there are none, or the variables speak to another process. Sockets are asked for what they are:
    /// the first that is not what a server needs is <paramref name="culprit"/>, and none is taken then.
    /// </summary>
    /// <param name="variables">The environment.</param>
    /// <param name="processId">The number of this process.</param>
    /// <param name="fault">Why they cannot be taken; null where they can, or there are none.</param>
    /// <param name="culprit">The descriptor that is at fault, or the text of the number.</param>
    public static IReadOnlyList<InheritedSocket> Find(Func<string, string?> variables, int processId, out InheritanceFault? fault, out string culprit)
    {
        ArgumentNullException.ThrowIfNull(variables);
        (fault, culprit) = (null, "");
        if (!OperatingSystem.IsLinux() || variables("LISTEN_FDS") is not { Length: > 0 } number) { return []; }
        if (variables("LISTEN_PID") != processId.ToString(CultureInfo.InvariantCulture)) { return []; }
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > Most)
        {
            (fault, culprit) = (InheritanceFault.Number, number);
            return [];
        }
        var names = variables("LISTEN_FDNAMES")?.Split(':') ?? [];
        var sockets = new List<InheritedSocket>(count);
        for (var i = 0; i < count; i++)
        {
            fault = Look(First + i, i < names.Length ? names[i] : "", out var socket);
            if (fault is null) { sockets.Add(socket!); }
            else
            {
                culprit = (First + i).ToString(CultureInfo.InvariantCulture);
                return [];
            }
        }
        foreach (var socket in sockets) { _ = Libc.ControlDescriptor(socket.Descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC); }
        return sockets;
    }

    [SupportedOSPlatform("linux")]
    private static InheritanceFault? Look(int descriptor, string name, out InheritedSocket? socket)
    {
        socket = null;
        Span<byte> address = stackalloc byte[Libc.AddressRoom];
        var length = (uint)address.Length;
        if (Libc.GetSocketName(descriptor, ref address[0], ref length) < 0) { return InheritanceFault.Family; }
        var family = BitConverter.ToUInt16(address);
        if (family is not Libc.AF_INET and not Libc.AF_INET6) { return InheritanceFault.Family; }
        var type = Option(descriptor, Libc.SO_TYPE);
        if (type is not Libc.SOCK_STREAM and not Libc.SOCK_DGRAM) { return InheritanceFault.Kind; }
        var local = OsAddresses.ReadAfterFamily(address, family == Libc.AF_INET);
        if (local.Port == 0) { return InheritanceFault.Unbound; }
        if (type == Libc.SOCK_STREAM && Option(descriptor, Libc.SO_ACCEPTCONN) != 1) { return InheritanceFault.Connected; }
        socket = new InheritedSocket(descriptor, type == Libc.SOCK_STREAM ? SocketKind.Stream : SocketKind.Datagram, local, name);
        return null;
    }

    private static int Option(int descriptor, int option)
    {
        var (value, length) = (0, (uint)sizeof(int));
        return Libc.GetOption(descriptor, Libc.SOL_SOCKET, option, ref value, ref length) < 0 ? -1 : value;
    }
}
