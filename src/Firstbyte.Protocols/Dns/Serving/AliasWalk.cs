using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Asks a zone for a name, and for the target of each alias that it finds, as long as the server holds it (RFC 1034 section 4.3.2 step 3a).</summary>
internal readonly ref struct AliasWalk(ZoneSet zones, RecordType type, bool dnssecOk)
{
    /// <summary>BIND follows as many aliases (max-query-restarts 11).</summary>
    private const int MaxAliases = 11;

    /// <summary>For those who count responses.</summary>
    private const int NegativeKind = 0x20000, ReferralKind = 0x30000;

    public ResponseCode Follow(Zone zone, scoped HashedName first, ref AnswerWriter writer, ref AnswerOutcome outcome)
    {
        var end = default(WalkEnd);
        var code = Walk(zone, first, ref writer, ref outcome, ref end);
        if (writer.IsTruncated) { return code; }
        // RFC 4035 section 3.1.1: a proof that does not fit truncates, what only goes along does not.
        if (!end.Proofs.TryWrite(ref writer)) { writer.IsTruncated = true; }
        else if (end.Zone is not null)
        {
            var set = end.Zone.Store.SetAt(end.Node, end.SetAt);
            // RFC 9471 section 3.1: a referral without its glue is truncated.
            if (end.IsReferral && !Companions.TryWrite(end.Zone, set, end.Start, areRequired: true, dnssecOk, ref writer)) { writer.IsTruncated = true; }
            else { Companions.TryWrite(end.Zone, set, end.Start, areRequired: false, dnssecOk, ref writer); }
        }
        return code;
    }

    [SkipLocalsInit]
    private ResponseCode Walk(Zone zone, scoped HashedName first, ref AnswerWriter writer, ref AnswerOutcome outcome, ref WalkEnd end)
    {
        Span<byte> buffer = stackalloc byte[WireName.MaxLength];
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        var seen = default(SeenAliases);
        scoped var name = first;
        var nameAt = AnswerWriter.QuestionAt;
        for (var aliases = 0; ; aliases++)
        {
            var finding = zone.Find(name, type);
            var set = finding.SetAt == 0 ? default : zone.Store.SetAt(finding.Node, finding.SetAt);
            if (aliases == 0) { Classify(zone, finding, name, ref outcome); }
            // A circle of aliases is told once.
            var isAlias = finding.Kind is ZoneFindingKind.Alias or ZoneFindingKind.Redirection;
            if (isAlias && seen.HasSeen(aliases, zone, finding, name)) { return Authoritative(ref outcome); }
            var originAt = writer.PositionOf(nameAt, name.Wire.Length - zone.Origin.Length);
            if (dnssecOk && zone.Denial is not null && !IsSignedReferral(zone, finding))
            {
                new DenialProof(zone, name, originAt).AddTo(ref end.Proofs, finding);
            }
            var start = writer.Length;
            if (finding.Kind == ZoneFindingKind.Referral)
            {
                WriteReferral(zone, finding, set, writer.PositionOf(nameAt, name.Wire.Length - LengthOf(zone, finding)), ref writer);
                end.Set(zone, finding, start, isReferral: true);
                return ResponseCode.NoError;
            }
            Authoritative(ref outcome);
            if (finding.Kind is ZoneFindingKind.NoData or ZoneFindingKind.NameError)
            {
                Write(MessageSection.Authority, zone.NegativeSoaView, originAt, zone.Origin.Length, ref writer);
                // RFC 6604 section 3: the code is that of the last name.
                return finding.Kind == ZoneFindingKind.NoData ? ResponseCode.NoError : ResponseCode.NameError;
            }
            if (finding.Kind == ZoneFindingKind.Redirection)
            {
                if (!TryRedirect(zone, set, name.Wire, nameAt, LengthOf(zone, finding), ref writer)) { return ResponseCode.NameExists; }
                // RFC 6672 section 3.1: who asks for a CNAME has it, and who asks for anything has something.
                if (type == RecordType.CNAME || type == RecordType.Any) { return ResponseCode.NoError; }
            }
            else if (finding.Kind == ZoneFindingKind.Answer && type == RecordType.RRSIG) { WriteSignatures(zone, finding, nameAt, ref writer); }
            else { Write(MessageSection.Answer, set, nameAt, name.Wire.Length, ref writer); }
            if (finding.Kind == ZoneFindingKind.Answer) { end.Set(zone, finding, start, isReferral: false); }
            if (finding.Kind == ZoneFindingKind.Answer || writer.IsTruncated || aliases == MaxAliases) { return ResponseCode.NoError; }
            // The target is the data of the first record that was written now, or of the one that was made.
            nameAt = finding.Kind == ZoneFindingKind.Alias ? start + set.OwnerLength + SetView.FixedLength : writer.SynthesizedTargetAt;
            name = new HashedName(buffer[..writer.CopyName(nameAt, buffer)], starts, hashes);
            nameAt = writer.PositionOf(nameAt, 0);
            if (zones.FindZone(name, type) is not { } next || next.Class != zone.Class) { return ResponseCode.NoError; }
            zone = next;
        }
    }

    private static ResponseCode Authoritative(ref AnswerOutcome outcome)
    {
        outcome.Flags |= HeaderFlags.AuthoritativeAnswer;
        return ResponseCode.NoError;
    }

    /// <summary>A delegation with its DS set needs no proof.</summary>
    private static bool IsSignedReferral(Zone zone, ZoneFinding finding) =>
        finding.Kind == ZoneFindingKind.Referral && zone.Store[finding.Node].Find(RecordType.DS) != 0;

    /// <summary>Writes a set, and its signatures for those who want them (RFC 4035 section 3.1.1).</summary>
    private void Write(MessageSection section, SetView set, int ownerAt, int ownerLength, ref AnswerWriter writer)
    {
        if (!writer.TryWrite(section, set, ownerAt, ownerLength)
            || dnssecOk && set.IsSigned && !writer.TryWrite(section, set.Signatures, ownerAt, ownerLength)) { writer.IsTruncated = true; }
    }

    /// <summary>Writes the signatures of all sets of a name: together they are what was asked for.</summary>
    private static void WriteSignatures(Zone zone, ZoneFinding finding, int ownerAt, ref AnswerWriter writer)
    {
        var node = zone.Store[finding.Node];
        for (var (i, at) = (0, node.FirstSet); i < node.SetCount; i++)
        {
            var set = node.SetAt(at);
            if (set.Type == RecordType.RRSIG && !writer.TryWrite(MessageSection.Answer, set, ownerAt, 0)) { writer.IsTruncated = true; }
            at += set.Size;
        }
    }

    private static int LengthOf(Zone zone, ZoneFinding finding) => zone.Store[finding.Node].Name.Length + zone.Origin.Length;

    /// <summary>RFC 6672 section 3.1: the DNAME, and the CNAME that it makes for this name. False when the new name would be too long.</summary>
    private bool TryRedirect(Zone zone, SetView set, scoped ReadOnlySpan<byte> name, int nameAt, int ownerLength, ref AnswerWriter writer)
    {
        var prefix = name.Length - ownerLength;
        var start = writer.Length;
        var targetLength = set.Records.Length - set.OwnerLength - SetView.FixedLength;
        Write(MessageSection.Answer, set, writer.PositionOf(nameAt, prefix), ownerLength, ref writer);
        if (prefix + targetLength > WireName.MaxLength) { return false; }
        if (writer.IsTruncated
            || !writer.TryWriteSynthesized(
                zone.Class, set.Ttl, nameAt, name[..prefix], start + set.OwnerLength + SetView.FixedLength)) { writer.IsTruncated = true; }
        return true;
    }

    /// <summary>RFC 4035 section 3.1.4: the servers, which the zone below signs, and the DS set, which this one does.</summary>
    private void WriteReferral(Zone zone, ZoneFinding finding, SetView set, int ownerAt, ref AnswerWriter writer)
    {
        Write(MessageSection.Authority, set, ownerAt, LengthOf(zone, finding), ref writer);
        var node = zone.Store[finding.Node];
        if (dnssecOk && node.Find(RecordType.DS) is not 0 and var at && node.SetAt(at).IsSigned)
        {
            Write(MessageSection.Authority, node.SetAt(at), ownerAt, 0, ref writer);
        }
    }

    private static void Classify(Zone zone, ZoneFinding finding, scoped in HashedName name, ref AnswerOutcome outcome)
    {
        outcome.Kind = finding.Kind switch
        {
            ZoneFindingKind.Referral => ReferralKind,
            ZoneFindingKind.NoData or ZoneFindingKind.NameError => NegativeKind,
            _ => 0,
        };
        // Names that do not exist, and those that a wildcard stands in for, are as many as one likes: they count as one.
        outcome.Name = finding.Node == 0 || finding.Kind == ZoneFindingKind.NameError ? name.HashOf(zone.OriginLabels) : finding.Node;
    }

    /// <summary>The names whose aliases have been told, and the DNAMEs, each of which would tell of ever longer names.</summary>
    [InlineArray(MaxAliases + 1)]
    private struct SeenAliases
    {
        private (Zone Zone, uint Node, ulong Name) _first;

        public bool HasSeen(int count, Zone zone, ZoneFinding finding, scoped in HashedName name)
        {
            // A wildcard's CNAME belongs to as many names as one asks for.
            var alias = (Zone: zone, finding.Node, Name: finding.Kind == ZoneFindingKind.Alias ? name.HashOf(name.LabelCount) : 0);
            for (var i = 0; i < count; i++)
            {
                if (this[i].Node == alias.Node && this[i].Name == alias.Name && ReferenceEquals(this[i].Zone, zone)) { return true; }
            }
            this[count] = alias;
            return false;
        }
    }
}

/// <summary>Addresses that go along with the names in a set.</summary>
internal static class Companions
{
    /// <summary>
    /// Writes the addresses that are needed, or the others; false when they do not all fit. What is only useful is left out in silence where there is no
    /// room (RFC 2181 section 9).
    /// </summary>
    public static bool TryWrite(Zone zone, SetView set, int setStart, bool areRequired, bool dnssecOk, ref AnswerWriter writer)
    {
        for (var companions = set.Companions; companions.Length > 0; companions = companions[SetView.CompanionLength..])
        {
            if (companions[2] != 0 != areRequired) { continue; }
            int at = BinaryPrimitives.ReadUInt16LittleEndian(companions);
            var node = zone.Store[BinaryPrimitives.ReadUInt32LittleEndian(companions[4..])];
            if (!TryWrite(node, RecordType.A, setStart + at, dnssecOk, ref writer) || !TryWrite(node, RecordType.AAAA, setStart + at, dnssecOk, ref writer))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryWrite(NodeView node, RecordType type, int nameAt, bool dnssecOk, ref AnswerWriter writer)
    {
        var at = node.Find(type);
        if (at == 0) { return true; }
        // Addresses have no names in their data: how long the owner's is does not matter.
        var set = node.SetAt(at);
        var ownerAt = writer.PositionOf(nameAt, 0);
        if (!writer.TryWrite(MessageSection.Additional, set, ownerAt, 0)) { return false; }
        // RFC 4035 section 3.1.1: where there is no room for both, the addresses stay.
        if (dnssecOk && set.IsSigned) { writer.TryWrite(MessageSection.Additional, set.Signatures, ownerAt, 0); }
        return true;
    }
}

/// <summary>What is written when the answer section is whole: proofs, and what goes along with a set.</summary>
internal struct WalkEnd
{
    public ProofList Proofs;
    public Zone? Zone;
    public uint Node;
    public int SetAt;

    /// <summary>Where in the message the set starts.</summary>
    public int Start;

    public bool IsReferral;

    public void Set(Zone zone, ZoneFinding finding, int start, bool isReferral) =>
        (Zone, Node, SetAt, Start, IsReferral) = (zone, finding.Node, finding.SetAt, start, isReferral);
}
