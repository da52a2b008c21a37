using Firstbyte.Addressing;

namespace Firstbyte.Labs;

// Hosts.
internal sealed partial class LabFileReader
{
    private void ReadHost()
    {
        var name = TakeNode();
        var plugs = ReadInterfaces(name);
        var gateways = new List<IpAddress>();
        var nameservers = new List<IpAddress>();
        var services = new List<ServiceDefinition>();
        var files = new List<FileDefinition>();
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "gateway": ReadGateway(plugs, gateways); break;
                case "nameserver": do { nameservers.Add(TakeAddress()); } while (IsAddress(tokens.Peek())); break;
                case "serves": ReadServices(services); break;
                case "file": files.Add(new FileDefinition(TakeWord("a path").Value, ReadContent("the file's content: \"text\", from \"FILE\" or base64 \"DATA\""))); break;
                default: throw Expected(word, "gateway, nameserver, serves or file");
            }
        }
        if (services.Find(static service => service is ResolverService) is { } resolver && services.Exists(static service => service is ZoneService))
        {
            throw new LabFileException(resolver.Place, "zones or a resolver on one host, not both", "both");
        }
        _hosts.Add(new HostDefinition(name, plugs, gateways, nameservers, services, files));
    }

    /// <summary>A router's name stands for its addresses on the host's subnets.</summary>
    private void ReadGateway(List<InterfaceDefinition> plugs, List<IpAddress> gateways)
    {
        var name = TakeWord("a router's name");
        _references.Add((name, value =>
        {
            var found = _routers.Where(router => router.Name == value).SelectMany(static router => router.Interfaces)
                .Where(other => plugs.Exists(plug => plug.Subnet == other.Subnet)).SelectMany(static other => other.Addresses).ToArray();
            if (found.Length == 0) { throw Expected(name, $"a router on {string.Join(" or ", plugs.Select(static plug => plug.Subnet))}"); }
            gateways.AddRange(found);
        }
        ));
    }

    private IpAddress TakeAddress()
    {
        var word = TakeWord("an address");
        return IpAddress.TryParse(word.Value, out var address) ? address : throw Expected(word, "an address");
    }

    private static bool IsAddress(LabToken token) => token.Kind == LabTokenKind.Word && IpAddress.TryParse(token.Value, out _);
}
