using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Asks a zone for a name, and for the target of each alias that it finds, as long as the server holds it (RFC 1034 section 4.3.2 step 3a).</summary>
internal readonly ref struct AliasWalk(ZoneSet zones, RecordType type)
{
    /// <summary>BIND follows as many aliases (max-query-restarts 11).</summary>
    private const int MaxAliases = 11;

    /// <summary>For those who count responses.</summary>
    private const int NegativeKind = 0x20000, ReferralKind = 0x30000;

    [SkipLocalsInit]
    public ResponseCode Follow(Zone zone, scoped HashedName first, ref AnswerWriter writer, ref AnswerOutcome outcome)
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
            if (finding.Kind == ZoneFindingKind.Referral)
            {
                WriteReferral(zone, finding, set, writer.PositionOf(nameAt, name.Wire.Length - LengthOf(zone, finding)), ref writer);
                return ResponseCode.NoError;
            }
            outcome.Flags |= HeaderFlags.AuthoritativeAnswer;
            if (finding.Kind is ZoneFindingKind.NoData or ZoneFindingKind.NameError)
            {
                var origin = zone.Origin.Length;
                if (!writer.TryWrite(MessageSection.Authority, zone.NegativeSoaView, writer.PositionOf(nameAt, name.Wire.Length - origin), origin))
                {
                    writer.IsTruncated = true;
                }
                // RFC 6604 section 3: the code is that of the last name.
                return finding.Kind == ZoneFindingKind.NoData ? ResponseCode.NoError : ResponseCode.NameError;
            }
            // A circle of aliases is told once.
            if (finding.Kind != ZoneFindingKind.Answer && seen.HasSeen(aliases, zone, finding, name)) { return ResponseCode.NoError; }
            var start = writer.Length;
            if (finding.Kind == ZoneFindingKind.Redirection)
            {
                if (!TryRedirect(zone, set, name.Wire, nameAt, LengthOf(zone, finding), ref writer)) { return ResponseCode.NameExists; }
                // RFC 6672 section 3.1: who asks for a CNAME has it, and who asks for anything has something.
                if (type == RecordType.CNAME || type == RecordType.Any) { return ResponseCode.NoError; }
            }
            else
            {
                if (!writer.TryWrite(MessageSection.Answer, set, nameAt, name.Wire.Length)) { writer.IsTruncated = true; }
                else if (finding.Kind == ZoneFindingKind.Answer) { Companions.TryWrite(zone, set, start, areRequired: false, ref writer); }
            }
            if (finding.Kind == ZoneFindingKind.Answer || writer.IsTruncated || aliases == MaxAliases) { return ResponseCode.NoError; }
            // The target is the data of the record that was written last.
            nameAt = finding.Kind == ZoneFindingKind.Alias ? start + set.OwnerLength + SetView.FixedLength : writer.SynthesizedTargetAt;
            name = new HashedName(buffer[..writer.CopyName(nameAt, buffer)], starts, hashes);
            nameAt = writer.PositionOf(nameAt, 0);
            if (zones.FindZone(name, type) is not { } next || next.Class != zone.Class) { return ResponseCode.NoError; }
            zone = next;
        }
    }

    private static int LengthOf(Zone zone, ZoneFinding finding) => zone.Store[finding.Node].Name.Length + zone.Origin.Length;

    /// <summary>RFC 6672 section 3.1: the DNAME, and the CNAME that it makes for this name. False when the new name would be too long.</summary>
    private static bool TryRedirect(Zone zone, SetView set, scoped ReadOnlySpan<byte> name, int nameAt, int ownerLength, ref AnswerWriter writer)
    {
        var prefix = name.Length - ownerLength;
        var start = writer.Length;
        var targetLength = set.Records.Length - set.OwnerLength - SetView.FixedLength;
        if (!writer.TryWrite(MessageSection.Answer, set, writer.PositionOf(nameAt, prefix), ownerLength)) { writer.IsTruncated = true; }
        if (prefix + targetLength > WireName.MaxLength) { return false; }
        if (writer.IsTruncated
            || !writer.TryWriteSynthesized(
                zone.Class, set.Ttl, nameAt, name[..prefix], start + set.OwnerLength + SetView.FixedLength)) { writer.IsTruncated = true; }
        return true;
    }

    private static void WriteReferral(Zone zone, ZoneFinding finding, SetView set, int ownerAt, ref AnswerWriter writer)
    {
        var start = writer.Length;
        // RFC 9471 section 3.1: a referral without its glue is truncated.
        if (!writer.TryWrite(MessageSection.Authority, set, ownerAt, LengthOf(zone, finding))
            || !Companions.TryWrite(zone, set, start, areRequired: true, ref writer)) { writer.IsTruncated = true; }
        else { Companions.TryWrite(zone, set, start, areRequired: false, ref writer); }
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
    public static bool TryWrite(Zone zone, SetView set, int setStart, bool areRequired, ref AnswerWriter writer)
    {
        for (var companions = set.Companions; companions.Length > 0; companions = companions[SetView.CompanionLength..])
        {
            if (companions[2] != 0 != areRequired) { continue; }
            int at = BinaryPrimitives.ReadUInt16LittleEndian(companions);
            var node = zone.Store[BinaryPrimitives.ReadUInt32LittleEndian(companions[4..])];
            if (!TryWrite(node, RecordType.A, setStart + at, ref writer) || !TryWrite(node, RecordType.AAAA, setStart + at, ref writer)) { return false; }
        }
        return true;
    }

    private static bool TryWrite(NodeView node, RecordType type, int nameAt, ref AnswerWriter writer)
    {
        var at = node.Find(type);
        // Addresses have no names in their data: how long the owner's is does not matter.
        return at == 0 || writer.TryWrite(MessageSection.Additional, node.SetAt(at), writer.PositionOf(nameAt, 0), 0);
    }
}
