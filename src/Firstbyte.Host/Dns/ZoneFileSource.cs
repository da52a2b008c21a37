using Firstbyte.Dns;
using Firstbyte.Dns.Zones;
using Firstbyte.Files;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Dns;

/// <summary>A zone that was named ORIGIN=FILE: read by the host, which says what is wrong with it.</summary>
internal static class ZoneFileSource
{
    /// <summary>Reads it, telling its warnings.</summary>
    /// <exception cref="HostException">It cannot be served; the message says why.</exception>
    public static Zone Load(string argument, IHostFiles files, Language language, Action<string> say)
    {
        if (!NamedZoneFile.TryParse(argument, out var origin, out var file, out var name))
        {
            throw new HostException(name.Length == 0 ? language.Usage.NoZone(argument) : language.Usage.NoZoneOrigin(argument, name));
        }
        var source = new NamedZoneFile(origin, file, Path.GetFullPath(file), ReadText(file, language), (path, most) =>
            files.Look(path) is { Kind: FileKind.Regular } facts && facts.Length <= most ? ReadText(path, language) : null);
        if (!source.TryLoad(isStrict: false, out var zone, out var problems))
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
