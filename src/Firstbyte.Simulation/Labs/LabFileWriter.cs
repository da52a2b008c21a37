using System.Globalization;
using System.Text;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>
/// Writes a lab as a file. What the reader would assume is left out; times, rates and addresses are written so that reading gives the same
/// value.
/// </summary>
internal sealed class LabFileWriter
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StringBuilder _text = new();

    public string Write(LabDefinition lab)
    {
        _text.Append(CultureInfo.InvariantCulture, $"lab {LabWords.Quote(lab.Title)} seed {lab.Seed} client {lab.Client}\n");
        foreach (var title in lab.Titles) { _text.Append(CultureInfo.InvariantCulture, $"  title {title.Language} {LabWords.Quote(title.Text)}\n"); }
        _text.Append('\n');
        foreach (var subnet in lab.Subnets)
        {
            _text.Append(CultureInfo.InvariantCulture, $"subnet {subnet.Name} {string.Join(' ', subnet.Prefixes)} {Word(subnet.Kind)}\n");
        }
        foreach (var box in lab.Subnets.SelectMany(static subnet => subnet.Boxes))
        {
            _text.Append(CultureInfo.InvariantCulture, $"{Word(box.Kind)} {box.Name} in {box.Uplink}\n");
        }
        _text.Append('\n');
        foreach (var router in lab.Routers) { WriteRouter(router); }
        _text.Append('\n');
        foreach (var host in lab.Hosts) { WriteHost(host, lab.Routers); }
        _text.Append('\n');
        foreach (var link in lab.Links) { WriteLink(link); }
        foreach (var happening in lab.Happenings) { WriteHappening(happening); }
        foreach (var change in lab.NameChanges)
        {
            var word = change is NameSetting ? "set" : "unset";
            _text.Append($"at {LabQuantity.Time(change.AtNanoseconds)} {word} {LabWords.Quote(change.Origin.ToString())} ");
            _text.Append(change is NameSetting setting ? setting.Record.ToString() : $"{change.Owner} {change.Type}").Append('\n');
        }
        return _text.ToString();
    }

    private void WriteRouter(RouterDefinition router)
    {
        _text.Append("router ").Append(router.Name);
        WritePlugs(router.Interfaces);
        if (router.Settings.Rip) { _text.Append(" rip"); }
        if (router.Settings.Advertises) { _text.Append(" advertise"); }
        if (router.Settings.NatOutside is { } outside) { _text.Append(" nat ").Append(outside); }
        foreach (var pool in router.Settings.Pools ?? []) { WritePool(pool); }
        WriteRoutes(router.Routes);
        _text.Append('\n');
    }

    private void WritePool(AddressPool pool)
    {
        _text.Append(CultureInfo.InvariantCulture, $" dhcp {pool.Subnet} {pool.First}..{pool.Last}");
        if (pool.NameServers is { Count: > 0 } servers) { _text.Append(" nameserver ").AppendJoin(' ', servers); }
        if (pool.DomainName is { } domain) { _text.Append(" domain ").Append(domain); }
        if (pool.LeaseTime is { } time) { _text.Append(" lease ").Append(Time(time)); }
    }

    private void WriteRoutes(IReadOnlyList<StaticRoute> routes)
    {
        foreach (var route in routes) { _text.Append(CultureInfo.InvariantCulture, $" route {route.Prefix} via {route.Via}"); }
    }

    private static string Word(SubnetKind kind) => kind == SubnetKind.Hub ? "hub" : "switch";

    private void WritePlugs(IReadOnlyList<InterfaceDefinition> plugs)
    {
        var separator = " on ";
        foreach (var plug in plugs)
        {
            _text.Append(separator).Append(plug.Box ?? plug.Subnet);
            if (plug.UsesDhcp) { _text.Append(" dhcp"); }
            foreach (var address in plug.Addresses) { _text.Append(' ').Append(address); }
            separator = ", ";
        }
    }

    private void WriteHost(HostDefinition host, IReadOnlyList<RouterDefinition> routers)
    {
        _text.Append("host ").Append(host.Name);
        WritePlugs(host.Interfaces);
        foreach (var router in Gateways(host, routers)) { _text.Append(" gateway ").Append(router); }
        WriteRoutes(host.Routes);
        if (host.Nameservers.Count > 0) { _text.Append(" nameserver ").AppendJoin(' ', host.Nameservers); }
        if (host.Ports is { } ports) { _text.Append(CultureInfo.InvariantCulture, $" ports {ports.First}..{ports.Last}"); }
        _text.Append('\n');
        foreach (var file in host.Files) { _text.Append("  file ").Append(file.Path).Append(' ').Append(Content(file.Content)).Append('\n'); }
        foreach (var service in host.Services) { WriteService(service); }
    }

    /// <summary>A router's name stands for all its addresses on the host's subnets, in their order; what is not all of them stands as it is.</summary>
    private static IEnumerable<string> Gateways(HostDefinition host, IReadOnlyList<RouterDefinition> routers)
    {
        for (var at = 0; at < host.Gateways.Count;)
        {
            var router = routers.FirstOrDefault(router => router.Interfaces.Any(plug => plug.Addresses.Contains(host.Gateways[at])));
            var all = router?.Interfaces.Where(plug => host.Interfaces.Any(own => own.Subnet == plug.Subnet))
                .SelectMany(static plug => plug.Addresses).ToArray() ?? [];
            var isWhole = all.Length > 0 && host.Gateways.Skip(at).Take(all.Length).SequenceEqual(all);
            yield return isWhole ? router!.Name : $"{host.Gateways[at]}";
            at += isWhole ? all.Length : 1;
        }
    }

    private void WriteService(ServiceDefinition service)
    {
        _text.Append(service is ForgerService ? "  forges " : "  serves ");
        switch (service)
        {
            case ResolverService resolver:
                _text.Append("resolver");
                WriteDelay(resolver.DelayNanoseconds);
                foreach (var record in resolver.Trusted) { _text.Append(" trusts ").Append(LabWords.Quote($"{record}")); }
                _text.Append('\n');
                break;
            case ZoneService zone:
                _text.Append("dns");
                WriteDelay(zone.DelayNanoseconds);
                _text.Append(" zone ").Append(LabWords.Quote(zone.Zone.Origin.ToString())).Append(" {\n");
                foreach (var record in zone.Zone.Sets.SelectMany(static set => set.Records)) { _text.Append("    ").Append(record).Append('\n'); }
                _text.Append("  }\n");
                break;
            case WebService web: WriteWeb(web); break;
            case FtpService ftp: WriteFtp(ftp); break;
            case MailService mail:
                _text.Append(CultureInfo.InvariantCulture, $"mail port {mail.Port} size {LabQuantity.Size(mail.MaximumSize)}");
                WriteDelay(mail.DelayNanoseconds);
                foreach (var one in mail.Accounts)
                {
                    _text.Append(" account ").Append(LabWords.Quote(one.User)).Append(' ').Append(LabWords.Quote(one.Password));
                }
                _text.Append(" for ").AppendJoin(", ", mail.Domains).Append('\n');
                break;
            case NewsService news: WriteNews(news); break;
            case ProxyService proxy:
                _text.Append(CultureInfo.InvariantCulture, $"{(proxy.Kind == LabProxyKind.Http ? "proxy" : "socks")} port {proxy.Port}");
                WriteDelay(proxy.DelayNanoseconds);
                if (proxy.Account is { } account)
                {
                    _text.Append(" account ").Append(LabWords.Quote(account.User)).Append(' ').Append(LabWords.Quote(account.Password));
                }
                _text.Append('\n');
                break;
            case ForgerService forger:
                _text.Append(CultureInfo.InvariantCulture, $"{LabWords.Quote(forger.Name.ToString())} as {forger.Answer} to {forger.Resolver} by ");
                _text.Append(forger.Guess is { } guess ? $"guessing from {guess.Server} rate {guess.PacketsPerSecond}\n" : "listening\n");
                break;
            default: throw new ArgumentOutOfRangeException(nameof(service), service, "no service of this kind");
        }
    }

    private void WriteWeb(WebService web)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{(web.Secure ? "https" : "http")} port {web.Port}");
        if (web.Names.Count > 0) { _text.Append(" for ").AppendJoin(", ", web.Names); }
        if (web.Flaw != CertificateFlaw.None) { _text.Append(" certificate ").Append(WordOf(web.Flaw)); }
        if (web.CertifiedClients) { _text.Append(" certified-clients"); }
        WriteDelay(web.DelayNanoseconds);
        if (web.BytesPerSecond > 0) { _text.Append(" pace ").Append(LabQuantity.Size(web.BytesPerSecond)); }
        _text.Append(" {\n");
        foreach (var page in web.Pages)
        {
            _text.Append("    ").Append(page.Path).Append(' ');
            if (page.Account is { } account)
            {
                _text.Append("account ").Append(LabWords.Quote(account.User)).Append(' ').Append(LabWords.Quote(account.Password)).Append(' ');
            }
            _text.Append(page switch
            {
                ContentPage content => Content(content.Content),
                SizedPage sized => "size " + LabQuantity.Size(sized.Bytes),
                RedirectPage redirect => $"redirect {LabWords.Quote(redirect.Location)} {redirect.Status}",
                FormPage => "form",
                WritablePage => "writable",
                IdentityPage identity =>
                    $"identity {LabWords.Quote(identity.Name)}{(identity.Flaw == CertificateFlaw.None ? "" : $" {WordOf(identity.Flaw)}")}",
                _ => "endless",
            }).Append('\n');
        }
        _text.Append("  }\n");
    }

    private static string WordOf(CertificateFlaw flaw) => LabWords.Flaws.First(known => known.Flaw == flaw).Word;

    private void WriteNews(NewsService news)
    {
        _text.Append(CultureInfo.InvariantCulture, $"news port {news.Port}");
        WriteDelay(news.DelayNanoseconds);
        foreach (var account in news.Accounts)
        {
            _text.Append(" account ").Append(LabWords.Quote(account.User)).Append(' ').Append(LabWords.Quote(account.Password));
        }
        if (news.Names.Count > 0) { _text.Append(" for ").AppendJoin(", ", news.Names); }
        _text.Append(" {\n");
        foreach (var group in news.Groups)
        {
            _text.Append("    ").Append(group.Name).Append(group.IsReadOnly ? " readonly" : "");
            foreach (var article in group.Articles) { _text.Append(' ').Append(Content(article.Content)); }
            _text.Append('\n');
        }
        _text.Append("  }\n");
    }

    private void WriteFtp(FtpService ftp)
    {
        _text.Append(CultureInfo.InvariantCulture, $"ftp port {ftp.Port}");
        WriteDelay(ftp.DelayNanoseconds);
        foreach (var account in ftp.Accounts)
        {
            _text.Append(" account ").Append(LabWords.Quote(account.User)).Append(' ').Append(LabWords.Quote(account.Password));
        }
        _text.Append(" {\n");
        foreach (var file in ftp.Files) { _text.Append("    ").Append(file.Path).Append(' ').Append(Content(file.Content)).Append('\n'); }
        foreach (var path in ftp.Writable) { _text.Append("    ").Append(path).Append(" writable\n"); }
        _text.Append("  }\n");
    }

    private void WriteDelay(long nanoseconds)
    {
        if (nanoseconds > 0) { _text.Append(" delay ").Append(LabQuantity.Time(nanoseconds)); }
    }

    private void WriteLink(LinkDefinition link)
    {
        if (link.Up == link.Down) { WriteDirection(link.Name, "", link.Up); }
        else
        {
            WriteDirection(link.Name, " up", link.Up);
            WriteDirection(link.Name, " down", link.Down);
        }
    }

    private void WriteDirection(string name, string direction, WireSettings settings) =>
        _text.Append("link ").Append(name).Append(direction).Append(' ').Append(Settings(settings)).Append('\n');

    /// <summary>A cable's settings. What is not said would be what was said before: all are, unless it is known what that was.</summary>
    /// <param name="settings">All of them.</param>
    /// <param name="own">Those that it has else: then only what differs from them is said, or all where nothing does.</param>
    public static string Settings(WireSettings settings, WireSettings? own = null)
    {
        if (settings == own) { own = null; }
        var text = new List<string>();
        Say(settings.Latency != own?.Latency, $"latency {Time(settings.Latency)}");
        Say(settings.Jitter != own?.Jitter, $"jitter {Time(settings.Jitter)}");
        // Without a number there is no limit, which is what a cable has that says nothing.
        Say(settings.BitsPerSecond != (own?.BitsPerSecond ?? 0), $"rate {LabQuantity.Rate(settings.BitsPerSecond)}");
        Say(settings.QueueBytes != (own?.QueueBytes ?? 0), $"queue {LabQuantity.Size(settings.QueueBytes)}");
        Say(settings.LossMillionths != own?.LossMillionths, $"loss {LabQuantity.Share(settings.LossMillionths)}");
        Say(settings.DuplicateMillionths != own?.DuplicateMillionths, $"duplicate {LabQuantity.Share(settings.DuplicateMillionths)}");
        Say((settings.ReorderMillionths, settings.ReorderDelay) != (own?.ReorderMillionths, own?.ReorderDelay),
            $"reorder {LabQuantity.Share(settings.ReorderMillionths)} by {Time(settings.ReorderDelay)}");
        Say(settings.CorruptMillionths != own?.CorruptMillionths, $"corrupt {LabQuantity.Share(settings.CorruptMillionths)}");
        Say(settings.Mtu != own?.Mtu, string.Create(CultureInfo.InvariantCulture, $"mtu {settings.Mtu}"));
        return string.Join(' ', text);

        void Say(bool isSaid, string words)
        {
            if (isSaid) { text.Add(words); }
        }
    }

    private void WriteHappening(Happening happening)
    {
        _text.Append(happening.LatestNanoseconds is { } latest
            ? $"within {LabQuantity.Time(happening.AtNanoseconds)}..{LabQuantity.Time(latest)} "
            : $"at {LabQuantity.Time(happening.AtNanoseconds)} ");
        _text.Append(FaultText.Of(happening.Fault));
        if (happening.ForNanoseconds is { } length) { _text.Append(" for ").Append(LabQuantity.Time(length)); }
        _text.Append('\n');
    }

    private static string Time(TimeSpan time) => LabQuantity.Time(time.ToNanoseconds());

    /// <summary>
    /// A text in quotes where that gives the same bytes: it ends with a line end and holds no control characters but those that have an
    /// escape.
    /// </summary>
    private static string Content(byte[] content)
    {
        try
        {
            var text = Strict.GetString(content);
            if (text.EndsWith('\n') && !text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) { return LabWords.Quote(text[..^1]); }
        }
        catch (DecoderFallbackException)
        {
            // Not text: it is written as data below.
        }
        return $"base64 \"{Convert.ToBase64String(content)}\"";
    }
}
