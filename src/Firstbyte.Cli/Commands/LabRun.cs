using Firstbyte.Dns;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

internal static class LabRun
{
    public static int Fetch(FetchSettings settings, JourneyRequest[] requests, CancellationToken cancellation) => throw new UsageException("labs are not built yet");

    public static int Resolve(PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute, ResolveOutlet outlet, CancellationToken cancellation) => throw new UsageException("labs are not built yet");
}
