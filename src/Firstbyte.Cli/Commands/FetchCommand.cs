using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Connecting;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Measuring;
using Firstbyte.Proxies;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte URL…</c>, in a lab <c>fetch URL…</c>: the journey of each URL, told step by step.</summary>
internal sealed class FetchCommand(Language language) : PlaceCommand("fetch", language.Help.PromptFetch)
{
    // With waits that double up to ten minutes, a week.
    private const int MaximumRetries = 1_000;

    // What neither its URL nor its server names.
    private const string NamelessResponse = "response";

    private readonly Argument<string[]> _urls = new("url") { Description = language.Help.Url };
    private readonly Option<string[]> _output = Repeated("--output", "-o", language.Help.Output, "FILE");
    private readonly Option<bool> _remoteName = new("--remote-name", "-O") { Description = language.Help.RemoteName };
    private readonly Option<bool> _remoteHeaderName = new("--remote-header-name", "-J") { Description = language.Help.RemoteHeaderName };
    private readonly Option<string?> _writeOut = new("--write-out", "-w") { Description = language.Help.WriteOut, HelpName = "FORMAT" };
    private readonly Option<bool> _fail = new("--fail", "-f") { Description = language.Help.Fail };
    private readonly Option<bool> _body = new("--body", "--silent", "-s") { Description = language.Help.Body };
    private readonly Option<bool> _include = new("--include", "--show-headers", "-i") { Description = language.Help.Include };
    private readonly Option<string?> _userAgent = new("--user-agent", "-A") { Description = language.Help.UserAgent, HelpName = "NAME" };
    private readonly Option<string?> _referer = new("--referer", "-e") { Description = language.Help.Referer, HelpName = "URL" };

    // What a hand types that knows curl, and what is so here without it: failures are told, and no bracket stands for anything.
    private readonly Option<bool> _showError = new("--show-error", "-S") { Hidden = true };
    private readonly Option<bool> _globOff = new("--globoff", "-g") { Hidden = true };
    private readonly Option<bool> _http10 = new("--http1.0", "-0") { Description = language.Help.Http10 };
    private readonly Option<string?> _method = new("--request", "-X") { Description = language.Help.Method, HelpName = "METHOD" };
    private readonly Option<string[]> _fields = Repeated("--header", "-H", language.Help.Header, "FIELD");
    private readonly Option<string[]> _data = Repeated("--data", "-d", language.Help.Data, "DATA");
    private readonly Option<string[]> _dataRaw = Repeated("--data-raw", null, language.Help.DataRaw, "DATA");
    private readonly Option<string[]> _dataBinary = Repeated("--data-binary", null, language.Help.DataBinary, "DATA");
    private readonly Option<string[]> _dataUrlEncode = Repeated("--data-urlencode", null, language.Help.DataUrlEncode, "DATA");
    private readonly Option<string[]> _dataJson = Repeated("--data-json", null, language.Help.DataJson, "DATA");
    private readonly Option<string[]> _form = Repeated("--form", "-F", language.Help.Form, "PART");
    private readonly Option<string[]> _formString = Repeated("--form-string", null, language.Help.FormString, "PART");
    private readonly Option<bool> _get = new("--get", "-G") { Description = language.Help.Get };
    private readonly Option<string[]> _upload = Repeated("--upload-file", "-T", language.Help.Upload, "FILE");
    private readonly Option<bool> _fileWrite = new("--allow-file-write") { Description = language.Help.FileWrite };
    private readonly MailSettings _mail = new(language);
    private readonly Option<bool> _head = new("--head", "-I") { Description = language.Help.Head };
    private readonly Option<bool> _insecure = new("--insecure", "-k") { Description = language.Help.Insecure };
    private readonly Option<bool> _strict = new("--strict") { Description = language.Help.Strict };
    private readonly Option<bool> _timing = new("--timing") { Description = language.Help.Timing };
    private readonly Option<string[]> _given = Repeated("--resolve", null, language.Help.GivenAddresses, "ENTRY");
    private readonly Option<bool> _only4 = new("--ipv4", "-4") { Description = language.Help.OnlyIpv4 };
    private readonly Option<bool> _only6 = new("--ipv6", "-6") { Description = language.Help.OnlyIpv6 };
    private readonly Option<bool> _location = new("--location", "-L") { Description = language.Help.Location };
    private readonly Option<int?> _maximumRedirects = new("--max-redirs") { Description = language.Help.MaximumRedirects, HelpName = "N" };
    private readonly Option<string[]> _cookies = Repeated("--cookie", "-b", language.Help.Cookie, "DATA|FILE");
    private readonly Option<string?> _cookieJar = new("--cookie-jar", "-c") { Description = language.Help.CookieJar, HelpName = "FILE" };
    private readonly Option<string?> _range = new("--range", "-r") { Description = language.Help.Range, HelpName = "RANGE" };
    private readonly Option<int?> _connections = new("--connections") { Description = language.Help.Connections, HelpName = "N" };
    private readonly Option<string?> _continueAt = new("--continue-at", "-C") { Description = language.Help.ContinueAt, HelpName = "N" };
    private readonly Option<int?> _retry = new("--retry") { Description = language.Help.Retry, HelpName = "N" };
    private readonly Option<string?> _user = new("--user", "-u") { Description = language.Help.User, HelpName = "USER:PASSWORD" };
    private readonly Option<bool> _basic = new("--basic") { Description = language.Help.Basic };
    private readonly Option<bool> _digest = new("--digest") { Description = language.Help.Digest };
    private readonly Option<bool> _anyAuth = new("--anyauth") { Description = language.Help.AnyAuth };
    private readonly Option<string?> _bearer = new("--oauth2-bearer") { Description = language.Help.Bearer, HelpName = "TOKEN" };
    private readonly Option<bool> _netrc = new("--netrc") { Description = language.Help.Netrc };
    private readonly Option<string?> _netrcFile = new("--netrc-file") { Description = language.Help.NetrcFile, HelpName = "FILE" };
    private readonly Option<string?> _hsts = new("--hsts") { Description = language.Help.Hsts, HelpName = "FILE" };
    private readonly Option<string?> _cache = new("--cache") { Description = language.Help.CacheFolder, HelpName = "DIR" };
    private readonly Option<string?> _har = new("--har") { Description = language.Help.Har, HelpName = "FILE" };
    private readonly TransferSettings _limits = new(language);
    private readonly TlsSettings _tls = new(language);
    private readonly ProxyOptions _proxies = new(language);
    private readonly Option<bool> _compressed = new("--compressed") { Description = language.Help.Compressed };
    private readonly Option<double?> _connectTimeout = TimeLimits.CreateOption(language, language.Help.ConnectTimeout, "--connect-timeout");
    private readonly Option<int?> _repeat = new("--repeat", "-n") { Description = language.Help.Repeat, HelpName = "N" };
    private readonly Option<bool> _keep = new("--keep") { Description = language.Help.Keep };
    private readonly Option<bool> _noProgress = new("--no-progress-meter") { Description = language.Help.NoProgress };

    public override bool IsUnnamed => true;

    public override Argument Target => _urls;

    public override void AddTo(Command command, bool isRecorded)
    {
        // The whole of firstbyte's command line may be an option; a verb without its object is none.
        _urls.Arity = isRecorded ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore;
        command.Arguments.Add(_urls);
        LabVerbs.Limit(language, "--retry", _retry, 0, MaximumRetries);
        LabVerbs.Limit(language, "--connections", _connections, 1, PiecewiseExchange.MostConnections);
        LabVerbs.Limit(language, "-n", _repeat, 1, Repetition.Maximum);
        foreach (var option in (IEnumerable<Option>)[
            _output, _remoteName, _remoteHeaderName, _writeOut, _body, _include, _fail, _showError, _globOff, _method, _fields, _userAgent,
            _referer, _data, _dataRaw, _dataBinary,
            _dataUrlEncode, _dataJson, _get, _form, _formString,
            _upload, _fileWrite, .. _mail.All, _head, _http10, _compressed, _cookies, _cookieJar, _user, _basic, _digest,
            _anyAuth, _bearer, _netrc, _netrcFile, _given, _only4, _only6, .. _proxies.All,
            _range, _continueAt, _connections, _retry, _location, _maximumRedirects, _insecure, _strict, _timing,
            .. _tls.All, _hsts, _cache, _har,
            _connectTimeout, .. _limits.All, _repeat, _keep, _noProgress])
        {
            if (!isRecorded || !IsOutside(option)) { command.Options.Add(option); }
        }
    }

    // What a lab's record has no place for: files, and passwords that would stand in it.
    private bool IsOutside(Option option) =>
        option == _output || option == _remoteName || option == _remoteHeaderName || option == _writeOut || option == _body || option == _include
        || option == _continueAt || option == _cookieJar
        || option == _noProgress || option == _hsts || option == _cache || option == _har || _tls.IsFile(option) || _proxies.IsSecret(option)
        || option == _user || option == _bearer || option == _netrc || option == _netrcFile;

    public override IEnumerable<string> Suggest(IEnumerable<string> names) =>
        names.Where(static name => name.Contains('.', StringComparison.Ordinal)).Select(static name => $"http://{name}/");

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var settings = Continuation.Resolve(site.Io, Read(parsed, site));
        var watch = Stopwatch.StartNew();
        var (secured, limited) = (_tls.Read(parsed, site.Io, settings.MaximumTime), _limits.Read(parsed));
        var hsts = settings.Hsts is { } hosts ? new HstsFile(site.Io, hosts, settings.MaximumTime) : null;
        if (settings.CookieJar is { Length: > 0 } cookies) { site.Io.RefuseFolder(cookies); }
        var cache = settings.Cache is { } folder ? CacheFolder.Open(site.Io, folder) : null;
        var requests = new FetchRequests(site.Io, settings, site.IsRecorded);
        // What was spent on waiting for files, which may be pipes, is gone.
        if (settings is { Data.Length: > 0 } or { Form.Length: > 0 } or { Cookies.Length: > 0 } && settings.MaximumTime - watch.Elapsed is { } left)
        {
            settings = settings with { MaximumTime = left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1) };
        }
        using var har = HarFile.Open(site.Io, settings.Har, site.Settings.ShowSecrets);
        using var station = site.Open(Use, isSilent: settings.BodyOnly, heads: SilentSink(parsed, site.Io, settings));
        var outlet = new FetchOutlet(site, settings, station.Outlet);
        CookieJar? jar = null;
        try
        {
            return station.Run(settings.Urls.Length == 1 ? "fetch " + settings.Urls[0] : "fetch", (host, stop) =>
            {
                jar = requests.OpenJar();
                var options = limited(secured(Options(settings, site.Settings, host))) with
                {
                    Cookies = jar,
                    Hsts = hsts?.OpenAt(host.Network),
                    Cache = cache,
                    Recorder = har is null ? null : har.Write,
                    Netrc = requests.Netrc,
                    Proxies = settings.Proxies?.At(host.Variables) ?? ProxySettings.None,
                };
                if (settings.Repeat is { } count)
                {
                    var repetition = new RepetitionSettings(count, settings.KeepsConnection, outlet.RepetitionProgress(count));
                    return NetworkPrograms.RepeatAsync(host, requests.Make(host)[0], options, repetition, stop);
                }
                return NetworkPrograms.FetchAsync(host, requests.Make(host), options, outlet, stop);
            });
        }
        catch (OperationCanceledException)
        {
            outlet.TellWhatIsLeft();
            throw new InterruptionToldException();
        }
        finally
        {
            station.Outlet.End();
            if (settings.CookieJar is { } file && jar is not null) { Keep(site.Io, file, jar); }
            hsts?.Keep();
        }
    }

    // What is told where no story is.
    private ITraceSink? SilentSink(ParseResult parsed, CommandIo io, FetchSettings settings)
    {
        var heads = settings.ShowsHeads ? new HeadPrinter(io, settings.Head) : null;
        return parsed.GetValue(_timing) ? new TimingPrinter(io, heads) : heads;
    }

    // Options of HTTP's requests that are typed for another scheme: they would be passed over in silence.
    private void TellWithoutMeaning(ParseResult parsed, CommandIo io, string[] urls)
    {
        Option[] ofHttp = [_method, _fields, _data, _dataRaw, _dataBinary, _dataUrlEncode, _dataJson, _form, _formString, _cookies, _har, _connections];
        Option[] ofFiles = [_range], ofServers = [_upload];
        // What is no URL is told when it is asked for.
        var schemes = urls.Select(static url => UrlInput.TryRead(url, out var read, out _, out _) ? read!.Scheme : "http");
        foreach (var scheme in schemes.Where(static scheme => scheme is not ("http" or "https")).Distinct(StringComparer.Ordinal))
        {
            var hasRanges = scheme is "ftp" or "ftps" or "file";
            foreach (var option in (Option[])[.. ofHttp, .. hasRanges ? [] : ofFiles, .. scheme is "mailto" or "data" or "ws" or "wss" ? ofServers : []])
            {
                if (parsed.GetResult(option) is { Implicit: false }) { io.Errors.Complain(io.Language.Usage.OptionWithoutMeaning(option.Name, scheme)); }
            }
            if (hasRanges && parsed.GetValue(_range) is { } range && FtpRange.TryRead(range) is null)
            {
                io.Errors.Complain(io.Language.Usage.NoSingleRange(Printable.Text(range), scheme));
            }
        }
    }

    private FetchSettings Read(ParseResult parsed, CommandSite site)
    {
        var urls = parsed.GetValue(_urls) ?? [];
        var files = FilesOf(parsed, urls, site.Io);
        // By whichever of its names: the body goes there alone.
        var isOutput = Array.Exists(files, static file => file is not null && IsStandardOutput(file));
        var settings = new FetchSettings
        {
            Urls = urls,
            Outputs = [.. files.Select(static file => file is not null && IsStandardOutput(file) ? null : file)],
            NamedByUrl = [.. FilesAsTyped(parsed).Select(static file => file is null)],
            TakesServersNames = parsed.GetValue(_remoteHeaderName),
            WriteOut = FormatOf(parsed.GetValue(_writeOut), site),
            BodyOnly = parsed.GetValue(_body) || parsed.GetValue(_include) || isOutput,
            ShowsHeads = parsed.GetValue(_include) || (parsed.GetValue(_body) && parsed.GetValue(_head)),
            IsRaw = isOutput,
            Fails = parsed.GetValue(_fail),
            Cookies = parsed.GetValue(_cookies) ?? [],
            CookieJar = parsed.GetValue(_cookieJar),
            Hsts = parsed.GetValue(_hsts),
            Cache = parsed.GetValue(_cache),
            Har = parsed.GetValue(_har),
            Range = parsed.GetValue(_range),
            ContinueAt = parsed.GetValue(_continueAt),
            Connections = parsed.GetValue(_connections) ?? 1,
            Retries = parsed.GetValue(_retry) ?? 0,
            User = parsed.GetValue(_user),
            Authentication = parsed.GetValue(_anyAuth) ? AuthenticationSchemes.AnyWithPassword
                : !parsed.GetValue(_digest) ? AuthenticationSchemes.Basic
                : AuthenticationSchemes.Digest | (parsed.GetValue(_basic) ? AuthenticationSchemes.Basic : AuthenticationSchemes.None),
            BearerToken = parsed.GetValue(_bearer),
            UsesNetrc = parsed.GetValue(_netrc),
            NetrcFile = parsed.GetValue(_netrcFile),
            Proxies = _proxies.Read(parsed),
            Given = GivenOf(parsed.GetValue(_given) ?? []),
            AddressVersion = VersionOf(parsed),
            Compressed = parsed.GetValue(_compressed),
            Http10 = parsed.GetValue(_http10),
            Method = parsed.GetValue(_method),
            Fields = [.. parsed.GetValue(_fields) ?? [], .. FieldOf("User-Agent", parsed, _userAgent), .. FieldOf("Referer", parsed, _referer)],
            Data = [.. Given(parsed, _data, _dataRaw, _dataBinary, _dataUrlEncode, _dataJson)
                .Select(static one => new DataPart((DataKind)one.Option, one.Value))],
            Form = [.. Given(parsed, _form, _formString).Select(one => Part(one.Value, isString: one.Option == 1))],
            Get = parsed.GetValue(_get),
            Uploads = parsed.GetValue(_upload) ?? [],
            StoresFiles = parsed.GetValue(_fileWrite),
            Mail = _mail.Read(parsed),
            News = _mail.ReadNews(parsed),
            Head = parsed.GetValue(_head),
            Insecure = parsed.GetValue(_insecure),
            IsStrict = parsed.GetValue(_strict),
            Location = parsed.GetValue(_location),
            MaximumRedirects = parsed.GetValue(_maximumRedirects),
            MaximumTime = site.Settings.MaximumTime,
            ConnectTimeout = TimeLimits.Read(parsed, _connectTimeout),
            NoProgress = parsed.GetValue(_noProgress),
            Repeat = parsed.GetValue(_repeat),
            KeepsConnection = parsed.GetValue(_keep),
        };
        CheckRepetition(settings);
        if (settings.Uploads.Length > urls.Length && urls.Length > 0)
        {
            throw new UsageException(language.Usage.UnevenUploads(settings.Uploads.Length, urls.Length));
        }
        if (Array.Find(urls, static url => OctetText.HasOctets(url)) is { } unread)
        {
            throw new UsageException(language.Usage.NotUtf8(Printable.Text(OctetText.Shown(unread))));
        }
        if (settings.BodyOnly && (settings.ShowsHeads || Array.Exists(settings.Outputs, static file => file is null))
            && (site.Settings.Json || site.Settings.Pcap == CommandIo.StandardStream))
        {
            var wish = settings.IsRaw ? "-o -" : parsed.GetValue(_include) ? "-i" : "--body";
            throw new UsageException(language.Places.OneOnOutput(wish, site.Settings.Json ? "--json" : "--pcap -"));
        }
        if (settings.TakesServersNames && !parsed.GetValue(_remoteName)) { throw new UsageException(language.Usage.WithoutOption("-J", "-O")); }
        if (settings.WriteOut is not null && (site.Settings.Json || site.Settings.Pcap == CommandIo.StandardStream))
        {
            throw new UsageException(language.Places.OneOnOutput("-w", site.Settings.Json ? "--json" : "--pcap -"));
        }
        if (parsed.GetValue(_include) && Array.Find(settings.Outputs, static file => file is not null) is { } kept)
        {
            throw new UsageException(language.Usage.HeadBesideFile(kept));
        }
        TellWithoutMeaning(parsed, site.Io, urls);
        return settings.Urls.Length > 0 ? settings : throw new UsageException(language.Usage.NoUrl);
    }

    // What is measured is seen by nobody, and made of one URL.
    private void CheckRepetition(FetchSettings settings)
    {
        if (settings.Repeat is null)
        {
            if (settings.KeepsConnection) { throw new UsageException(language.Usage.WithoutOption(_keep.Name, "-n")); }
            return;
        }
        if (settings.Urls.Length > 1) { throw new UsageException(language.Usage.RepeatsOneUrl); }
        var other = settings.BodyOnly ? _body.Name : settings.WriteOut is not null ? _writeOut.Name
            : Array.Exists(settings.Outputs, static file => file is not null) ? _output.Name
            : settings.ContinueAt is not null ? _continueAt.Name : null;
        if (other is not null) { throw new UsageException(language.Usage.RepeatsWithoutBody(other)); }
    }

    // Said as empty, the field is left out.
    private static string[] FieldOf(string name, ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } value ? [value.Length > 0 ? $"{name}: {value}" : $"{name}:"] : [];

    private GivenAddresses? GivenOf(string[] entries)
    {
        if (entries.Length == 0) { return null; }
        var given = new GivenAddresses();
        foreach (var entry in entries)
        {
            if (!given.TryAdd(entry)) { throw new UsageException(language.Usage.NoGivenAddress(Printable.Text(entry))); }
        }
        return given;
    }

    // As curl: the one that was typed last.
    private IpVersion VersionOf(ParseResult parsed)
    {
        var last = parsed.Tokens.LastOrDefault(token => token.Type == TokenType.Option && (Is(token, _only4) || Is(token, _only6)));
        return last is null ? IpVersion.None : Is(last, _only4) ? IpVersion.V4 : IpVersion.V6;
    }

    private static bool Is(Token token, Option option) => option.Name == token.Value || option.Aliases.Contains(token.Value);

    private static bool IsStandardOutput(string file) => file == CommandIo.StandardStream || FileKinds.DescriptorOf(file) == 1;

    /// <summary>The file of each URL: the n-th -o or -O is the n-th URL's, as curl pairs them; null where a body is only shown.</summary>
    private string?[] FilesOf(ParseResult parsed, string[] urls, CommandIo io)
    {
        var files = FilesAsTyped(parsed);
        if (files.Count == 0 || urls.Length == 0) { return new string?[urls.Length]; }
        // What is no file, as a pipe and /dev/null, takes whatever comes.
        if (files is [{ } one] && urls.Length > 1 && !IsStandardOutput(one) && !FileKinds.IsRegular(io.PathOf(one))) { return [.. urls.Select(_ => one)]; }
        if (files is [{ } only] && IsStandardOutput(only)) { return [.. urls.Select(_ => only)]; }
        if (files.Count != urls.Length) { throw new UsageException(language.Usage.UnevenFiles(files.Count, urls.Length)); }
        var otherwise = parsed.GetValue(_remoteHeaderName) ? NamelessResponse : null;
        return [.. files.Select((file, at) => file ?? RemoteName.Of(urls[at]) ?? otherwise ?? throw new UsageException(language.Usage.NoRemoteName))];
    }

    // Null for one that its URL names.
    private List<string?> FilesAsTyped(ParseResult parsed)
    {
        var named = new Queue<string>(parsed.GetValue(_output) ?? []);
        var files = new List<string?>();
        foreach (var token in parsed.Tokens.Where(static token => token.Type == TokenType.Option))
        {
            if (token.Value == _output.Name || _output.Aliases.Contains(token.Value)) { files.Add(named.TryDequeue(out var file) ? file : null); }
            else if (token.Value == _remoteName.Name || _remoteName.Aliases.Contains(token.Value)) { files.Add(null); }
        }
        return files;
    }

    private static string? FormatOf(string? text, CommandSite site) =>
        text is ['@', .. var file] ? OctetText.Of(site.Io.ReadBytes(file, site.Settings.MaximumTime)) : text;

    // The values of several options in the order in which they were typed, each with the place of its option among them.
    private static IEnumerable<(int Option, string Value)> Given(ParseResult parsed, params Option<string[]>[] options)
    {
        var values = options.Select(option => new Queue<string>(parsed.GetValue(option) ?? [])).ToArray();
        foreach (var token in parsed.Tokens.Where(static token => token.Type == TokenType.Option))
        {
            var at = Array.FindIndex(options, option => option.Name == token.Value || option.Aliases.Contains(token.Value));
            if (at >= 0 && values[at].TryDequeue(out var value)) { yield return (at, value); }
        }
    }

    private FormArgument Part(string text, bool isString)
    {
        var fault = FormFault.NoName;
        var part = isString ? FormArgument.OfString(text) : FormArgument.TryRead(text, out var read, out fault) ? read : null;
        return part ?? throw new UsageException(
            isString ? language.Usage.NoFormString
                : language.Usage.NoFormPart(fault == FormFault.NoName ? "" : text[..text.IndexOf('=', StringComparison.Ordinal)], fault));
    }

    private static JourneyOptions Options(FetchSettings settings, PlaceSettings place, PlaceHost host) => new()
    {
        Rest = host.Rest,
        UserAgent = Edition.UserAgent,
        AllowCertificateFaults = settings.Insecure,
        IsStrict = settings.IsStrict,
        MaximumTime = settings.MaximumTime,
        ConnectTimeout = settings.ConnectTimeout ?? new JourneyOptions().ConnectTimeout,
        FreshNames = place.NoCache,
        Given = settings.Given,
        AddressVersion = settings.AddressVersion,
        TellBytes = place.Verbosity > 0,
        FollowRedirects = settings.Location,
        StoresFiles = settings.StoresFiles,
        Mail = settings.Mail,
        News = MailSettings.At(settings.News, host.Variables),
        Retries = settings.Retries,
        Connections = settings.Connections,
        Pool = settings.Connections > PoolLimits.Default.MaximumPerOrigin ? new PoolLimits { MaximumPerOrigin = settings.Connections } : null,
        MaximumRedirects = settings.MaximumRedirects ?? new JourneyOptions().MaximumRedirects,
        // What is answered in the same journey goes over the same connection.
        KeepConnections = settings.KeepsConnection || settings.Urls.Length > 1 || settings.Location || settings.Retries > 0 || settings.Connections > 1
            || settings.Authentication.HasFlag(AuthenticationSchemes.Digest) || settings.Proxies is { MayAskTwice: true },
    };

    private static void Keep(CommandIo io, string file, CookieJar jar)
    {
        var text = NetscapeCookieFile.Write(jar);
        foreach (var cookie in jar.Cookies.Where(static cookie => !NetscapeCookieFile.CanHold(cookie)))
        {
            io.Errors.Complain($"{io.Language.Http.CookieUnwritable(Printable.Text(cookie.Name), cookie.Domain)}");
        }
        if (file == CommandIo.StandardStream || FileKinds.DescriptorOf(file) == 1)
        {
            io.Text.Flush();
            io.Output.Write(OctetText.Octets(text));
            return;
        }
        using var whole = io.Create(file);
        whole.Write(OctetText.Octets(text));
        whole.Complete();
    }

    private static Option<string[]> Repeated(string name, string? letter, string description, string value) => new(name, letter is null ? [] : [letter])
    {
        Description = description,
        HelpName = value,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
