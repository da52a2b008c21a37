using Firstbyte.Addressing;
using Firstbyte.Journeys;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>The examination of a site or a zone begins.</summary>
/// <param name="Href">The URL that was asked for; of a zone its name and its file.</param>
/// <param name="Round">Which one it is of those that follow one another, from 1 on.</param>
public sealed record ExaminationStarted(string Href, int Round) : TraceEvent;

/// <summary>What the name of the site stands for.</summary>
/// <param name="Host">The host as the URL has it.</param>
/// <param name="Addresses">Its addresses, those that are looked at first.</param>
/// <param name="Offers">The protocols that its HTTPS records offer (RFC 9460), by their ALPN identifiers; null without such a record.</param>
public sealed record SiteFound(string Host, IpAddress[] Addresses, string[]? Offers) : TraceEvent;

/// <summary>A look is taken.</summary>
/// <param name="Number">Which, from 1 on.</param>
/// <param name="Total">How many there will be, as far as is known.</param>
/// <param name="Kind">What kind of look.</param>
/// <param name="Href">At what.</param>
/// <param name="Address">At which address alone; null for the one that a visitor would get.</param>
public sealed record LookStarted(int Number, int Total, LookKind Kind, string Href, IpAddress? Address) : TraceEvent;

/// <summary>What a look has shown.</summary>
/// <param name="Number">Which.</param>
/// <param name="Kind">What kind of look.</param>
/// <param name="Href">At what.</param>
/// <param name="Address">At which address; null where nobody answered, or nobody was asked for one.</param>
/// <param name="Status">The status that came last; 0 for none.</param>
/// <param name="Hops">Redirects that were followed.</param>
/// <param name="BodyBytes">Bytes of content that came.</param>
/// <param name="Tls">The version of TLS; null without.</param>
/// <param name="Alpn">The protocol that was agreed on; null for none.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="ElapsedNanoseconds">How long it took.</param>
public sealed record LookTaken(
    int Number, LookKind Kind, string Href, IpAddress? Address, int Status, int Hops, long BodyBytes, TlsVersion? Tls, string? Alpn, JourneyFailure? Failure,
    long ElapsedNanoseconds) : TraceEvent;

/// <summary>Kinds of looks.</summary>
public enum LookKind
{
    /// <summary>The journey as it was asked for, redirects and all.</summary>
    Journey,

    /// <summary>One address alone.</summary>
    Address,

    /// <summary>A TLS handshake that offers every protocol.</summary>
    Offers,

    /// <summary>Whether what was sent is still the same.</summary>
    Validation,
}

/// <summary>Something was found.</summary>
/// <param name="Finding">What.</param>
/// <param name="Severity">How much it weighs.</param>
public sealed record FindingFound(Finding Finding, FindingSeverity Severity) : TraceEvent;

/// <summary>What is other than at the examination before.</summary>
/// <param name="Round">Which examination it is.</param>
/// <param name="Come">What was not found before.</param>
/// <param name="Gone">What is not found any more.</param>
public sealed record ExaminationCompared(int Round, Finding[] Come, Finding[] Gone) : TraceEvent;

/// <summary>The examination of a site or a zone has ended.</summary>
/// <param name="Href">The URL that was asked for; of a zone its name and its file.</param>
/// <param name="Round">Which one it was.</param>
/// <param name="Errors">Findings that are errors.</param>
/// <param name="Warnings">Findings that are warnings.</param>
/// <param name="Notes">Findings that are notes.</param>
/// <param name="Looks">Looks that were taken.</param>
/// <param name="ElapsedNanoseconds">How long it took.</param>
public sealed record ExaminationCompleted(string Href, int Round, int Errors, int Warnings, int Notes, int Looks, long ElapsedNanoseconds) : TraceEvent
{
    /// <summary>The exit code by which a script knows it: 0 with notes at most, 1 with warnings, 2 with errors.</summary>
    public int ExitCode => Errors > 0 ? 2 : Warnings > 0 ? 1 : 0;
}
