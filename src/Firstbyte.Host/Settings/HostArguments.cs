using System.Globalization;
using System.Reflection;
using Firstbyte.Addressing;
using Firstbyte.Dns.Resolving;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Settings;

/// <summary>The command line: each option once, with its spelling, what it takes and what it does to the settings.</summary>
/// <remarks>
/// The command's options are read by System.CommandLine, and half of what makes them its own (complaints in each language, help in columns, completion,
/// curl's habits) is an adapter in Cli, which Host must not reference: its ahead-of-time program would be linked with ASP.NET Core's. For one command of four
/// dozen options, none of which has a short form or belongs to another, this table is shorter than a second adapter; what a value means is read by the same
/// types as there.
/// </remarks>
internal static class HostArguments
{
    // Own choice: what a person waits for at most, and what a program holds in memory without harm.
    private const double MostSeconds = 600;
    private const long MostBytes = 64 * 1024 * 1024;
    private const int MostJourneys = 64;

    private const ushort RedisPort = 6379;

    private static readonly HostEntry[] s_entries =
    [
        new(HostOption.Listen, "--listen", "ADDR:PORT", static (s, v) => Endpoint.TryParse(v, out var at) ? s with { Listen = at } : null),
        new(HostOption.Root, "--root", "DIR", static (s, v) => s with { Root = v }),
        new(HostOption.Name, "--name", "NAME", static (s, v) => s with { Names = [.. s.Names, v] }),
        new(HostOption.PublicOnly, "--public-only", null, static (s, _) => s with { PublicOnly = true }),
        new(HostOption.AllowTarget, "--allow-target", "PREFIX",
            static (s, v) => IpPrefix.TryParse(v, out var prefix) ? s with { AllowedTargets = [.. s.AllowedTargets, prefix] } : null),
        new(HostOption.Server, "--server", "ADDR[:PORT]",
            static (s, v) => Endpoint.TryParse(v, UpstreamPolicy.Internet.Port, out var at) ? s with { Server = at } : null),
        new(HostOption.Iterative, "--iterative", null, static (s, _) => s with { Iterative = true }),
        new(HostOption.MaximumTime, "--max-time", "SECONDS", static (s, v) =>
            double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MostSeconds
                ? s with { Limits = s.Limits with { Time = TimeSpan.FromSeconds(seconds) } } : null),
        new(HostOption.MaximumBytes, "--max-bytes", "N", static (s, v) =>
            TryReadNumber(v, MostBytes, out var bytes) ? s with { Limits = s.Limits with { Bytes = bytes } } : null),
        new(HostOption.Journeys, "--max-journeys", "N", static (s, v) =>
            TryReadNumber(v, MostJourneys, out var count) ? s with { Limits = s.Limits with { Journeys = (int)count } } : null),
        new(HostOption.NoPage, "--no-page", null, static (s, _) => s with { HasPage = false }),
        new(HostOption.Doh, "--doh", "ADDR:PORT", static (s, v) => Endpoint.TryParse(v, out var at) ? s with { Doh = at } : null),
        new(HostOption.Zone, "--zone", "ORIGIN=FILE", static (s, v) => s with { Zones = [.. s.Zones, v] }),
        new(HostOption.Resolver, "--resolver", null, static (s, _) => s with { Resolver = true }),
        new(HostOption.RootHints, "--root-hints", "FILE", static (s, v) => s with { RootHints = v }),
        new(HostOption.UpstreamPort, "--port-upstream", "N", static (s, v) =>
            TryReadNumber(v, ushort.MaxValue, out var port) ? s with { UpstreamPort = (ushort)port } : null),
        new(HostOption.TrustAnchor, "--trust-anchor", "FILE", static (s, v) => s with { TrustAnchor = v }),
        new(HostOption.AllowClient, "--allow", "NETWORK",
            static (s, v) => IpPrefix.TryParse(v, out var network) ? s with { Clients = [.. s.Clients, network] } : null),
        .. ResolverEntries.All,
        new(HostOption.SharedCache, "--shared-cache", "ADDR[:PORT]",
            static (s, v) => Endpoint.TryParse(v, RedisPort, out var at) ? s with { SharedCache = at } : null),
        new(HostOption.SharedCacheKey, "--shared-cache-key", "FILE", static (s, v) => s with { SharedCacheKey = v }),
        new(HostOption.SharedCachePassword, "--shared-cache-password", "FILE", static (s, v) => s with { SharedCachePassword = v }),
        new(HostOption.TlsCertificate, "--tls-cert", "FILE", static (s, v) => s with { TlsCertificate = v }),
        new(HostOption.TlsKey, "--tls-key", "FILE", static (s, v) => s with { TlsKey = v }),
        new(HostOption.Metrics, "--metrics", "ADDR:PORT", static (s, v) => Endpoint.TryParse(v, out var at) ? s with { Metrics = at } : null),
        new(HostOption.Language, "--lang", "TAG", static (s, v) => Languages.Of(v) is null ? null : s),
        new(HostOption.Version, "--version", null, static (s, _) => s),
        new(HostOption.Help, "--help", null, static (s, _) => s),
    ];

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(HostArguments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The language that the command line asks for, or the environment: complaints about the command line speak it too.</summary>
    public static Language LanguageOf(IReadOnlyList<string> arguments, Func<string, string?> variables)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == "--lang" && Languages.Of(arguments[i + 1]) is { } asked) { return asked; }
        }
        return Languages.FromEnvironment(variables);
    }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostException">It asks for what there is not.</exception>
    public static HostRequest Read(IReadOnlyList<string> arguments, IHostSentences words)
    {
        var settings = new HostSettings();
        string? ofResolver = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            // Both as other programs take them: --option value, --option=value.
            var text = arguments[i];
            var equals = text.StartsWith("--", StringComparison.Ordinal) ? text.IndexOf('=', StringComparison.Ordinal) : -1;
            var name = equals < 0 ? text : text[..equals];
            var entry = Array.Find(s_entries, one => one.Name == name || (one.Option == HostOption.Help && name is "-h" or "-?"))
                ?? throw new HostException(words.UnknownOption(name));
            if (entry.Option == HostOption.Help) { return new HostRequest(settings, HostWish.Help); }
            if (entry.Option == HostOption.Version) { return new HostRequest(settings, HostWish.Version); }
            if (entry.Option is null) { ofResolver ??= entry.Name; }
            var value = "";
            if (entry.Value is not null)
            {
                if (equals < 0 && ++i == arguments.Count) { throw new HostException(words.ValueMissing(entry.Name)); }
                value = equals < 0 ? arguments[i] : text[(equals + 1)..];
            }
            else if (equals >= 0) { throw new HostException(words.ValueRefused(entry.Name, text[(equals + 1)..])); }
            settings = entry.Apply(settings, value) ?? throw new HostException(words.ValueRefused(entry.Name, value));
        }
        if (ofResolver is not null && !settings.Resolver) { throw new HostException(words.Wants(ofResolver, "--resolver")); }
        Check(settings, words);
        return new HostRequest(settings, HostWish.Serve);
    }

    /// <summary>The page of help.</summary>
    public static void WriteHelp(TextWriter output, Language language)
    {
        var words = language.Host;
        output.WriteLine(words.Summary);
        output.WriteLine();
        output.WriteLine("firstbyte-host [--listen ADDR:PORT] [--root DIR] [--doh ADDR:PORT --zone ORIGIN=FILE | --doh ADDR:PORT --resolver] …");
        output.WriteLine();
        output.WriteLine(words.OptionsHead);
        var width = s_entries.Max(static entry => entry.Spelling.Length) + 2;
        foreach (var entry in s_entries) { output.WriteLine($"  {entry.Spelling.PadRight(width)}{entry.Words(language)}"); }
    }

    private static void Check(HostSettings settings, IHostSentences words)
    {
        var answers = settings.Zones.Count > 0 || settings.Resolver;
        if (settings is { Zones.Count: > 0, Resolver: true }) { throw new HostException(words.TwoAnswerers); }
        if (settings.Doh is not null && !answers) { throw new HostException(words.Wants("--doh", "--zone ORIGIN=FILE / --resolver")); }
        if (settings.Doh is null && answers) { throw new HostException(words.Wants(settings.Resolver ? "--resolver" : "--zone", "--doh ADDR:PORT")); }
        if (!settings.Resolver && settings.Clients.Count > 0) { throw new HostException(words.Wants("--allow", "--resolver")); }
        if (!settings.Resolver && settings.TrustAnchor is not null) { throw new HostException(words.Wants("--trust-anchor", "--resolver")); }
        if (!settings.Resolver && settings.RootHints is not null) { throw new HostException(words.Wants("--root-hints", "--resolver")); }
        if (!settings.Resolver && settings.SharedCache is not null) { throw new HostException(words.Wants("--shared-cache", "--resolver")); }
        if (settings is { Forwarders.Count: 0, ForwardCertificates: not null }) { throw new HostException(words.Wants("--forward-ca", "--forward SERVER")); }
        if (settings is { SharedCache: not null, SharedCacheKey: null }) { throw new HostException(words.Wants("--shared-cache", "--shared-cache-key FILE")); }
        if (settings is { SharedCache: null, SharedCacheKey: not null }) { throw new HostException(words.Wants("--shared-cache-key", "--shared-cache ADDR")); }
        if (settings is { SharedCache: null, SharedCachePassword: not null })
        {
            throw new HostException(words.Wants("--shared-cache-password", "--shared-cache ADDR"));
        }
        if (settings.Doh is null && settings.Metrics is not null) { throw new HostException(words.Wants("--metrics", "--doh ADDR:PORT")); }
        if (settings is { TlsCertificate: not null, TlsKey: null }) { throw new HostException(words.Wants("--tls-cert", "--tls-key FILE")); }
        if (settings is { TlsKey: not null, TlsCertificate: null }) { throw new HostException(words.Wants("--tls-key", "--tls-cert FILE")); }
        if (settings is { TlsKey: not null, Doh: null }) { throw new HostException(words.Wants("--tls-key", "--doh ADDR:PORT")); }
        if (!settings.HasPage && settings.Doh is null) { throw new HostException(words.NothingToServe); }
    }

    private static bool TryReadNumber(string text, long most, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}

/// <summary>What the command line asks for.</summary>
internal enum HostWish
{
    Serve,
    Help,
    Version,
}

/// <summary>A command line as it was read.</summary>
internal sealed record HostRequest(HostSettings Settings, HostWish Wish);
