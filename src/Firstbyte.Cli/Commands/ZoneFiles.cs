using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Cli.Commands;

/// <summary>The zones that a server was told to serve, by their files.</summary>
internal sealed class ZoneFiles(CommandIo io, string[] arguments, bool isStrict)
{
    /// <summary>Reads every file.</summary>
    /// <exception cref="UsageException">An argument or a zone is faulty; the message says where.</exception>
    /// <exception cref="FileException">A file cannot be read.</exception>
    public ZoneSet Load()
    {
        var zones = Array.ConvertAll(arguments, Load);
        foreach (var zone in zones) { io.Errors.Say(io.Language.Servers.ZoneLoaded(zone.Origin.ToString(), zone.NameCount, zone.Soa.Serial)); }
        // The text and all that was only needed to read it go back to the system now, not when the next big thing is made: a server makes none.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new ZoneSet(zones);
    }

    /// <summary>Reads every file again and serves what they hold now; where one is faulty, all goes on as it was.</summary>
    /// <returns>True: the signal that asks for it is handled either way.</returns>
    public bool TryReload(AuthoritativeResponder responder)
    {
        try { responder.Zones = Load(); }
        catch (UsageException e) { io.Errors.Complain(io.Language.Servers.ZonesKept(e.Complaint)); }
        catch (FileException e) { io.Errors.Complain(io.Language.Servers.ZonesKept(io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error))); }
        return true;
    }

    /// <summary>Root servers from a file.</summary>
    /// <exception cref="UsageException">It is faulty.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static Delegation Hints(CommandIo io, string file)
    {
        var read = ZoneFileReader.Read(io.ReadText(file), file, DnsName.Root, null);
        var errors = read.Problems.Where(p => p.IsError).ToArray();
        if (errors.Length > 0) { throw new UsageException(io.Language.Servers.HintsRefused(errors.Select(io.Language.Sources.ZoneProblem))); }
        return Delegation.FromHints(read.Records);
    }

    private Zone Load(string argument) => new ZoneSource(io, argument).Load(isStrict, new SignatureInspection(ZoneCommand.Now()));
}
