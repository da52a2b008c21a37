using Firstbyte.Exports;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what a lab is made of: subnets with all that is plugged into them, and what goes wrong.</summary>
public static class LabStory
{
    /// <param name="rows">Where to.</param>
    /// <param name="language">In which words.</param>
    /// <param name="lab">Which.</param>
    /// <param name="showsPasswords">
    /// Whether passwords stand there: those of a lab that everybody has are no secret, a lab of one's own may have real ones.
    /// </param>
    public static void Tell(IRowSink rows, Language language, LabDefinition lab, bool showsPasswords)
    {
        var words = language.Labs;
        rows.Result(language.Labels.Lab, Phrase.Of(lab.TitleIn(language.Tag), Role.Text), role: Role.Strong);
        rows.Result(words.SeedLabel, $"{lab.Seed}");
        foreach (var subnet in lab.Subnets)
        {
            rows.Result(words.SubnetLabel, words.Subnet(subnet.Name, string.Join(" ", subnet.Prefixes), subnet.Kind));
            foreach (var box in subnet.Boxes) { rows.ResultDetail(words.Box(box.Kind, box.Name, box.Uplink)); }
            foreach (var router in lab.Routers)
            {
                foreach (var plug in router.Interfaces.Where(i => i.Subnet == subnet.Name))
                {
                    rows.ResultDetail(
                        words.Router(
                            router.Name, string.Join(" ", plug.Addresses), router.Settings.NatOutside == plug.Subnet, router.Settings.Rip,
                            Pool(router, plug)));
                }
            }
            foreach (var host in lab.Hosts.Where(h => h.Interfaces[0].Subnet == subnet.Name))
            {
                var services = words.Services(host.Services.Select(service => Describe(service, words)));
                rows.ResultDetail(words.Host(host.Name, string.Join(" ", host.Interfaces.SelectMany(Addresses)), host.Name == lab.Client, services));
                var offers = host.Services.Select(service => Offer(service, words, showsPasswords)).OfType<Phrase>();
                foreach (var offer in offers.DistinctBy(static offer => offer.ToString()))
                {
                    rows.ResultDetail(offer);
                }
            }
        }
        foreach (var happening in lab.Happenings) { rows.Result(words.FaultLabel, words.Happening(happening)); }
        foreach (var change in lab.NameChanges) { rows.Result(words.NamesLabel, words.NameChange(change)); }
    }

    private static string? Pool(RouterDefinition router, InterfaceDefinition plug) =>
        router.Settings.Pools?.FirstOrDefault(pool => pool.Subnet == plug.Subnet) is { } pool ? $"{pool.First}..{pool.Last}" : null;

    private static IEnumerable<string> Addresses(InterfaceDefinition plug) =>
        plug.Addresses.Select(static address => address.ToString()).Prepend(plug.UsesDhcp ? "dhcp" : "").Where(static text => text.Length > 0);

    // What there is to ask for, and who may: enough for whoever has never seen the lab. Null where it is told already, or by what is asked itself.
    private static Phrase? Offer(ServiceDefinition service, ILabSentences words, bool showsPasswords)
    {
        AccountDefinition Shown(AccountDefinition account) => showsPasswords ? account : account with { Password = SecretText.Cover };
        Phrase Login(AccountDefinition account) => words.Login(Shown(account));
        return service switch
        {
            WebService { Pages.Count: > 0 } web => words.Offer(
                string.Join(' ', web.Names),
                web.Pages.Take(MostPages).Select(page => words.Page(page.Path, page.Account is { } account ? Shown(account) : null)),
                web.Pages.Count - MostPages),
            FtpService ftp => words.Offer(
                "", [
                    .. ftp.Accounts.Select(Login),
                    .. ftp.Files.Select(static file => file.Path).Concat(ftp.Writable).Take(MostPages).Select(path => words.Page(path, null)),
                ],
                ftp.Files.Count + ftp.Writable.Count - MostPages),
            MailService mail => words.Offer(string.Join(' ', mail.Domains), [words.Port(mail.Port), .. mail.Accounts.Select(Login)], 0),
            NewsService news => words.Offer(
                string.Join(' ', news.Names),
                [.. news.Accounts.Select(Login), .. news.Groups.Take(MostPages).Select(group => words.Page(group.Name, null))], news.Groups.Count - MostPages),
            _ => null,
        };
    }

    // A lab may have thousands (own choice: more than one reads).
    private const int MostPages = 30;

    private static Phrase Describe(ServiceDefinition service, ILabSentences words) => service switch
    {
        ZoneService zone => words.ZoneService(zone.Zone.Origin.ToString()),
        ForgerService forger => words.ForgerService(forger.Name.ToString()),
        ResolverService => words.ResolverService,
        ProxyService proxy => proxy.Kind == LabProxyKind.Http ? "proxy" : "socks",
        WebService web => web.Secure ? "https" : "http",
        _ => service.GetType().Name.Replace("Service", "", StringComparison.Ordinal).ToLowerInvariant(),
    };
}
