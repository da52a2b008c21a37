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
    /// <summary>The zones by the files they come from, without those of which <paramref name="isLeft"/> says that their file is not the newest.</summary>
    /// <exception cref="UsageException">An argument or a zone is faulty; the message says where.</exception>
    /// <exception cref="FileException">A file cannot be read.</exception>
    public IReadOnlyList<(string File, Zone Zone)> LoadEach(Func<DnsName, string, bool>? isLeft = null)
    {
        var loaded = new List<(string File, Zone Zone)>();
        foreach (var argument in arguments)
        {
            var (origin, file) = argument.Read(text => ZoneSource.Parse(io, text));
            if (isLeft is not null && isLeft(origin, file)) { continue; }
            var source = new ZoneSource(io, argument.Text);
            if (loaded.Exists(other => other.Zone.Origin == source.Origin)) { throw new UsageException(io.Language.Changes.ZoneTwice($"{source.Origin}")); }
            var zone = source.Load(isStrict, new SignatureInspection(ZoneCommand.Now()));
            io.Errors.Say(io.Language.Servers.ZoneLoaded(zone.Origin.ToString(), zone.NameCount, zone.Soa.Serial));
            loaded.Add((source.File, zone));
        }
        return loaded;
    }

    /// <summary>The text and all that was only needed to read it go back to the system now, not when the next big thing is made: a server makes none.</summary>
    public static void Settle() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

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
