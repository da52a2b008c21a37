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
        var keys = new Option<string[]>("--key", "-k") { Description = words.ZoneSignKey, HelpName = "KEY…", Required = true, AllowMultipleArgumentsPerToken = true };
        var isHashed = new Option<bool>("--nsec3") { Description = words.ZoneSignHashed };
        var output = new Option<string>("--output", "-o") { Description = words.ZoneSignOutput, HelpName = "FILE" };
        // What BIND's dnssec-signzone takes: an hour for clocks that are slow, and a month.
        var inception = new Option<string>(InceptionOption) { Description = words.ZoneSignInception, HelpName = "TIME", DefaultValueFactory = static _ => "-1h" };
        var expiration = new Option<string>(ExpirationOption) { Description = words.ZoneSignExpiration, HelpName = "TIME", DefaultValueFactory = static _ => "+30d" };
        var isDeterministic = new Option<bool>(DeterministicOption) { Description = words.ZoneSignDeterministic };
        var command = new Command("sign", words.ZoneSign) { zone, keys, isHashed, output, inception, expiration, isDeterministic };
        command.SetAction(parsed => new ZoneSignCommand(io).Sign(
            parsed.GetValue(zone)!, parsed.GetValue(keys)!, parsed.GetValue(output) ?? CommandIo.StandardStream,
            parsed.GetValue(isHashed), parsed.GetValue(inception)!, parsed.GetValue(expiration)!, parsed.GetValue(isDeterministic)));
        return command;
    }

    private void Sign(string argument, string[] names, string output, bool isHashed, string inception, string expiration, bool isDeterministic)
    {
        var (from, until) = (Moment(InceptionOption, inception, isDeterministic), Moment(ExpirationOption, expiration, isDeterministic));
        if (!SignatureMoment.IsBefore(from, until)) { throw new UsageException(_words.NoTimeBetween(inception, expiration)); }
        var source = new ZoneSource(_io, argument);
        if (isHashed && source.Origin.Length > ZoneSigner.MaxHashedOrigin)
        {
            throw new UsageException(_words.NoRoomForHashes($"{source.Origin}", source.Origin.Length, ZoneSigner.MaxHashedOrigin));
        }
        var keys = names.Select(name => Read(name, source.Origin)).DistinctBy(static key => key.Public.Data).ToArray();
        var zone = source.Load(isStrict: false);
        foreach (var algorithm in AlgorithmsWithout(keys, zone)) { _io.Errors.Complain(_words.NobodySigns($"{algorithm}")); }
        var records = ZoneSigner.Sign(zone, keys, new SigningOptions(from, until, isHashed));
        Write(output, records);
        // Where the zone itself is standard output, what is said of it goes beside.
        Action<Phrase> say = output == CommandIo.StandardStream ? _io.Errors.Say : phrase => _io.Text.WriteLine(Printable.Text(phrase.ToString()));
        Tell(say, zone, keys, records, isHashed);
        if (!SignatureMoment.IsBefore(_now, until)) { _io.Errors.Complain(_words.HoldsNotNow(Utc(from), Utc(until), isOver: true)); }
        else if (SignatureMoment.IsBefore(_now, from)) { _io.Errors.Complain(_words.HoldsNotNow(Utc(from), Utc(until), isOver: false)); }
        else { say(_words.Holds(Utc(from), Utc(until))); }
        TellParent(say, zone, keys);
    }

    private uint Moment(string option, string text, bool isDeterministic)
    {
        if (!SignatureMoment.TryParse(text, _now, out var moment)) { throw new UsageException(_words.NoMoment(option, text)); }
        if (isDeterministic && !char.IsAsciiDigit(text[0])) { throw new UsageException(_words.NeedsMoments(DeterministicOption, InceptionOption, ExpirationOption)); }
        return moment;
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
