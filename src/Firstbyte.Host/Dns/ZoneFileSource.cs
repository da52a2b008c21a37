using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Files;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Dns;

/// <summary>A zone that was named ORIGIN=FILE, read from its file.</summary>
internal static class ZoneFileSource
{
    /// <summary>Characters of all included files together (own choice): a zone of a million names has 50 million.</summary>
    private const long MaxIncludedLength = 1 << 28;

    /// <summary>Reads it, telling its warnings.</summary>
    /// <exception cref="HostException">It cannot be served; the message says why.</exception>
    public static Zone Load(string argument, IHostFiles files, Language language, Action<string> say)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == argument.Length - 1) { throw new HostException(language.Usage.NoZone(argument)); }
        if (!DnsName.TryParse(argument[..equals], out var origin)) { throw new HostException(language.Usage.NoZoneOrigin(argument, argument[..equals])); }
        var file = argument[(equals + 1)..];
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var included = 0L;
        var isServed = Zone.TryLoad(ReadText(file, language), file, origin, out var zone, out var problems, name =>
        {
            var path = Path.Combine(folder, name);
            // A regular file: a device never ends, and a pipe may never begin.
            if (files.Look(path) is not { Kind: FileKind.Regular } facts || (included += facts.Length) > MaxIncludedLength) { return null; }
            return ReadText(path, language);
        });
        if (!isServed)
        {
            throw new HostException(
                language.Servers.ZoneRefused($"{origin}", problems.Where(static problem => problem.IsError).Select(language.Sources.ZoneProblem)));
        }
        foreach (var problem in problems) { say($"{language.Servers.ZoneWarning(language.Sources.ZoneProblem(problem))}"); }
        say($"{language.Servers.ZoneLoaded($"{origin}", zone.NameCount, zone.Soa.Serial)}");
        return zone;
    }

    /// <exception cref="HostException">It cannot be read.</exception>
    public static string ReadText(string file, Language language)
    {
        try { return File.ReadAllText(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException(language.Files.Unusable(file, false, IoErrors.ToErrno(e)), ExitCodes.FileUnread);
        }
    }
}
