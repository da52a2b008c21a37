using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Tls;

namespace Firstbyte.Labs;

// What hosts serve.
internal sealed partial class LabFileReader
{
    // RFC 9110 4.2.1 and 4.2.2.
    private const ushort HttpPort = 80;
    private const ushort HttpsPort = 443;

    // RFC 959 8.
    private const ushort FtpPort = 21;

    // RFC 5321 4.5.4.2.
    private const ushort MailPort = 25;
    private const long DefaultMailSize = 1024 * 1024, MostMailSize = 16 * 1024 * 1024;

    // RFC 3977 3.1, RFC 8143 2.
    private const ushort NewsPort = 119;
    private const ushort SecureNewsPort = 563;

    // squid's, and IANA's "socks".
    private const ushort HttpProxyPort = 3128;
    private const ushort SocksPort = 1080;

    private static readonly string[] s_services = ["resolver", "dns", "http", "https", "ftp", "mail", "news", "proxy", "socks"];

    // RFC 9110 15.4.3: what redirects for a while.
    private const int DefaultRedirect = 302;

    private readonly Dictionary<(string File, DnsName Origin), Zone> _zones = [];

    private void ReadServices(List<ServiceDefinition> services)
    {
        var what = TakeWord(LabTerm.OneOf, s_services);
        Limit(what, services.Count + 1, LabLimits.Services, LabTerm.MostServices);
        switch (what.Value)
        {
            case "resolver": services.Add(ReadResolver(what.Place)); break;
            case "dns": services.Add(ReadZone(what.Place)); break;
            case "http" or "https": ReadWeb(what, services); break;
            case "ftp": services.Add(ReadFtp(what.Place)); break;
            case "mail": services.Add(ReadMail(what.Place)); break;
            case "news": services.Add(ReadNews(what.Place)); break;
            case "proxy": services.Add(ReadProxy(what.Place, LabProxyKind.Http, HttpProxyPort)); break;
            case "socks": services.Add(ReadProxy(what.Place, LabProxyKind.Socks, SocksPort)); break;
            default: throw Expected(what, LabTerm.OneOf, s_services);
        }
    }

    private ResolverService ReadResolver(LabPlace place)
    {
        var delay = ReadDelay();
        var trusted = new List<DnsRecord>();
        while (TryTakeKeyword("trusts"))
        {
            var record = Take(LabTokenKind.Text, LabTerm.TrustedRecord);
            Limit(record, trusted.Count + 1, LabLimits.Trusted, LabTerm.MostTrusted);
            // A record of zero seconds: what is believed anyway needs no time to live.
            var read = ZoneFileReader.Read($"$TTL 0\n{record.Value}\n", place.File, DnsName.Root, null);
            trusted.Add(!read.Problems.Any(static problem => problem.IsError) && read.Records.ToArray() is [var only]
                && (only.Type == RecordType.DS || only.Type == RecordType.DNSKEY)
                ? only
                : throw Expected(record, LabTerm.TrustedRecord));
        }
        return new ResolverService(place, delay) { Trusted = trusted };
    }

    private ZoneService ReadZone(LabPlace place)
    {
        var delay = ReadDelay();
        TakeKeyword("zone");
        var name = Take(LabTokenKind.Text, LabTerm.QuotedZoneName);
        if (!DnsName.TryParse(name.Value, out var origin)) { throw Expected(name, LabTerm.DomainName); }
        if (TryTakeKeyword("from"))
        {
            // The same zone on many servers (the root's) is read once: it never changes.
            var file = tokens.Peek().Value;
            if (_zones.TryGetValue((file, origin), out var known))
            {
                tokens.Next();
                return new ZoneService(place, known, delay);
            }
            var service = LoadZone(place, delay, origin, TakeFileText(), file, 1);
            _zones.Add((file, origin), service.Zone);
            return service;
        }
        var open = Take(LabTokenKind.OpenBrace, LabTerm.ZoneSource);
        var (text, line) = tokens.ReadRawBlock(open);
        var (zone, indent) = RemoveIndent(text);
        return LoadZone(place, delay, origin, zone, place.File, line, indent);
    }

    /// <summary>
    /// In a zone file a line that begins with a space has the owner of the line before; in a block the margin is where the least indented
    /// line begins.
    /// </summary>
    private static (string Text, int Indent) RemoveIndent(string block)
    {
        var lines = block.Split('\n');
        var indented = lines.Skip(1).Where(static line => line.AsSpan().Trim().Length > 0)
            .Select(static line => line.Length - line.AsSpan().TrimStart(' ').Length).ToArray();
        var indent = indented.Length == 0 ? 0 : indented.Min();
        for (var i = 0; i < lines.Length; i++) { lines[i] = i == 0 ? lines[i].TrimStart(' ') : lines[i].Length >= indent ? lines[i][indent..] : ""; }
        return (string.Join('\n', lines), indent);
    }

    private ZoneService LoadZone(LabPlace place, long delay, DnsName origin, string text, string file, int firstLine, int indent = 0)
    {
        if (Zone.TryLoad(text, file, origin, out var zone, out var problems, ReadText)) { return new ZoneService(place, zone, delay); }
        var problem = problems.First(static problem => problem.IsError);
        var inBlock = problem.Place.File == file;
        var at = problem.Place.Line == 0
            ? place
            : new LabPlace(
                problem.Place.File, problem.Place.Line + (inBlock ? firstLine - 1 : 0), problem.Place.Column + (inBlock ? indent : 0));
        throw new LabFileException(at, problem);
    }

    private string? ReadText(string file) => readFile(file) is { } content ? Encoding.UTF8.GetString(content) : null;

    /// <summary>Ports as FIRST..LAST.</summary>
    private PortRange ReadPorts()
    {
        var word = TakeWord(LabTerm.Ports);
        var dots = word.Value.IndexOf("..", StringComparison.Ordinal);
        return dots >= 0 && ushort.TryParse(word.Value.AsSpan(0, dots), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(word.Value.AsSpan(dots + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first > 0 && first <= last
            ? new PortRange(first, last)
            : throw Expected(word, LabTerm.Ports);
    }

    private ForgerService ReadForger(LabPlace place)
    {
        var name = Take(LabTokenKind.Text, LabTerm.QuotedDomainName);
        if (!DnsName.TryParse(name.Value, out var forged)) { throw Expected(name, LabTerm.DomainName); }
        TakeKeyword("as");
        var answer = TakeV4Address();
        TakeKeyword("to");
        var resolver = TakeV4Address();
        TakeKeyword("by");
        var how = TakeWord(LabTerm.OneOf, "listening", "guessing");
        if (how.Value == "listening") { return new ForgerService(place, forged, answer, resolver, null); }
        if (how.Value != "guessing") { throw Expected(how, LabTerm.OneOf, "listening", "guessing"); }
        TakeKeyword("from");
        var server = TakeV4Address();
        TakeKeyword("rate");
        var rate = tokens.Peek();
        var perSecond = TakeNumber(LabTerm.AnswersASecond, LabLimits.ForgedAnswers);
        return perSecond > 0
            ? new ForgerService(place, forged, answer, resolver, new GuessedSender(server, perSecond))
            : throw Expected(rate, LabTerm.AnswersASecond, "1", $"{LabLimits.ForgedAnswers}");
    }

    private IpAddress TakeV4Address()
    {
        var word = TakeWord(LabTerm.IPv4Address);
        return IpAddress.TryParse(word.Value, out var address) && address.IsV4 ? address : throw Expected(word, LabTerm.IPv4Address);
    }

    private void ReadWeb(LabToken first, List<ServiceDefinition> services)
    {
        // "http, https" serves the same pages on both.
        var schemes = new List<LabToken> { first };
        while (TryTake(LabTokenKind.Comma))
        {
            var next = TakeWord(LabTerm.OneOf, "http", "https");
            schemes.Add(next.Value is "http" or "https" ? next : throw Expected(next, LabTerm.OneOf, "http", "https"));
        }
        ushort? port = null;
        var names = new List<string>();
        var flaw = CertificateFlaw.None;
        var (delay, pace) = (0L, 0L);
        LabToken? certified = null;
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "for" or "certificate" or "certified-clients" or "delay" or "pace" })
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "port": port = TakePort(); break;
                case "for": do { names.Add(TakeName(LabTerm.DomainName).Value); } while (TryTake(LabTokenKind.Comma)); break;
                case "delay": delay = TakeTime(); break;
                case "pace": pace = TakeSize(LabTerm.BytesASecond); break;
                case "certified-clients": certified = word; break;
                default: flaw = ReadFlaw(LabWords.Flaws); break;
            }
        }
        if (certified is { } demand && !schemes.Exists(static scheme => scheme.Value == "https"))
        {
            throw new LabFileException(demand.Place, LabTerm.SecureScheme, new LabFound(LabFoundKind.PlainScheme));
        }
        var pages = ReadPages();
        foreach (var scheme in schemes)
        {
            var secure = scheme.Value == "https";
            if (secure && names.Count == 0)
            {
                throw new LabFileException(scheme.Place, LabTerm.CertificateNames, new LabFound(LabFoundKind.NoCertificateName));
            }
            services.Add(
                new WebService(
                    scheme.Place, secure, port ?? (secure ? HttpsPort : HttpPort), names, secure ? flaw : CertificateFlaw.None, pages,
                    delay, pace)
                { CertifiedClients = secure && certified is not null });
        }
    }

    private FtpService ReadFtp(LabPlace place)
    {
        var (port, delay) = (FtpPort, 0L);
        var accounts = new List<AccountDefinition>();
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "delay" or "account" })
        {
            switch (tokens.Next().Value)
            {
                case "port": port = TakePort(); break;
                case "delay": delay = TakeTime(); break;
                default: accounts.Add(TakeAccount()); break;
            }
        }
        var (files, writable) = (new List<FileDefinition>(), new List<string>());
        Take(LabTokenKind.OpenBrace, LabTerm.Pages);
        while (!TryTake(LabTokenKind.CloseBrace))
        {
            var path = TakeWord(LabTerm.PathOrEnd);
            if (path.Value[0] != '/') { throw Expected(path, LabTerm.Path); }
            if (TryTakeKeyword("writable")) { writable.Add(path.Value); }
            else { files.Add(new FileDefinition(path.Value, ReadContent(LabTerm.Content))); }
        }
        return new FtpService(place, port, accounts, files, writable, delay);
    }

    private MailService ReadMail(LabPlace place)
    {
        var (port, delay, size) = (MailPort, 0L, DefaultMailSize);
        var accounts = new List<AccountDefinition>();
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "delay" or "size" or "account" })
        {
            switch (tokens.Next().Value)
            {
                case "port": port = TakePort(); break;
                case "delay": delay = TakeTime(); break;
                case "size": size = TakeSize(LabTerm.PageSize); break;
                default: accounts.Add(TakeAccount()); break;
            }
        }
        TakeKeyword("for");
        var domains = new List<string>();
        do { domains.Add(TakeName(LabTerm.DomainName).Value); } while (TryTake(LabTokenKind.Comma));
        return new MailService(place, port, domains, accounts, Math.Min(size, MostMailSize), delay);
    }

    private NewsService ReadNews(LabPlace place)
    {
        var (port, delay) = (NewsPort, 0L);
        var (accounts, names) = (new List<AccountDefinition>(), new List<string>());
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "delay" or "for" or "account" })
        {
            switch (tokens.Next().Value)
            {
                case "port": port = TakePort(); break;
                case "delay": delay = TakeTime(); break;
                case "for": do { names.Add(TakeName(LabTerm.DomainName).Value); } while (TryTake(LabTokenKind.Comma)); break;
                default: accounts.Add(TakeAccount()); break;
            }
        }
        if (port == SecureNewsPort && names.Count == 0)
        {
            throw new LabFileException(place, LabTerm.CertificateNames, new LabFound(LabFoundKind.NoCertificateName));
        }
        var groups = new List<NewsGroupDefinition>();
        Take(LabTokenKind.OpenBrace, LabTerm.Pages);
        while (!TryTake(LabTokenKind.CloseBrace))
        {
            var name = TakeName(LabTerm.DomainName).Value;
            var isReadOnly = TryTakeKeyword("readonly");
            var articles = new List<NewsArticleDefinition>();
            while (tokens.Peek() is { Kind: LabTokenKind.Text } or { Kind: LabTokenKind.Word, Value: "from" or "base64" })
            {
                articles.Add(new NewsArticleDefinition(ReadContent(LabTerm.Content)));
            }
            groups.Add(new NewsGroupDefinition(name, isReadOnly, articles));
        }
        return new NewsService(place, port, names, accounts, groups, delay);
    }

    private ProxyService ReadProxy(LabPlace place, LabProxyKind kind, ushort port)
    {
        var delay = 0L;
        AccountDefinition? account = null;
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "delay" or "account" })
        {
            switch (tokens.Next().Value)
            {
                case "port": port = TakePort(); break;
                case "delay": delay = TakeTime(); break;
                default: account = TakeAccount(); break;
            }
        }
        return new ProxyService(place, kind, port, account, delay);
    }

    private AccountDefinition TakeAccount() => new(Take(LabTokenKind.Text, LabTerm.Content).Value, Take(LabTokenKind.Text, LabTerm.Content).Value);

    private CertificateFlaw ReadFlaw((string Word, CertificateFlaw Flaw)[] known)
    {
        string[] words = [.. known.Select(static flaw => flaw.Word)];
        var word = TakeWord(LabTerm.OneOf, words);
        var flaw = known.FirstOrDefault(flaw => flaw.Word == word.Value);
        return flaw.Word is not null ? flaw.Flaw : throw Expected(word, LabTerm.OneOf, words);
    }

    private List<PageDefinition> ReadPages()
    {
        var pages = new List<PageDefinition>();
        if (tokens.Peek().Kind == LabTokenKind.Text || tokens.Peek() is { Kind: LabTokenKind.Word, Value: "from" or "base64" })
        {
            pages.Add(new ContentPage("/index.html", ReadContent(LabTerm.Content)));
            return pages;
        }
        Take(LabTokenKind.OpenBrace, LabTerm.Pages);
        while (!TryTake(LabTokenKind.CloseBrace)) { pages.Add(ReadPage()); }
        return pages;
    }

    private PageDefinition ReadPage()
    {
        var path = TakeWord(LabTerm.PathOrEnd);
        if (path.Value[0] != '/') { throw Expected(path, LabTerm.Path); }
        var file = path.Value.EndsWith('/') ? path.Value + "index.html" : path.Value;
        var account = TryTakeKeyword("account") ? TakeAccount() : null;
        var page = path.Value.EndsWith('/') && TryTakeKeyword("writable") ? new WritablePage(path.Value) : ReadPage(file);
        return page with { Account = account };
    }

    private PageDefinition ReadPage(string file)
    {
        if (TryTakeKeyword("form")) { return new FormPage(file); }
        if (TryTakeKeyword("endless")) { return new EndlessPage(file); }
        if (TryTakeKeyword("size")) { return new SizedPage(file, TakeSize(LabTerm.PageSize)); }
        if (TryTakeKeyword("identity")) { return ReadIdentity(file); }
        if (!TryTakeKeyword("redirect")) { return new ContentPage(file, ReadContent(LabTerm.Page)); }
        var location = Take(LabTokenKind.Text, LabTerm.RedirectTarget).Value;
        return new RedirectPage(file, location, IsNumber(tokens.Peek()) ? ReadStatus() : DefaultRedirect);
    }

    // RFC 5280 appendix A.1: ub-common-name.
    private const int MostNameLength = 64;

    private IdentityPage ReadIdentity(string file)
    {
        var name = Take(LabTokenKind.Text, LabTerm.IdentityName, $"{MostNameLength}");
        if (name.Value.Length is 0 or > MostNameLength || name.Value.Any(char.IsControl)) { throw Expected(name, LabTerm.IdentityName, $"{MostNameLength}"); }
        // Behind it stands the next page's path, or a flaw.
        var isFlawed = tokens.Peek() is { Kind: LabTokenKind.Word } next && next.Value[0] != '/';
        return new IdentityPage(file, name.Value, isFlawed ? ReadFlaw(LabWords.IdentityFlaws) : CertificateFlaw.None);
    }

    private int ReadStatus()
    {
        var word = tokens.Peek();
        var status = (int)TakeNumber(LabTerm.OneOf, 308);
        return status is 301 or 302 or 303 or 307 or 308 ? status : throw Expected(word, LabTerm.OneOf, "301", "302", "303", "307", "308");
    }

    private byte[] ReadContent(LabTerm expected)
    {
        if (TryTakeKeyword("from")) { return TakeFile(); }
        if (!TryTakeKeyword("base64")) { return Encoding.UTF8.GetBytes(Take(LabTokenKind.Text, expected).Value + "\n"); }
        var data = Take(LabTokenKind.Text, LabTerm.QuotedBase64);
        var bytes = new byte[data.Value.Length];
        return Convert.TryFromBase64String(data.Value, bytes, out var length) ? bytes[..length] : throw Expected(data, LabTerm.Base64);
    }

    private long ReadDelay() => TryTakeKeyword("delay") ? TakeTime() : 0;
}
