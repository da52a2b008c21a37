using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Commands;

/// <summary>What a DNS server is told to be, by its options and by a file of settings, in the words of the options.</summary>
internal sealed record ServeSettings
{
    /// <summary>The largest limit that a rate of responses may have, and the largest slip.</summary>
    public const uint MostPerSecond = 1_000_000;

    /// <summary>What a response rate limit answers truncated, one in so many, where nothing is said: BIND's and NSD's default.</summary>
    public const uint UsualSlip = 2;

    /// <summary>ORIGIN=FILE.</summary>
    public IReadOnlyList<Said> Zones { get; init; } = [];

    /// <summary>ORIGIN=ADDR[#PORT][,key=NAME],file=FILE.</summary>
    public IReadOnlyList<Said> Secondaries { get; init; } = [];

    /// <summary>ADDR:PORT.</summary>
    public IReadOnlyList<Said> Listen { get; init; } = [];

    /// <summary>ADDR:PORT.</summary>
    public IReadOnlyList<Said> ListenTls { get; init; } = [];

    public Said? Certificate { get; init; }

    public Said? PrivateKey { get; init; }

    /// <summary>Files of transaction keys.</summary>
    public IReadOnlyList<Said> Keys { get; init; } = [];

    public bool AllowsMd5 { get; init; }

    public IReadOnlyList<Said> AllowTransfer { get; init; } = [];

    public IReadOnlyList<Said> AllowUpdate { get; init; } = [];

    public IReadOnlyList<Said> Notify { get; init; } = [];

    public bool Compacts { get; init; }

    public Said? Identity { get; init; }

    public Said? Version { get; init; }

    /// <summary>Responses a second to one network; null without a limit.</summary>
    public uint? Rate { get; init; }

    public uint? Slip { get; init; }

    public Said? Metrics { get; init; }

    public bool IsStrict { get; init; }

    public bool IsJson { get; init; }

    public bool IsVerbose { get; init; }

    /// <summary>Reads a file; what it names is sought in its own folder.</summary>
    /// <exception cref="UsageException">It is faulty; the complaint says where.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static ServeSettings Read(CommandIo io, string name)
    {
        var folder = name == CommandIo.StandardStream ? "" : Path.GetDirectoryName(name) ?? "";
        Said InFolder(Said file) => file.With(Path.Combine(folder, file.Text));
        var all = SettingsFile.Read(io, name);
        // An editor's hint where the schema lies.
        _ = all.Find("$schema")?.AsText();
        var (zones, secondaries) = (new List<Said>(), new List<Said>());
        foreach (var zone in all.Find("zones")?.AsObjects() ?? [])
        {
            var origin = zone.Get("origin").AsText();
            var file = InFolder(zone.Get("file").AsText());
            // Only a copy is fetched with a key.
            var key = zone.Find("key")?.AsText();
            var primary = key is null ? zone.Find("primary")?.AsText() : zone.Get("primary").AsText();
            if (primary is { } server) { secondaries.Add(server.With($"{origin}={server}{(key is null ? "" : $",key={key}")},file={file}")); }
            else { zones.Add(origin.With($"{origin}={file}")); }
            zone.Close();
        }
        var tls = all.Find("tls")?.AsObject();
        var rate = all.Find("rateLimit")?.AsObject();
        var settings = new ServeSettings
        {
            Zones = zones,
            Secondaries = secondaries,
            Listen = all.Find("listen")?.AsTexts() ?? [],
            ListenTls = tls?.Get("listen").AsTexts() ?? [],
            Certificate = tls is null ? default(Said?) : InFolder(tls.Get("certificate").AsText()),
            PrivateKey = tls is null ? default(Said?) : InFolder(tls.Get("key").AsText()),
            Keys = [.. (all.Find("tsigKeys")?.AsTexts() ?? []).Select(InFolder)],
            AllowsMd5 = all.Find("tsigMd5")?.AsTruth() ?? false,
            AllowTransfer = all.Find("allowTransfer")?.AsTexts() ?? [],
            AllowUpdate = all.Find("allowUpdate")?.AsTexts() ?? [],
            Notify = all.Find("notify")?.AsTexts() ?? [],
            Compacts = all.Find("compact")?.AsTruth() ?? false,
            Identity = all.Find("nsid")?.AsText(),
            Version = all.Find("version")?.AsText(),
            Rate = rate?.Get("perSecond").AsNumber(1, MostPerSecond),
            Slip = rate?.Find("slip")?.AsNumber(0, MostPerSecond),
            Metrics = all.Find("metrics")?.AsText(),
            IsStrict = all.Find("strict")?.AsTruth() ?? false,
            IsJson = all.Find("json")?.AsTruth() ?? false,
            IsVerbose = all.Find("verbose")?.AsTruth() ?? false,
        };
        tls?.Close();
        rate?.Close();
        all.Close();
        return settings;
    }

    /// <summary>With what the command line says: it adds to lists, except that its addresses are the addresses, and has the last word otherwise.</summary>
    public ServeSettings With(ServeSettings line) => new()
    {
        Zones = [.. Zones, .. line.Zones],
        Secondaries = [.. Secondaries, .. line.Secondaries],
        Listen = line.Listen.Count > 0 ? line.Listen : Listen,
        ListenTls = line.ListenTls.Count > 0 ? line.ListenTls : ListenTls,
        Certificate = line.Certificate ?? Certificate,
        PrivateKey = line.PrivateKey ?? PrivateKey,
        Keys = [.. Keys, .. line.Keys],
        AllowsMd5 = AllowsMd5 || line.AllowsMd5,
        AllowTransfer = [.. AllowTransfer, .. line.AllowTransfer],
        AllowUpdate = [.. AllowUpdate, .. line.AllowUpdate],
        Notify = [.. Notify, .. line.Notify],
        Compacts = Compacts || line.Compacts,
        Identity = line.Identity ?? Identity,
        Version = line.Version ?? Version,
        Rate = line.Rate ?? Rate,
        Slip = line.Slip ?? Slip,
        Metrics = line.Metrics ?? Metrics,
        IsStrict = IsStrict || line.IsStrict,
        IsJson = IsJson || line.IsJson,
        IsVerbose = IsVerbose || line.IsVerbose,
    };

    /// <summary>The members of a file in which two differ that are looked at only when a server starts.</summary>
    public IEnumerable<string> DifferAtStart(ServeSettings other)
    {
        if (!Same(Listen, other.Listen)) { yield return "listen"; }
        if (!Same(ListenTls, other.ListenTls) || (Certificate?.Text, PrivateKey?.Text) != (other.Certificate?.Text, other.PrivateKey?.Text)) { yield return "tls"; }
        if (!Same(Keys, other.Keys)) { yield return "tsigKeys"; }
        if (AllowsMd5 != other.AllowsMd5) { yield return "tsigMd5"; }
        if (!Same(AllowTransfer, other.AllowTransfer)) { yield return "allowTransfer"; }
        if (!Same(AllowUpdate, other.AllowUpdate)) { yield return "allowUpdate"; }
        if (!Same(Notify, other.Notify)) { yield return "notify"; }
        if (Compacts != other.Compacts) { yield return "compact"; }
        if (Identity?.Text != other.Identity?.Text) { yield return "nsid"; }
        if (Version?.Text != other.Version?.Text) { yield return "version"; }
        if ((Rate, Slip) != (other.Rate, other.Slip)) { yield return "rateLimit"; }
        if (Metrics?.Text != other.Metrics?.Text) { yield return "metrics"; }
        if (IsJson != other.IsJson) { yield return "json"; }
        if (IsVerbose != other.IsVerbose) { yield return "verbose"; }
    }

    private static bool Same(IReadOnlyList<Said> one, IReadOnlyList<Said> other) =>
        one.Select(static said => said.Text).SequenceEqual(other.Select(static said => said.Text));
}
