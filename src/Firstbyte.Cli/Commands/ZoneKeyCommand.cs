using System.CommandLine;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte zone key ORIGIN</c>: a new key in BIND's two files.</summary>
internal static class ZoneKeyCommand
{
    /// <summary>Keys that may turn out to be called as one that is there (own choice): a tag has 16 bits, so a second one is rare.</summary>
    private const int MaxTries = 16;

    /// <summary>Those that can be asked for; the first is what who asks for none gets.</summary>
    private static readonly SigningAlgorithm[] s_algorithms =
        [SigningAlgorithm.EcdsaP256Sha256, SigningAlgorithm.RsaSha256, SigningAlgorithm.Ed25519];

    public static Command Create(CommandIo io)
    {
        var words = io.Language.Help;
        var origin = new Argument<string>("origin") { Description = words.ZoneKeyOrigin, HelpName = "ORIGIN" };
        var algorithm = new Option<string>("--algorithm", "-a")
        {
            Description = words.ZoneKeyAlgorithm,
            HelpName = string.Join('|', s_algorithms),
            DefaultValueFactory = static _ => $"{s_algorithms[0]}",
        };
        algorithm.AcceptOnlyFromAmong(Array.ConvertAll(s_algorithms, static one => $"{one}"));
        var isEntryPoint = new Option<bool>("--ksk") { Description = words.ZoneKeyEntryPoint };
        var folder = new Option<string>("--directory", "-d")
        {
            Description = words.ZoneKeyFolder,
            HelpName = "FOLDER",
            DefaultValueFactory = static _ => ".",
        };
        var command = new Command("key", words.ZoneKey) { origin, algorithm, isEntryPoint, folder };
        command.SetAction(parsed =>
        {
            var text = parsed.GetValue(origin)!;
            if (!DnsName.TryParse(text, out var zone)) { throw new UsageException(io.Language.Usage.NoDomainName(text)); }
            var chosen = Array.Find(s_algorithms, one => $"{one}" == parsed.GetValue(algorithm));
            io.Text.WriteLine(Make(io, zone, parsed.GetValue(isEntryPoint), chosen, parsed.GetValue(folder)!));
        });
        return command;
    }

    /// <summary>Makes a key that no other of the folder is called like, and returns its name.</summary>
    private static string Make(CommandIo io, DnsName zone, bool isEntryPoint, SigningAlgorithm algorithm, string folder)
    {
        var random = new OsNetwork().Random;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var key = ZoneKey.Generate(zone, isEntryPoint, algorithm, random);
            var name = KeyFile.NameOf(key.Public);
            var path = folder == "." ? name : Path.Combine(folder, name);
            if (io.Exists(path + ".key") || io.Exists(path + ".private")) { continue; }
            Write(io.CreateSecret(path + ".private"), KeyFile.WritePrivate(key));
            Write(io.Create(path + ".key"), KeyFile.WritePublic(key.Public));
            return path;
        }
        throw new UsageException(io.Language.Signing.KeysTaken(folder, MaxTries));
    }

    private static void Write(WholeFile file, string text)
    {
        using (file)
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Complete();
        }
    }
}
