using System.Globalization;
using Firstbyte.Http;
using Firstbyte.Journeys;

namespace Firstbyte.Measuring;

/// <summary>What differs between two journeys, beside their times.</summary>
public enum DifferenceKind
{
    /// <summary>Where they led.</summary>
    Url,

    /// <summary>The redirects on the way.</summary>
    Redirects,

    /// <summary>The addresses that the name had.</summary>
    Addresses,

    /// <summary>The address that answered.</summary>
    Address,

    /// <summary>The version of TLS.</summary>
    TlsVersion,

    /// <summary>The cipher suite.</summary>
    Suite,

    /// <summary>The application protocol agreed on.</summary>
    Alpn,

    /// <summary>The server's certificate, by its fingerprint.</summary>
    Certificate,

    /// <summary>Who issued it.</summary>
    Issuer,

    /// <summary>Until when it is valid.</summary>
    CertificateEnd,

    /// <summary>The version of HTTP.</summary>
    HttpVersion,

    /// <summary>The status.</summary>
    Status,

    /// <summary>A field of the response's head.</summary>
    Field,

    /// <summary>Bytes of the head.</summary>
    HeadBytes,

    /// <summary>Bytes of content.</summary>
    BodyBytes,

    /// <summary>Bytes of the whole response on the wire.</summary>
    WireBytes,

    /// <summary>The exit code by which it failed.</summary>
    Failure,
}

/// <summary>One difference between two journeys.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Name">The name of a field; empty for the others.</param>
/// <param name="Left">What the first has; null for nothing.</param>
/// <param name="Right">What the second has; null for nothing.</param>
public sealed record JourneyDifference(DifferenceKind Kind, string Name, string? Left, string? Right)
{
    // They differ whenever one asks.
    private static readonly string[] s_volatile = ["Date", "Age"];

    /// <summary>Whether it says nothing of the server: a response is made at another time each time.</summary>
    public bool IsVolatile => Kind == DifferenceKind.Field && s_volatile.Contains(Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All that differs, in the order of a journey's steps; times apart.</summary>
    public static IReadOnlyList<JourneyDifference> Between(RecordedJourney left, RecordedJourney right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var found = new List<JourneyDifference>();
        Compare(DifferenceKind.Url, static one => one.Href);
        Compare(DifferenceKind.Redirects, static one => one.Redirects.Count == 0 ? null : string.Join(" → ", one.Redirects));
        Compare(
            DifferenceKind.Addresses,
            static one => one.Addresses.Count == 0 ? null : string.Join(", ", one.Addresses.Select(static it => it.ToString()).Order(StringComparer.Ordinal)));
        Compare(DifferenceKind.Address, static one => one.Address?.ToString());
        Compare(DifferenceKind.TlsVersion, static one => one.Tls is { } tls ? tls.Version == Tls.TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2" : null);
        Compare(DifferenceKind.Suite, static one => one.Tls?.Suite);
        Compare(DifferenceKind.Alpn, static one => one.Tls?.Alpn);
        Compare(DifferenceKind.Certificate, static one => one.Tls?.Chain is [var own, ..] ? own.Sha256 : null);
        Compare(DifferenceKind.Issuer, static one => one.Tls?.Chain is [var own, ..] ? own.Issuer : null);
        Compare(DifferenceKind.CertificateEnd, static one => one.Tls?.Chain is [var own, ..] ? Day(own.NotAfter) : null);
        Compare(DifferenceKind.HttpVersion, static one => one.Head?.Version);
        Compare(DifferenceKind.Status, static one => one.Head is { } head ? $"{Number(head.Status)} {head.Reason}".TrimEnd() : null);
        CompareFields(left.Head?.Fields ?? [], right.Head?.Fields ?? [], found);
        Compare(DifferenceKind.HeadBytes, static one => one.Head is { } head ? Number(head.HeadBytes) : null);
        Compare(DifferenceKind.BodyBytes, static one => one.End is { } end ? Number(end.BodyBytes) : null);
        Compare(DifferenceKind.WireBytes, static one => one.Body is { } body ? Number(body.WireBytes) : null);
        Compare(DifferenceKind.Failure, static one => one.Failure is { } failure ? Number(FailureTable.Of(failure).ExitCode) : null);
        return found;

        void Compare(DifferenceKind kind, Func<RecordedJourney, string?> of)
        {
            if (of(left) is var one && of(right) is var other && one != other) { found.Add(new JourneyDifference(kind, "", one, other)); }
        }
    }

    // Lines of one name are one value (RFC 9110 5.3); whether their case or their place differs is nobody's matter.
    private static void CompareFields(HttpField[] left, HttpField[] right, List<JourneyDifference> found)
    {
        var names = left.Concat(right).Select(static field => field.Name).Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            var (one, other) = (Joined(left, name), Joined(right, name));
            if (one != other) { found.Add(new JourneyDifference(DifferenceKind.Field, name, one, other)); }
        }
    }

    private static string? Joined(HttpField[] fields, string name)
    {
        var values = fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static field => field.Value).ToArray();
        return values.Length == 0 ? null : string.Join(", ", values);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(Tracing.Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
