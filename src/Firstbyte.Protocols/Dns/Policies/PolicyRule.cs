using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Policies;

/// <summary>What a policy zone does with an answer (draft-vixie-dnsop-dns-rpz section 3).</summary>
public enum PolicyAction
{
    /// <summary>The name does not exist: <c>CNAME .</c></summary>
    NameError,

    /// <summary>The name has no records of the type: <c>CNAME *.</c></summary>
    NoData,

    /// <summary>The answer is given as it is, whatever later zones say: <c>CNAME rpz-passthru.</c></summary>
    PassThrough,

    /// <summary>Nothing is said: <c>CNAME rpz-drop.</c></summary>
    Drop,

    /// <summary>Over UDP the client is told to come by TCP, where it has the answer as it is: <c>CNAME rpz-tcp-only.</c></summary>
    TcpOnly,

    /// <summary>The zone's own records, of another name's among them: <c>A 192.0.2.1</c>, <c>CNAME garden.example.</c></summary>
    LocalData,
}

/// <summary>By what an answer is met.</summary>
public enum PolicyTrigger
{
    /// <summary>Who asks (<c>rpz-client-ip</c>).</summary>
    Client,

    /// <summary>What is asked for, or an alias of it (QNAME).</summary>
    Name,

    /// <summary>An address in the answer (<c>rpz-ip</c>).</summary>
    Address,

    /// <summary>The name of a server of a zone on the way to a record of the answer (<c>rpz-nsdname</c>).</summary>
    ServerName,

    /// <summary>The address of such a server (<c>rpz-nsip</c>).</summary>
    ServerAddress,
}

/// <summary>One rule of a policy zone.</summary>
public sealed class PolicyRule
{
    private readonly List<DnsRecord> _records = [];

    internal PolicyRule(PolicyAction action) => Action = action;

    /// <summary>What is done.</summary>
    public PolicyAction Action { get; }

    /// <summary>The zone's own records, under the trigger's name; a CNAME record is the only one.</summary>
    public IReadOnlyList<DnsRecord> Records => _records;

    /// <summary>The name that others are led to; null where there is none.</summary>
    /// <param name="name">The name that has met the rule: it comes in place of the asterisk of <c>CNAME *.garden.example.</c></param>
    /// <param name="isTooLong">Whether there would be one, longer than a name can be.</param>
    public DnsName? TargetOf(DnsName name, out bool isTooLong)
    {
        isTooLong = false;
        if (_records is not [{ Data: NameData { Target: var target } } only] || only.Type != RecordType.CNAME) { return null; }
        if (!target.IsWildcard) { return target; }
        var parent = target.Parent;
        isTooLong = name.Length + parent.Length - 1 > WireName.MaxLength;
        return isTooLong ? null : DnsName.FromValidWire([.. name.Wire[..^1], .. parent.Wire]);
    }

    internal void Add(DnsRecord record) => _records.Add(record);
}
