using System.Runtime.Versioning;
using Firstbyte.Addressing;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's own network: its sockets, clock, randomness and files.</summary>
/// <remarks>
/// Theory of operation. Every call goes through <see cref="System.Net.Sockets.Socket"/> to the system call of the same name; the answer
/// comes back with the errno the system gave. Where .NET itself changes a call, this is what a caller sees:
/// <list type="bullet">
/// <item>bind() of a stream: on Unix .NET sets SO_REUSEADDR first, so a port whose last connections are in TIME-WAIT can be bound again.</item>
/// <item>SO_REUSEADDR: .NET would set SO_REUSEPORT along with it on Unix; here the one option is set alone (Linux and macOS).</item>
/// <item>IPv6: .NET switches IPV6_V6ONLY on for a new socket (RFC 3493 section 5.3 leaves it off); a version-6 socket therefore speaks
/// version 6 only, on every system, unless the option is cleared before bind().</item>
/// <item>send() of a stream: .NET waits until the stack has taken all the bytes, where the system call may take a part; the count is therefore
/// the length given.</item>
/// <item>connect() after a failed connect(): on Unix .NET puts a new descriptor behind the same socket.</item>
/// <item>recvfrom() before bind(): .NET refuses it (EINVAL here), where the system would wait for ever.</item>
/// <item>listen() and sendto() before bind(): the port is bound openly first, because .NET would not learn the one that the system chose.</item>
/// <item>A datagram longer than the buffer is told by MSG_TRUNC on Linux; elsewhere .NET's slower message call is used.</item>
/// <item>close() under a waiting call: the call ends with ECANCELED before the descriptor goes; the system alone would leave it waiting, and
/// .NET would end the connection by a reset.</item>
/// <item>SIGPIPE is ignored by the runtime: a send toward a peer that is gone gives EPIPE.</item>
/// </list>
/// </remarks>
public sealed class OsNetwork : IBatchNetwork, IExchangeNetwork, IInheritingNetwork
{
    /// <summary>The network of the machine the program runs on.</summary>
    public OsNetwork() { }

    /// <summary>Runs a program to its end over the operating system's network and passes on how it ended.</summary>
    /// <remarks>
    /// On Linux everything, timers included, happens on the calling thread (<see cref="OsLoop"/>), which makes a short program start fastest;
    /// elsewhere the calling thread waits while the runtime's socket engine works.
    /// </remarks>
    /// <param name="program">The program. Its token is cancelled where it runs, whichever thread <paramref name="stopping"/> is cancelled on.</param>
    /// <param name="stopping">Asks the program to end.</param>
    public static void Run(Func<INetwork, CancellationToken, Task> program, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (OperatingSystem.IsLinux())
        {
            RunOnLoop(program, stopping);
            return;
        }
#pragma warning disable VSTHRD002 // Waiting on this thread is what was asked for; the work goes on on the engine's threads.
        program(new OsNetwork(), stopping).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    /// <summary>Runs a program as <see cref="Run"/> does, and asks only a while later what may end it: a brief one is over by then.</summary>
    /// <param name="program">The program.</param>
    /// <param name="stopping">Gives the token that asks the program to end.</param>
    /// <param name="after">When it is asked for; where the program is not run on one thread, at once.</param>
    public static void RunBrief(Func<INetwork, CancellationToken, Task> program, Func<CancellationToken> stopping, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(stopping);
        if (OperatingSystem.IsLinux()) { RunOnLoop(program, stopping, after); }
        else { Run(program, stopping()); }
    }

    [SupportedOSPlatform("linux")]
    private static void RunOnLoop(Func<INetwork, CancellationToken, Task> program, Func<CancellationToken> stopping, TimeSpan after)
    {
        using var loop = new OsLoop();
        using var ending = new CancellationTokenSource();
        CancellationTokenRegistration passing = default;
        try
        {
            using var timer = loop.Network.Time.CreateTimer(
                _ => passing = stopping().Register(() => loop.Post(ending.Cancel)), null, after, Timeout.InfiniteTimeSpan);
            var (network, token) = (loop.Network, ending.Token);
            loop.Run(() => program(network, token));
        }
        finally { passing.Dispose(); }
    }

    [SupportedOSPlatform("linux")]
    private static void RunOnLoop(Func<INetwork, CancellationToken, Task> program, CancellationToken stopping)
    {
        using var loop = new OsLoop();
        using var ending = new CancellationTokenSource();
        using var passing = stopping.Register(() => loop.Post(ending.Cancel));
        var (network, token) = (loop.Network, ending.Token);
        loop.Run(() => program(network, token));
    }

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public IRandomSource Random => OsRandom.Instance;

    /// <inheritdoc/>
    public IHostFiles Files => OsFiles.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> GetAddresses() => OsCards.GetAddresses();

    /// <summary>The networks that the machine's cards are on.</summary>
    public static IReadOnlyList<IpPrefix> GetNetworks() => OsCards.GetNetworks();

    /// <inheritdoc/>
    public bool HasCarrier => OsCards.HasCarrier;

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind) => new OsSocket(version, kind);

    /// <inheritdoc/>
    public IReadOnlyList<IDatagramBatch>? BindBatches(Endpoint local, int sockets) =>
        OperatingSystem.IsLinux() ? LinuxDatagramBatch.Bind(local, sockets) : null;

    /// <inheritdoc/>
    public ISocket Adopt(InheritedSocket inherited)
    {
        ArgumentNullException.ThrowIfNull(inherited);
        return new OsSocket(inherited);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IDatagramBatch>? AdoptBatches(InheritedSocket inherited, int threads)
    {
        ArgumentNullException.ThrowIfNull(inherited);
        return OperatingSystem.IsLinux() ? LinuxDatagramBatch.Adopt(inherited, threads) : null;
    }

    /// <inheritdoc/>
    public IDatagramExchanges? OpenExchanges() => OperatingSystem.IsLinux() ? new LinuxExchanges() : null;
}
