using System.CommandLine;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Commands;

/// <summary>The options that say how TLS is spoken, and with whom.</summary>
internal sealed class TlsSettings(Language language)
{
    private readonly Option<string?> _anchors = Of(language.Help.CaCert, "FILE", "--cacert");
    private readonly Option<string?> _certificate = Of(language.Help.Cert, "FILE", "--cert", "-E");
    private readonly Option<string?> _key = Of(language.Help.Key, "FILE", "--key");
    private readonly Option<string?> _password = Of(language.Help.Pass, "PASSWORD", "--pass");
    private readonly Option<string?> _pins = Of(language.Help.PinnedKey, "KEYS|FILE", "--pinnedpubkey");
    private readonly Option<bool> _required = new("--ssl-reqd") { Description = language.Help.TlsRequired };
    private readonly Option<bool> _tls12 = new("--tlsv1.2") { Description = language.Help.Tls12 };
    private readonly Option<bool> _tls13 = new("--tlsv1.3") { Description = language.Help.Tls13 };
    private readonly Option<string?> _maximum = Of(language.Help.TlsMaximum, "VERSION", "--tls-max");
    private readonly Option<string?> _ciphers = Of(language.Help.Ciphers, "LIST", "--ciphers");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_anchors, _certificate, _key, _password, _pins, _required, _tls12, _tls13, _maximum, _ciphers];

    /// <summary>Whether it reads a file, for which a record has no place.</summary>
    public bool IsFile(Option option) => option == _anchors || option == _certificate || option == _key || option == _password || option == _pins;

    /// <summary>The options of journeys, with what was typed of TLS.</summary>
    /// <exception cref="UsageException">A file or a value is not what its option wants.</exception>
    public Func<JourneyOptions, JourneyOptions> Read(ParseResult parsed, CommandIo io, TimeSpan? patience)
    {
        var anchors = parsed.GetValue(_anchors) is { } roots ? ReadCertificates(io, "--cacert", roots, patience) : null;
        var certificate = ReadCertificate(parsed, io, patience);
        var pins = parsed.GetValue(_pins) is { } text ? Pins(io, text, patience) : [];
        var minimum = parsed.GetValue(_tls13) ? TlsVersion.Tls13 : TlsVersion.Tls12;
        var maximum = Maximum(parsed.GetValue(_maximum), minimum);
        List<string>? suites = null;
        if (parsed.GetValue(_ciphers) is { } list)
        {
            suites = CipherSuiteNames.Read(list, out var unknown) ?? throw new UsageException(language.Usage.NoCipherSuite(unknown), ExitCodes.CipherUnknown);
        }
        return options => options with
        {
            TrustAnchors = anchors ?? options.TrustAnchors,
            ClientCertificate = certificate,
            PinnedKeys = pins,
            RequiresTls = parsed.GetValue(_required),
            MinimumTls = minimum,
            MaximumTls = maximum,
            Suites = suites,
        };
    }

    /// <summary>The roots of a file that an option names.</summary>
    /// <exception cref="UsageException">It is none of the kind.</exception>
    public static List<byte[]> ReadCertificates(CommandIo io, string option, string file, TimeSpan? patience)
    {
        var fault = PemFile.ReadCertificates(Text(io, file, patience, ExitCodes.TrustFile), out var certificates);
        return fault == PemFault.None ? certificates : throw new UsageException(io.Language.Usage.NoPem(option, file, fault), ExitCodes.TrustFile);
    }

    private TlsClientCertificate? ReadCertificate(ParseResult parsed, CommandIo io, TimeSpan? patience)
    {
        var (file, keyFile) = (parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (file is null) { return keyFile is null ? null : throw new UsageException(language.Usage.KeyWithoutCertificate); }
        var text = Text(io, file, patience, ExitCodes.OwnCertificate);
        var key = keyFile is null ? text : Text(io, keyFile, patience, ExitCodes.OwnCertificate);
        var fault = PemFile.ReadClient(text, key, parsed.GetValue(_password), out var certificate);
        if (fault == PemFault.None) { return certificate; }
        var isOfKey = keyFile is not null && fault is not (PemFault.NoCertificate or PemFault.CertificateMalformed);
        throw new UsageException(language.Usage.NoPem(isOfKey ? "--key" : "--cert", isOfKey ? keyFile! : file, fault), ExitCodes.OwnCertificate);
    }

    // curl has a code for each of these files, whatever is wrong with it.
    private static string Text(CommandIo io, string file, TimeSpan? patience, int exitCode)
    {
        try { return Encoding.Latin1.GetString(io.ReadBytes(file, patience)); }
        catch (FileException e) when (e.Error != Errors.Errno.ETIMEDOUT)
        {
            throw new UsageException(io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error), exitCode);
        }
    }

    private List<byte[]> Pins(CommandIo io, string text, TimeSpan? patience)
    {
        if (PinnedKey.Read(text) is { } pins) { return pins; }
        return io.Exists(text) && PemFile.ReadPublicKey(io.ReadBytes(text, patience)) is { } key ? [key] : throw new UsageException(language.Usage.NoPin(text));
    }

    private TlsVersion Maximum(string? text, TlsVersion minimum) => text switch
    {
        null or "default" or "1.3" => TlsVersion.Tls13,
        "1.2" when minimum == TlsVersion.Tls12 => TlsVersion.Tls12,
        _ => throw new UsageException(language.Usage.NoTlsVersion(text, text is "1.0" or "1.1")),
    };

    private static Option<string?> Of(string description, string value, string name, params string[] letters) =>
        new(name, letters) { Description = description, HelpName = value };
}
