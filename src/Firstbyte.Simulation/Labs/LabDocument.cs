using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>A lab as its JSON shows it: the same as the definition, with zones as the lines of their records and without places in a file.</summary>
internal sealed record LabDocument(
    string Title,
    ulong Seed,
    string Client,
    IReadOnlyList<SubnetDefinition> Subnets,
    IReadOnlyList<RouterDocument> Routers,
    IReadOnlyList<HostDocument> Hosts,
    IReadOnlyList<LinkDefinition> Links,
    IReadOnlyList<Happening> Happenings,
    IReadOnlyList<NameChangeDocument> NameChanges,
    IReadOnlyList<LabTitle> Titles)
{
    public static LabDocument Of(LabDefinition lab) =>
        new(
            lab.Title, lab.Seed, lab.Client, lab.Subnets, [.. lab.Routers.Select(RouterDocument.Of)], [.. lab.Hosts.Select(HostDocument.Of)],
            lab.Links, lab.Happenings, [.. lab.NameChanges.Select(NameChangeDocument.Of)], lab.Titles);
}

/// <param name="AtNanoseconds">When.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Record">The only record of this type that the name has from then on; null when it has none.</param>
internal sealed record NameChangeDocument(long AtNanoseconds, string Zone, string Name, string Type, string? Record)
{
    public static NameChangeDocument Of(NameChange change) =>
        new(change.AtNanoseconds, change.Origin.ToString(), change.Owner.ToString(), change.Type.ToString(), (change as NameSetting)?.Record.ToString());
}

internal sealed record RouterDocument(
    string Name, IReadOnlyList<InterfaceDefinition> Interfaces, RouterSettingsDocument Settings, IReadOnlyList<StaticRoute> Routes)
{
    public static RouterDocument Of(RouterDefinition router) =>
        new(router.Name, router.Interfaces, RouterSettingsDocument.Of(router.Settings), router.Routes);
}

internal sealed record RouterSettingsDocument(bool Rip, bool Advertises, string? NatOutside, IReadOnlyList<PoolDocument>? Pools)
{
    public static RouterSettingsDocument Of(RouterSettings settings) =>
        new(settings.Rip, settings.Advertises, settings.NatOutside, settings.Pools?.Select(PoolDocument.Of).ToArray());
}

internal sealed record PoolDocument(
    string Subnet, IpAddress First, IpAddress Last, IReadOnlyList<IpAddress>? NameServers, string? DomainName, long? LeaseNanoseconds)
{
    public static PoolDocument Of(AddressPool pool) =>
        new(pool.Subnet, pool.First, pool.Last, pool.NameServers, pool.DomainName, pool.LeaseTime?.ToNanoseconds());
}

internal sealed record HostDocument(
    string Name,
    IReadOnlyList<InterfaceDefinition> Interfaces,
    IReadOnlyList<IpAddress> Gateways,
    IReadOnlyList<StaticRoute> Routes,
    IReadOnlyList<IpAddress> Nameservers,
    IReadOnlyList<ServiceDocument> Services,
    IReadOnlyList<FileDefinition> Files,
    PortRange? Ports)
{
    public static HostDocument Of(HostDefinition host) =>
        new(host.Name, host.Interfaces, host.Gateways, host.Routes, host.Nameservers, [.. host.Services.Select(ServiceDocument.Of)],
        host.Files, host.Ports);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "service")]
[JsonDerivedType(typeof(ZoneDocument), "zone")]
[JsonDerivedType(typeof(ResolverDocument), "resolver")]
[JsonDerivedType(typeof(WebDocument), "web")]
[JsonDerivedType(typeof(FtpDocument), "ftp")]
[JsonDerivedType(typeof(MailDocument), "mail")]
[JsonDerivedType(typeof(NewsDocument), "news")]
[JsonDerivedType(typeof(ProxyDocument), "proxy")]
[JsonDerivedType(typeof(ForgerDocument), "forger")]
internal abstract record ServiceDocument
{
    public static ServiceDocument Of(ServiceDefinition service) => service switch
    {
        ZoneService zone => new ZoneDocument(
            zone.Zone.Origin.ToString(),
                [.. zone.Zone.Sets.SelectMany(static set => set.Records).Select(static record => record.ToString())],
                zone.DelayNanoseconds),
        ResolverService resolver => new ResolverDocument(
            resolver.DelayNanoseconds, resolver.Trusted is [] ? null : [.. resolver.Trusted.Select(static record => record.ToString())]),
        WebService web => new WebDocument(web.Secure ? "https" : "http", web.Port, web.Names, web.Flaw, web.Pages, web.DelayNanoseconds, web.BytesPerSecond,
            web.CertifiedClients ? true : null),
        FtpService ftp => new FtpDocument(ftp.Port, ftp.Accounts, ftp.Files, ftp.Writable, ftp.DelayNanoseconds),
        MailService mail => new MailDocument(mail.Port, mail.Domains, mail.Accounts, mail.MaximumSize, mail.DelayNanoseconds),
        NewsService news => new NewsDocument(news.Port, news.Names, news.Accounts, news.Groups, news.DelayNanoseconds),
        ProxyService proxy => new ProxyDocument(proxy.Kind == LabProxyKind.Http ? "http" : "socks", proxy.Port, proxy.Account, proxy.DelayNanoseconds),
        ForgerService forger => new ForgerDocument(forger.Name.ToString(), forger.Answer, forger.Resolver, forger.Guess),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "no service of this kind"),
    };
}

internal sealed record ZoneDocument(string Origin, IReadOnlyList<string> Records, long DelayNanoseconds) : ServiceDocument;

internal sealed record ResolverDocument(long DelayNanoseconds, IReadOnlyList<string>? Trusted) : ServiceDocument;

internal sealed record ForgerDocument(string Name, IpAddress Answer, IpAddress Resolver, GuessedSender? Guess) : ServiceDocument;

internal sealed record ProxyDocument(string Kind, ushort Port, AccountDefinition? Account, long DelayNanoseconds) : ServiceDocument;

internal sealed record MailDocument(
    ushort Port, IReadOnlyList<string> Domains, IReadOnlyList<AccountDefinition> Accounts, long MaximumSize, long DelayNanoseconds) : ServiceDocument;

internal sealed record NewsDocument(
    ushort Port, IReadOnlyList<string> Names, IReadOnlyList<AccountDefinition> Accounts, IReadOnlyList<NewsGroupDefinition> Groups,
        long DelayNanoseconds) : ServiceDocument;

internal sealed record FtpDocument(
    ushort Port, IReadOnlyList<AccountDefinition> Accounts, IReadOnlyList<FileDefinition> Files, IReadOnlyList<string> Writable,
        long DelayNanoseconds) : ServiceDocument;

internal sealed record WebDocument(
    string Scheme, ushort Port, IReadOnlyList<string> Names, CertificateFlaw Flaw, IReadOnlyList<PageDefinition> Pages,
        long DelayNanoseconds, long BytesPerSecond, bool? CertifiedClients) : ServiceDocument;
