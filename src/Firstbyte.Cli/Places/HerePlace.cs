using Firstbyte.Cli.Io;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>This machine, on the operating system's network.</summary>
internal sealed class HerePlace(PlaceSettings settings, CommandIo io, ITraceSink sink) : Place
{
    // Within which most transfers from nearby are over (own choice).
    private static readonly TimeSpan s_brief = TimeSpan.FromMilliseconds(20);

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        var exitCode = 0;
        // One thread does everything, timers included: a process that fetches one page has no use for a pool of them.
        Func<INetwork, CancellationToken, Task> here = async (network, stopping) =>
        {
            var host = new PlaceHost(
                network, new SslStreamTlsProvider(network), null, new Tracer(sink))
            {
                Probes = network as IProbeNetwork,
                Variables = io.Variables,
            };
            // resolv.conf is read for the first name: an address in a URL needs none.
            exitCode = await program(
                WithResolver(
                    settings.Calls is not null, host, bare => new LateResolver(() => Resolver(settings, bare, host))), stopping);
        };
        if (settings.HearsSignalsLate) { OsNetwork.RunBrief(here, () => io.Signals.Stopping, s_brief); }
        else { OsNetwork.Run(here, io.Signals.Stopping); }
        return exitCode;
    }
}
