using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Resolving;

/// <summary>The search for addresses of a zone's own servers at its parent: name after name, IPv4 before IPv6.</summary>
internal sealed class GlueSearch(DnsName[] names, CutServers parent)
{
    private int _next;

    public CutServers Parent { get; } = parent;

    public bool IsOver { get; private set; }

    public bool IsCharged { get; set; }

    public Question? Current => IsOver || _next >= 2 * names.Length
        ? null
        : new Question(names[_next / 2], _next % 2 == 0 ? RecordType.A : RecordType.AAAA);

    public void Skip() => (_next, IsCharged) = (_next + 1, false);

    public void End() => IsOver = true;
}
