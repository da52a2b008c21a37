using System.Globalization;
using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Journeys;

namespace Firstbyte.Doctor;

/// <summary>The journey as it was asked for fails.</summary>
/// <param name="Failure">How.</param>
public sealed record JourneyBroken(JourneyFailure Failure) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Failure?.GetType().Name ?? "";
}

/// <summary>One of the addresses does not serve the site as the others do.</summary>
/// <param name="Address">Which.</param>
/// <param name="Port">Where it was asked.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="IsWholeFamily">No other address of its version serves the site either.</param>
public sealed record AddressBroken(IpAddress Address, int Port, JourneyFailure Failure, bool IsWholeFamily) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => string.Create(CultureInfo.InvariantCulture, $"{Address} {Port}");
}

/// <summary>The name has no address of a version.</summary>
/// <param name="Version">Which.</param>
public sealed record FamilyMissing(IpVersion Version) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Version.ToString();
}

/// <summary>There are addresses of a version to which this host has no way, so that nobody has looked at them.</summary>
/// <param name="Version">Which.</param>
/// <param name="Addresses">How many.</param>
public sealed record FamilyUnexamined(IpVersion Version, int Addresses) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Version.ToString();
}

/// <summary>There are more addresses than are looked at.</summary>
/// <param name="Found">How many there are.</param>
/// <param name="Examined">How many were looked at.</param>
public sealed record AddressesUnexamined(int Found, int Examined) : Finding;

/// <summary>Two addresses of the same name answer the same request differently.</summary>
/// <param name="Address">One.</param>
/// <param name="Status">What it answers.</param>
/// <param name="Other">The other.</param>
/// <param name="OtherStatus">What that one answers.</param>
public sealed record AnswersDiffer(IpAddress Address, int Status, IpAddress Other, int OtherStatus) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Other.ToString();
}

/// <summary>The server thinks for long before its first byte.</summary>
/// <param name="WaitNanoseconds">From the request's last byte to the response's first.</param>
public sealed record AnswerSlow(long WaitNanoseconds) : Finding;

/// <summary>The time was over before everything was looked at.</summary>
/// <param name="Looks">How many looks were taken.</param>
/// <param name="Left">How many were left.</param>
public sealed record ExaminationCut(int Looks, int Left) : Finding;
