using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Chooses the NSEC or NSEC3 records that show a validator why an answer is what it is (RFC 4035 section 3.1.3, RFC 5155 section 7.2).</summary>
internal readonly ref struct DenialProof(Zone zone, HashedName name, int originAt)
{
    private readonly HashedName _name = name;

    private ZoneDenial Denial => zone.Denial!;

    /// <summary>For a finding: everything but a plain answer and a signed delegation needs one.</summary>
    public void AddTo(ref ProofList proofs, ZoneFinding finding)
    {
        switch (finding.Kind)
        {
            case ZoneFindingKind.NameError: AddNameError(ref proofs, zone.Store[finding.Node]); break;
            case ZoneFindingKind.NoData when finding.IsSynthesized: AddWildcardNoData(ref proofs, zone.Store[finding.Node]); break;
            case ZoneFindingKind.NoData: AddNoData(ref proofs, _name.LabelCount); break;
            case ZoneFindingKind.Referral: AddNoData(ref proofs, zone.OriginLabels + zone.Store[finding.Node].LabelCount); break;
            default:
                if (finding.IsSynthesized) { AddWildcard(ref proofs, zone.Store[finding.Node]); }
                break;
        }
    }

    private ReadOnlySpan<byte> Whole(int labels) => _name.Wire[_name.StartOf(labels)..];

    private ReadOnlySpan<byte> Relative(int labels) => _name.Wire[_name.StartOf(labels)..^zone.Origin.Length];

    /// <summary>RFC 4035 section 3.1.3.2, RFC 5155 section 7.2.2: not the name, and no wildcard that could stand in for it.</summary>
    private void AddNameError(ref ProofList proofs, NodeView encloser)
    {
        var labels = zone.OriginLabels + encloser.LabelCount;
        if (Denial.IsHashed) { labels = AddEncloser(ref proofs, labels); }
        else { proofs.Add(zone, Denial.Find(Relative(_name.LabelCount)), originAt); }
        AddWildcardBelow(ref proofs, labels);
    }

    /// <summary>
    /// RFC 4035 sections 3.1.3.1 and 3.1.4, RFC 5155 sections 7.2.3, 7.2.4 and 7.2.7: what stands at the name of so many labels. A delegation that was left
    /// out of the chain has its closest provable encloser shown, and that what is below may be left out.
    /// </summary>
    private void AddNoData(ref ProofList proofs, int labels)
    {
        if (!Denial.IsHashed)
        {
            proofs.Add(zone, Denial.Find(Relative(labels)), originAt);
            return;
        }
        var link = Denial.FindHash(Whole(labels), out var isMatch);
        if (isMatch) { proofs.Add(zone, link, originAt); }
        else { AddEncloser(ref proofs, Math.Max(labels - 1, zone.OriginLabels)); }
    }

    /// <summary>RFC 4035 section 3.1.3.3, RFC 5155 section 7.2.6: nothing is closer than the wildcard that stood in.</summary>
    private void AddWildcard(ref ProofList proofs, NodeView wildcard)
    {
        // The next closer name has as many labels as the wildcard.
        var labels = zone.OriginLabels + wildcard.LabelCount;
        proofs.Add(zone, Denial.IsHashed ? Denial.FindHash(Whole(labels), out _) : Denial.Find(Relative(_name.LabelCount)), originAt);
    }

    /// <summary>RFC 4035 section 3.1.3.4, RFC 5155 section 7.2.5: the wildcard that stood in does not have the type.</summary>
    private void AddWildcardNoData(ref ProofList proofs, NodeView wildcard)
    {
        var encloser = zone.OriginLabels + wildcard.LabelCount - 1;
        if (Denial.IsHashed) { encloser = AddEncloser(ref proofs, encloser); }
        else { proofs.Add(zone, Denial.Find(Relative(_name.LabelCount)), originAt); }
        AddWildcardBelow(ref proofs, encloser);
    }

    /// <summary>RFC 5155 section 7.2.1: the closest encloser that has a link, at or above so many labels, and what covers the next closer name.</summary>
    private int AddEncloser(ref ProofList proofs, int labels)
    {
        for (; ; labels--)
        {
            var link = Denial.FindHash(Whole(labels), out var isMatch);
            // A chain without the apex is broken: the rest is shown for what it is worth.
            if (!isMatch && labels > zone.OriginLabels) { continue; }
            proofs.Add(zone, link, originAt);
            if (labels < _name.LabelCount) { proofs.Add(zone, Denial.FindHash(Whole(labels + 1), out _), originAt); }
            return labels;
        }
    }

    /// <summary>The link of the wildcard below the name of so many labels, or the one that covers it.</summary>
    [SkipLocalsInit]
    private void AddWildcardBelow(ref ProofList proofs, int labels)
    {
        Span<byte> wildcard = stackalloc byte[2 + WireName.MaxLength];
        var encloser = Whole(labels);
        // Such a name is no name: nobody could ask for it.
        if (encloser.Length + 2 > WireName.MaxLength) { return; }
        (wildcard[0], wildcard[1]) = (1, (byte)'*');
        encloser.CopyTo(wildcard[2..]);
        wildcard = wildcard[..(2 + encloser.Length)];
        proofs.Add(zone, Denial.IsHashed ? Denial.FindHash(wildcard, out _) : Denial.Find(wildcard[..^zone.Origin.Length]), originAt);
    }
}

/// <summary>The links that go into the authority section, each once.</summary>
internal struct ProofList
{
    private Links _links;
    private int _count;

    /// <summary>Adds the link at an address of a zone whose name stands at a place of the message.</summary>
    public void Add(Zone zone, uint node, int originAt)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_links[i].Node == node && ReferenceEquals(_links[i].Zone, zone)) { return; }
        }
        _links[_count++] = (zone, node, originAt);
    }

    /// <summary>Writes all of them with their signatures; false when they do not fit: a proof that is not whole proves nothing.</summary>
    public readonly bool TryWrite(ref AnswerWriter writer)
    {
        for (var i = 0; i < _count; i++)
        {
            var (zone, address, originAt) = _links[i];
            var node = zone.Store[address];
            var set = node.SetAt(node.Find(zone.Denial!.Type));
            if (!writer.TryWriteBelow(MessageSection.Authority, set, node.Name, originAt, out var ownerAt)) { return false; }
            if (set.IsSigned && !writer.TryWrite(MessageSection.Authority, set.Signatures, ownerAt, 0)) { return false; }
        }
        return true;
    }

    /// <summary>One for each of 12 aliases that a wildcard stands in for, and three for the last name.</summary>
    [InlineArray(16)]
    private struct Links
    {
        private (Zone Zone, uint Node, int OriginAt) _first;
    }
}
