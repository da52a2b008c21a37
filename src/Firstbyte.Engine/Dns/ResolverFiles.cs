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

    private static IReadOnlyList<DnsRecord>? Read(string text, string file, out IReadOnlyList<ZoneProblem> errors)
    {
        var read = ZoneFileReader.Read(text, file, DnsName.Root, null);
        errors = [.. read.Problems.Where(static problem => problem.IsError)];
        return errors.Count > 0 ? null : [.. read.Records];
    }
}
