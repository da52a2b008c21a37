using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Labs.Attackers;

/// <summary>The lie that an attacker tells.</summary>
/// <param name="Name">The name that is asked for.</param>
/// <param name="Answer">The address that it shall have.</param>
/// <param name="Resolver">The victim: who asks for it.</param>
internal sealed record Forgery(DnsName Name, IpAddress Answer, IpAddress Resolver)
{
    /// <summary>Where the victim and the servers listen (RFC 1035 section 4.2).</summary>
    public const ushort DnsPort = 53;
}
