using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Zones;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary>The zones that a server was told to serve, by their files.</summary>
internal sealed class ZoneFiles(CommandIo io, IReadOnlyList<Said> arguments, bool isStrict)
{
    // Some megabytes of text, and what was made of it on the way.
    private const int ManyNames = 10_000;

    /// <summary>The zones, each as its file has it, or with what is wrong there: one that is faulty is no reason to serve none.</summary>
    /// <exception cref="UsageException">An argument is faulty; the message says where.</exception>
    public IReadOnlyList<LoadedZone> LoadEach()
    {
        var loaded = new List<LoadedZone>();
        foreach (var argument in arguments)
        {
            var (origin, file) = argument.Read(text => ZoneSource.Parse(io, text));
            if (loaded.Exists(other => other.Origin == origin)) { throw new UsageException(io.Language.Changes.ZoneTwice($"{origin}")); }
            loaded.Add(Load(origin, file, argument.Text));
        }
        return loaded;
    }

    private LoadedZone Load(DnsName origin, string file, string argument)
    {
        try
        {
            var source = new ZoneSource(io, argument);
            var zone = source.Load(isStrict, new SignatureInspection(ZoneCommand.Now()));
            io.Errors.Say(io.Language.Servers.ZoneLoaded(zone.Origin.ToString(), zone.NameCount, zone.Soa.Serial));
            return new LoadedZone(origin, file, zone, source.Fingerprint(), null);
        }
        catch (Exception e) when (e is UsageException or FileException) { return new LoadedZone(origin, file, null, [], e); }
    }

    /// <summary>
    /// The text of large zones, and all that was only needed to read it, go back to the system now, not when the next big thing is made: a server makes none.
    /// </summary>
    /// <param name="zones">What was read.</param>
    public static void Settle(IEnumerable<LoadedZone> zones)
    {
        if (zones.Sum(static one => one.Zone?.NameCount ?? 0) < ManyNames) { return; }
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Trust anchors from a file.</summary>
    /// <exception cref="UsageException">It is faulty, or holds none.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static TrustAnchors Anchors(CommandIo io, string file) => ResolverFiles.ReadAnchors(io.ReadText(file), file, out var errors)
        ?? throw new UsageException(
            errors.Count > 0
                ? io.Language.Servers.AnchorsRefused(errors.Select(io.Language.Sources.ZoneProblem))
                : io.Language.Servers.NoAnchors(Printable.Text(file)));

    /// <summary>Root servers from a file.</summary>
    /// <exception cref="UsageException">It is faulty, or holds none.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static Delegation Hints(CommandIo io, string file) => ResolverFiles.ReadHints(io.ReadText(file), file, out var errors)
        ?? throw new UsageException(
            errors.Count > 0
                ? io.Language.Servers.HintsRefused(errors.Select(io.Language.Sources.ZoneProblem))
                : io.Language.Servers.NoHints(Printable.Text(file)));
}

/// <summary>A zone as its file has it.</summary>
/// <param name="Origin">The zone's name.</param>
/// <param name="File">The file as it was named.</param>
/// <param name="Zone">The zone; null where it cannot be served.</param>
/// <param name="Fingerprint">What tells that its files were changed.</param>
/// <param name="Fault">Why it cannot: a <see cref="UsageException"/> or a <see cref="FileException"/>.</param>
internal sealed record LoadedZone(DnsName Origin, string File, Zone? Zone, byte[] Fingerprint, Exception? Fault);
