using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Tls;

namespace Firstbyte.Labs;

/// <summary>Something that a host serves.</summary>
/// <param name="Place">Where the lab says so; no part of its value.</param>
public abstract record ServiceDefinition(LabPlace Place);

/// <summary>An authoritative DNS server's zone. All zones of a host are served by one server, which is as slow as its slowest.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Zone">The data.</param>
/// <param name="DelayNanoseconds">How long the server thinks before it answers.</param>
public sealed record ZoneService(LabPlace Place, Zone Zone, long DelayNanoseconds = 0) : ServiceDefinition(Place);

/// <summary>A recursive resolver for clients.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="DelayNanoseconds">How long it thinks before it looks for an answer.</param>
public sealed record ResolverService(LabPlace Place, long DelayNanoseconds = 0) : ServiceDefinition(Place)
{
    /// <summary>Trust anchors: DS or DNSKEY records. With any it validates.</summary>
    public IReadOnlyList<DnsRecord> Trusted { get; init; } = [];
}

/// <summary>A web server, plain or over TLS.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Secure">https.</param>
/// <param name="Port">The port.</param>
/// <param name="Names">The names of its certificate.</param>
/// <param name="Flaw">What is wrong with its certificate, on purpose.</param>
/// <param name="Pages">What it answers.</param>
/// <param name="DelayNanoseconds">How long it thinks before it answers.</param>
/// <param name="BytesPerSecond">How fast it makes its pages; 0 is at once.</param>
public sealed record WebService(
    LabPlace Place, bool Secure, ushort Port, IReadOnlyList<string> Names, CertificateFlaw Flaw, IReadOnlyList<PageDefinition> Pages,
    long DelayNanoseconds = 0, long BytesPerSecond = 0) : ServiceDefinition(Place)
{
    /// <summary>Whether it lets in those alone who show a certificate of the lab's authority (https).</summary>
    public bool CertifiedClients { get; init; }
}

/// <summary>An FTP server.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Port">The port.</param>
/// <param name="Accounts">Who is let in; with none, whoever calls himself anonymous.</param>
/// <param name="Files">What it has.</param>
/// <param name="Writable">The directories below which files may be stored.</param>
/// <param name="DelayNanoseconds">How long it thinks before it answers a command.</param>
public sealed record FtpService(
    LabPlace Place, ushort Port, IReadOnlyList<AccountDefinition> Accounts, IReadOnlyList<FileDefinition> Files, IReadOnlyList<string> Writable,
    long DelayNanoseconds = 0) : ServiceDefinition(Place);

/// <summary>A mail server, and over TLS where its port is that of submissions (465); it offers STARTTLS elsewhere.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Port">The port.</param>
/// <param name="Domains">The domains whose mail ends there; its certificate is for them, and for "mail" in each.</param>
/// <param name="Accounts">Who may hand mail in; with none, whoever likes.</param>
/// <param name="MaximumSize">Bytes of a message at most.</param>
/// <param name="DelayNanoseconds">How long it thinks before it answers a command.</param>
public sealed record MailService(
    LabPlace Place, ushort Port, IReadOnlyList<string> Domains, IReadOnlyList<AccountDefinition> Accounts, long MaximumSize, long DelayNanoseconds = 0)
    : ServiceDefinition(Place);

/// <summary>A news server; over TLS on port 563, with STARTTLS elsewhere where it has a name for its certificate.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Port">The port.</param>
/// <param name="Names">The names of its certificate; none for a server without TLS.</param>
/// <param name="Accounts">Who is let in; with none, whoever likes.</param>
/// <param name="Groups">What it has.</param>
/// <param name="DelayNanoseconds">How long it thinks before it answers a command.</param>
public sealed record NewsService(
    LabPlace Place, ushort Port, IReadOnlyList<string> Names, IReadOnlyList<AccountDefinition> Accounts, IReadOnlyList<NewsGroupDefinition> Groups,
    long DelayNanoseconds = 0) : ServiceDefinition(Place);

/// <summary>A group of a news server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReadOnly">Nobody posts to it.</param>
/// <param name="Articles">Its articles; Newsgroups is added to each that does not have it.</param>
public sealed record NewsGroupDefinition(string Name, bool IsReadOnly, IReadOnlyList<NewsArticleDefinition> Articles);

/// <summary>An article of a news server.</summary>
public sealed record NewsArticleDefinition([property: JsonConverter(typeof(LabContentJsonConverter))] byte[] Content);

/// <summary>A proxy.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Port">The port.</param>
/// <param name="Account">Who is let in; null for everybody.</param>
/// <param name="DelayNanoseconds">How long it thinks before it answers a request (HTTP).</param>
public sealed record ProxyService(LabPlace Place, LabProxyKind Kind, ushort Port, AccountDefinition? Account, long DelayNanoseconds = 0)
    : ServiceDefinition(Place);

/// <summary>How a proxy of a lab is spoken to.</summary>
public enum LabProxyKind : byte
{
    /// <summary>HTTP, with CONNECT.</summary>
    Http,

    /// <summary>SOCKS 4, 4A and 5.</summary>
    Socks,
}

/// <summary>An attacker's program: it forges answers to a resolver's questions for a name.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Name">The name.</param>
/// <param name="Answer">The address that the victim is to believe in.</param>
/// <param name="Resolver">The victim.</param>
/// <param name="Guess">In whose name it guesses; null when it listens and need not guess.</param>
public sealed record ForgerService(LabPlace Place, DnsName Name, IpAddress Answer, IpAddress Resolver, GuessedSender? Guess) : ServiceDefinition(Place);

/// <summary>A server that an attacker pretends to be, and how many answers a second it sends.</summary>
public sealed record GuessedSender(IpAddress Server, long PacketsPerSecond);

/// <summary>What a web server answers for a path.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "page")]
[JsonDerivedType(typeof(ContentPage), "content")]
[JsonDerivedType(typeof(SizedPage), "sized")]
[JsonDerivedType(typeof(RedirectPage), "redirect")]
[JsonDerivedType(typeof(FormPage), "form")]
[JsonDerivedType(typeof(EndlessPage), "endless")]
[JsonDerivedType(typeof(WritablePage), "writable")]
[JsonDerivedType(typeof(IdentityPage), "identity")]
public abstract record PageDefinition(string Path)
{
    /// <summary>Who is let in; null for everybody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AccountDefinition? Account { get; init; }
}

/// <summary>Who is let in by a server.</summary>
public sealed record AccountDefinition(string User, string Password);

/// <summary>A page with content.</summary>
public sealed record ContentPage(string Path, [property: JsonConverter(typeof(LabContentJsonConverter))] byte[] Content) : PageDefinition(Path);

/// <summary>A page of so many bytes, of which only the number matters.</summary>
public sealed record SizedPage(string Path, long Bytes) : PageDefinition(Path);

/// <summary>A redirect.</summary>
public sealed record RedirectPage(string Path, string Location, int Status) : PageDefinition(Path);

/// <summary>A page that takes a form, and answers with what it has understood of it.</summary>
public sealed record FormPage(string Path) : PageDefinition(Path);

/// <summary>A response whose body never ends.</summary>
public sealed record EndlessPage(string Path) : PageDefinition(Path);

/// <summary>A certificate that the lab's authority issues to somebody, with its key, as one PEM file.</summary>
/// <param name="Path">Where it is fetched.</param>
/// <param name="Name">Whose it is.</param>
/// <param name="Flaw">What is wrong with it, on purpose.</param>
public sealed record IdentityPage(string Path, string Name, CertificateFlaw Flaw = CertificateFlaw.None) : PageDefinition(Path);

/// <summary>A directory below which PUT, POST and DELETE keep and remove files. Its path ends in '/'.</summary>
public sealed record WritablePage(string Path) : PageDefinition(Path);
