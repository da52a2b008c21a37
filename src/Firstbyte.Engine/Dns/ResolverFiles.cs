using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns;

/// <summary>The files from which a resolver begins, in the form of zone files.</summary>
public static class ResolverFiles
{
    /// <summary>Root servers; null where there are errors, or no server with an address.</summary>
    public static Delegation? ReadHints(string text, string file, out IReadOnlyList<ZoneProblem> errors)
    {
        if (Read(text, file, out errors) is not { } records) { return null; }
        var hints = Delegation.FromHints(records);
        return Array.Exists(hints.Servers, static one => one.Addresses.Length > 0) ? hints : null;
    }

    /// <summary>Trust anchors: DS and DNSKEY records; null where there are errors, or none of these.</summary>
    public static TrustAnchors? ReadAnchors(string text, string file, out IReadOnlyList<ZoneProblem> errors)
    {
        // A file of anchors needs no times to live, which mean nothing for what is believed anyway.
        if (Read($"$TTL 0\n{text}", file, out errors) is not { } records) { return null; }
        var anchors = TrustAnchors.From(records);
        return anchors.IsEmpty ? null : anchors;
    }

    /// <summary>The keys that are followed, as their file has them; where there is none yet, those that it is to begin with. Null with the reason.</summary>
    /// <param name="text">The file's text; null where there is none yet.</param>
    /// <param name="given">The anchors that somebody has named; null for nobody.</param>
    /// <param name="isLab">Whether others than the public root are asked.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="fault">Why there are none.</param>
    /// <param name="flaw">What is wrong with the file, where that is the reason, or with what it would begin with.</param>
    /// <param name="line">In which line; 0 for the file as a whole.</param>
    public static ManagedAnchor? ReadFollowed(
        string? text, TrustAnchors? given, bool isLab, long now, out FollowedKeysFault fault, out AnchorFileFlaw flaw, out int line)
    {
        (fault, flaw, line) = (FollowedKeysFault.None, AnchorFileFlaw.None, 0);
        if (text is not null)
        {
            // It has been begun: what was given then is given again at each start, and has been rolled over since.
            var read = ManagedAnchorText.Read(text, now, out flaw, out line);
            if (read is null) { fault = FollowedKeysFault.Faulty; }
            return read;
        }
        TrustAnchor[] begun = [.. (given ?? (isLab ? TrustAnchors.None : TrustAnchors.Root)).All];
        if (begun is [var only]) { return ManagedAnchor.From(only, now); }
        (fault, flaw) = begun.Length == 0 ? (FollowedKeysFault.Nothing, AnchorFileFlaw.None) : (FollowedKeysFault.Faulty, AnchorFileFlaw.OtherZone);
        return null;
    }

    private static IReadOnlyList<DnsRecord>? Read(string text, string file, out IReadOnlyList<ZoneProblem> errors)
    {
        var read = ZoneFileReader.Read(text, file, DnsName.Root, null);
        errors = [.. read.Problems.Where(static problem => problem.IsError)];
        return errors.Count > 0 ? null : [.. read.Records];
    }
}
