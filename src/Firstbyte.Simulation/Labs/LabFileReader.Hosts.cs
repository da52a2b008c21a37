using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Tls;

namespace Firstbyte.Labs;

// Hosts and what they serve.
internal sealed partial class LabFileReader
{
    // RFC 9110 4.2.1 and 4.2.2.
    private const ushort HttpPort = 80;
    private const ushort HttpsPort = 443;

    private void ReadHost()
    {
        var name = TakeNode();
        TakeKeyword("on");
        var plug = ReadInterface();
        var gateways = new List<IpAddress>();
        var nameservers = new List<IpAddress>();
        var services = new List<ServiceDefinition>();
        var files = new List<FileDefinition>();
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "gateway": ReadGateway(plug, gateways); break;
                case "nameserver": do { nameservers.Add(TakeAddress()); } while (IsAddress(tokens.Peek())); break;
                case "serves": ReadServices(services); break;
                case "file": files.Add(new FileDefinition(TakeWord("a path").Value, ReadContent("the file's content: \"text\" or from \"FILE\""))); break;
                default: throw Expected(word, "gateway, nameserver, serves or file");
            }
        }
        if (services.Find(static service => service is ResolverService) is { } resolver && services.Exists(static service => service is ZoneService))
        {
            throw new LabFileException(resolver.Place, "zones or a resolver on one host, not both", "both");
        }
        _hosts.Add(new HostDefinition(name, plug, gateways, nameservers, services, files));
    }

    /// <summary>A router's name stands for its addresses on the host's subnet.</summary>
    private void ReadGateway(InterfaceDefinition plug, List<IpAddress> gateways)
    {
        var name = TakeWord("a router's name");
        _references.Add((name, value =>
        {
            var found = _routers.Where(router => router.Name == value).SelectMany(router => router.Interfaces).Where(other => other.Subnet == plug.Subnet).SelectMany(other => other.Addresses).ToArray();
            if (found.Length == 0) { throw Expected(name, $"a router on {plug.Subnet}"); }
            gateways.AddRange(found);
        }
        ));
    }

    private void ReadServices(List<ServiceDefinition> services)
    {
        var what = TakeWord("resolver, dns, http or https");
        switch (what.Value)
        {
            case "resolver": services.Add(new ResolverService(what.Place)); break;
            case "dns": services.Add(ReadZone(what.Place)); break;
            case "http" or "https": ReadWeb(what, services); break;
            default: throw Expected(what, "resolver, dns, http or https");
        }
    }

    private ZoneService ReadZone(LabPlace place)
    {
        TakeKeyword("zone");
        var name = Take(LabTokenKind.Text, "the zone's name in quotes");
        if (!DnsName.TryParse(name.Value, out var origin)) { throw Expected(name, "a domain name"); }
        if (TryTakeKeyword("from"))
        {
            var file = tokens.Peek().Value;
            return LoadZone(place, origin, TakeFileText(), file, 1);
        }
        var open = Take(LabTokenKind.OpenBrace, "from \"FILE\" or '{' and the zone");
        var (text, line) = tokens.ReadRawBlock(open);
        var (zone, indent) = RemoveIndent(text);
        return LoadZone(place, origin, zone, place.File, line, indent);
    }

    /// <summary>In a zone file a line that begins with a space has the owner of the line before; in a block the margin is where the least indented line begins.</summary>
    private static (string Text, int Indent) RemoveIndent(string block)
    {
        var lines = block.Split('\n');
        var indented = lines.Skip(1).Where(static line => line.AsSpan().Trim().Length > 0).Select(static line => line.Length - line.AsSpan().TrimStart(' ').Length).ToArray();
        var indent = indented.Length == 0 ? 0 : indented.Min();
        for (var i = 0; i < lines.Length; i++) { lines[i] = i == 0 ? lines[i].TrimStart(' ') : lines[i].Length >= indent ? lines[i][indent..] : ""; }
        return (string.Join('\n', lines), indent);
    }

    private ZoneService LoadZone(LabPlace place, DnsName origin, string text, string file, int firstLine, int indent = 0)
    {
        if (Zone.TryLoad(text, file, origin, out var zone, out var problems, ReadText)) { return new ZoneService(place, zone); }
        var problem = problems.First(static problem => problem.IsError);
        var inBlock = problem.Place.File == file;
        var at = problem.Place.Line == 0 ? place : new LabPlace(problem.Place.File, problem.Place.Line + (inBlock ? firstLine - 1 : 0), problem.Place.Column + (inBlock ? indent : 0));
        throw new LabFileException(at, problem.Expected, problem.Found.Length == 0 ? $"nothing ({problem.Flaw})" : $"'{problem.Found}' ({problem.Flaw})");
    }

    private string? ReadText(string file) => readFile(file) is { } content ? Encoding.UTF8.GetString(content) : null;

    private void ReadWeb(LabToken first, List<ServiceDefinition> services)
    {
        // "http, https" serves the same pages on both.
        var schemes = new List<LabToken> { first };
        while (TryTake(LabTokenKind.Comma))
        {
            var next = TakeWord("http or https");
            schemes.Add(next.Value is "http" or "https" ? next : throw Expected(next, "http or https"));
        }
        ushort? port = null;
        var names = new List<string>();
        var flaw = CertificateFlaw.None;
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "port" or "for" or "certificate" })
        {
            switch (tokens.Next().Value)
            {
                case "port": port = TakePort(); break;
                case "for": do { names.Add(TakeName("a domain name").Value); } while (TryTake(LabTokenKind.Comma)); break;
                default: flaw = ReadFlaw(); break;
            }
        }
        var pages = ReadPages();
        foreach (var scheme in schemes)
        {
            var secure = scheme.Value == "https";
            if (secure && names.Count == 0) { throw new LabFileException(scheme.Place, "'for' and the names of the certificate", "https without a name"); }
            services.Add(new WebService(scheme.Place, secure, port ?? (secure ? HttpsPort : HttpPort), names, secure ? flaw : CertificateFlaw.None, pages));
        }
    }

    private CertificateFlaw ReadFlaw()
    {
        var word = TakeWord("the certificate's flaw");
        return word.Value switch
        {
            "expired" => CertificateFlaw.Expired,
            "not-yet-valid" => CertificateFlaw.NotYetValid,
            "wrong-name" => CertificateFlaw.WrongName,
            "unknown-issuer" => CertificateFlaw.UnknownIssuer,
            "self-signed" => CertificateFlaw.SelfSigned,
            "bad-signature" => CertificateFlaw.BadSignature,
            "weak-signature" => CertificateFlaw.WeakSignature,
            "bad-usage" => CertificateFlaw.BadUsage,
            "not-an-authority" => CertificateFlaw.NotAnAuthority,
            _ => throw Expected(word, "expired, not-yet-valid, wrong-name, unknown-issuer, self-signed, bad-signature, weak-signature, bad-usage or not-an-authority"),
        };
    }

    private List<PageDefinition> ReadPages()
    {
        var pages = new List<PageDefinition>();
        if (tokens.Peek().Kind == LabTokenKind.Text || tokens.Peek() is { Kind: LabTokenKind.Word, Value: "from" })
        {
            pages.Add(new ContentPage("/index.html", ReadContent("a page")));
            return pages;
        }
        Take(LabTokenKind.OpenBrace, "\"text\", from \"FILE\", or '{' and pages");
        while (!TryTake(LabTokenKind.CloseBrace)) { pages.Add(ReadPage()); }
        return pages;
    }

    private PageDefinition ReadPage()
    {
        var path = TakeWord("a path, or '}'");
        if (path.Value[0] != '/') { throw Expected(path, "a path, which begins with '/'"); }
        var file = path.Value.EndsWith('/') ? path.Value + "index.html" : path.Value;
        if (TryTakeKeyword("endless")) { return new EndlessPage(file); }
        if (!TryTakeKeyword("redirect")) { return new ContentPage(file, ReadContent("\"text\", from \"FILE\", redirect \"URL\" or endless")); }
        var location = Take(LabTokenKind.Text, "where to, in quotes").Value;
        return new RedirectPage(file, location, IsNumber(tokens.Peek()) ? (int)TakeNumber("a status", 399) : 302);
    }

    private byte[] ReadContent(string expected)
    {
        if (TryTakeKeyword("from")) { return TakeFile(); }
        return Encoding.UTF8.GetBytes(Take(LabTokenKind.Text, expected).Value + "\n");
    }

    private IpAddress TakeAddress()
    {
        var word = TakeWord("an address");
        return IpAddress.TryParse(word.Value, out var address) ? address : throw Expected(word, "an address");
    }

    private static bool IsAddress(LabToken token) => token.Kind == LabTokenKind.Word && IpAddress.TryParse(token.Value, out _);
}
