using System.CommandLine;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte zone sign ORIGIN=FILE --key K…</c>: the zone with its signatures, and what the parent zone has to be given.</summary>
internal sealed class ZoneSignCommand
{
    private const string InceptionOption = "--inception", ExpirationOption = "--expiration", DeterministicOption = "--deterministic";

    private readonly CommandIo _io;
    private readonly ISigningSentences _words;
    private readonly uint _now = ZoneCommand.Now();

    private ZoneSignCommand(CommandIo io) => (_io, _words) = (io, io.Language.Signing);

    public static Command Create(CommandIo io)
    {
        var words = io.Language.Help;
        var zone = new Argument<string>("zone") { Description = words.ZoneCheckZones, HelpName = "ORIGIN=FILE" };
        var keys = new Option<string[]>("--key", "-k")
        {
            Description = words.ZoneSignKey,
            HelpName = "KEY…",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var isHashed = new Option<bool>("--nsec3") { Description = words.ZoneSignHashed };
        var hasDigest = new Option<bool>("--zonemd") { Description = words.ZoneSignDigest };
        var asksParent = new Option<bool>("--cds") { Description = words.ZoneSignAsksParent };
        var output = new Option<string>("--output", "-o") { Description = words.ZoneSignOutput, HelpName = "FILE" };
        // What BIND's dnssec-signzone takes: an hour for clocks that are slow, and a month.
        var inception = Time(InceptionOption, words.ZoneSignInception, "-1h");
        var expiration = Time(ExpirationOption, words.ZoneSignExpiration, "+30d");
        var isDeterministic = new Option<bool>(DeterministicOption) { Description = words.ZoneSignDeterministic };
        var command = new Command("sign", words.ZoneSign) { zone, keys, isHashed, hasDigest, asksParent, output, inception, expiration, isDeterministic };
        command.SetAction(parsed =>
        {
            var signing = new ZoneSignCommand(io);
            var options = signing.Times(parsed.GetValue(inception)!, parsed.GetValue(expiration)!, parsed.GetValue(isDeterministic)) with
            {
                IsHashed = parsed.GetValue(isHashed),
                HasDigest = parsed.GetValue(hasDigest),
                AsksParent = parsed.GetValue(asksParent),
            };
            signing.Sign(parsed.GetValue(zone)!, parsed.GetValue(keys)!, parsed.GetValue(output) ?? CommandIo.StandardStream, options);
        });
        return command;
    }

    private static Option<string> Time(string name, string text, string usual) =>
        new(name) { Description = text, HelpName = "TIME", DefaultValueFactory = _ => usual };

    private SigningOptions Times(string inception, string expiration, bool isDeterministic)
    {
        var (from, until) = (Moment(InceptionOption, inception, isDeterministic), Moment(ExpirationOption, expiration, isDeterministic));
        return SignatureMoment.IsBefore(from, until)
            ? new SigningOptions(from, until, IsHashed: false)
            : throw new UsageException(_words.NoTimeBetween(inception, expiration));
    }

    private void Sign(string argument, string[] names, string output, SigningOptions options)
    {
        var source = new ZoneSource(_io, argument);
        if (options.IsHashed && source.Origin.Length > ZoneSigner.MaxHashedOrigin)
        {
            throw new UsageException(_words.NoRoomForHashes($"{source.Origin}", source.Origin.Length, ZoneSigner.MaxHashedOrigin));
        }
        var keys = names.Select(name => Read(name, source.Origin)).DistinctBy(static key => key.Public.Data).ToArray();
        var zone = source.LoadNewest();
        foreach (var algorithm in AlgorithmsWithout(keys, zone)) { _io.Errors.Complain(_words.NobodySigns($"{algorithm}")); }
        var records = ZoneSigner.Sign(zone, keys, options);
        Write(output, records);
        // Where the zone itself is standard output, what is said of it goes beside.
        Action<Phrase> say = output == CommandIo.StandardStream
            ? _io.Errors.Say
            : phrase => _io.Text.WriteLine(Printable.Text(phrase.ToString()));
        Tell(say, zone, keys, records, options.IsHashed);
        var (from, until) = (Utc(options.Inception), Utc(options.Expiration));
        var isOver = !SignatureMoment.IsBefore(_now, options.Expiration);
        if (isOver || SignatureMoment.IsBefore(_now, options.Inception)) { _io.Errors.Complain(_words.HoldsNotNow(from, until, isOver)); }
        else { say(_words.Holds(from, until)); }
        TellParent(say, zone, keys);
    }

    private uint Moment(string option, string text, bool isDeterministic)
    {
        if (!SignatureMoment.TryParse(text, _now, out var moment)) { throw new UsageException(_words.NoMoment(option, text)); }
        return !isDeterministic || char.IsAsciiDigit(text[0])
            ? moment
            : throw new UsageException(_words.NeedsMoments(DeterministicOption, InceptionOption, ExpirationOption));
    }

    /// <summary>A key by the name of one of its files, or by what the names have in common.</summary>
    private ZoneKey Read(string name, DnsName origin)
    {
        var common = name.EndsWith(".key", StringComparison.Ordinal) ? name[..^".key".Length]
            : name.EndsWith(".private", StringComparison.Ordinal) ? name[..^".private".Length] : name;
        if (!KeyFile.TryRead(_io.ReadText(common + ".key"), _io.ReadText(common + ".private"), out var key, out var flaw))
        {
            throw new UsageException(_words.NoKey(common, flaw));
        }
        return key.Public.Owner == origin ? key : throw new UsageException(_words.KeyOfOtherZone(common, $"{key.Public.Owner}", $"{origin}"));
    }

    /// <summary>The algorithms of keys that the zone shows already, of which no key was given.</summary>
    private static IEnumerable<SigningAlgorithm> AlgorithmsWithout(ZoneKey[] keys, Zone zone) =>
        (zone.Find(zone.Origin, RecordType.DNSKEY).Set?.Data ?? []).Select(data => new ZonePublicKey(zone.Origin, data).Algorithm).Distinct()
            .Where(algorithm => !Array.Exists(keys, key => key.Public.Algorithm == algorithm));

    private void Write(string output, IReadOnlyList<DnsRecord> records)
    {
        if (output == CommandIo.StandardStream)
        {
            foreach (var record in records) { _io.Text.WriteLine(record); }
            _io.Text.Flush();
            return;
        }
        using var file = _io.Create(output);
        using (var text = new StreamWriter(file, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" })
        {
            foreach (var record in records) { text.WriteLine(record); }
        }
        file.Complete();
    }

    private void Tell(Action<Phrase> say, Zone zone, ZoneKey[] keys, IReadOnlyList<DnsRecord> records, bool isHashed)
    {
        var link = isHashed ? RecordType.NSEC3 : RecordType.NSEC;
        say(_words.Signed(new SignedZoneCounts(
            $"{zone.Origin}", zone.Soa.Serial, records.Count, records.Count(static record => record.Type == RecordType.RRSIG),
            records.Count(record => record.Type == link), isHashed, keys.Length)));
    }

    /// <summary>The DS records: of the keys that are entry points, or of all where none is.</summary>
    private void TellParent(Action<Phrase> say, Zone zone, ZoneKey[] keys)
    {
        var points = Array.Exists(keys, static key => key.Public.IsEntryPoint) ? Array.FindAll(keys, static key => key.Public.IsEntryPoint) : keys;
        say(_words.ForParent(zone.Origin == DnsName.Root));
        foreach (var key in points) { say($"{$"{zone.Origin} {zone.Class} DS {key.Public.ToDelegationSigner()}":name}"); }
    }

    private static DateTimeOffset Utc(uint moment) => DateTimeOffset.FromUnixTimeSeconds(moment);
}
