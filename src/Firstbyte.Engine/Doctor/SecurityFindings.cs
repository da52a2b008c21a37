using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Nobody speaks TLS for the site.</summary>
/// <param name="Port">Where it was asked for.</param>
public sealed record TlsAbsent(int Port) : Finding;

/// <summary>A certificate of the chain has a fault for which browsers refuse the site.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Addresses">The addresses that show it.</param>
public sealed record CertificateFaulty(CertificateFault Fault, IpAddress[] Addresses) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Fault?.Kind} {Fault?.Position}";
}

/// <summary>A certificate of the chain ends soon.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="Days">How many whole days are left.</param>
public sealed record CertificateExpiring(string Name, Instant NotAfter, int Days) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Name;
}

/// <summary>Two addresses of the same name show different certificates.</summary>
/// <param name="Address">One.</param>
/// <param name="NotAfter">Until when its certificate is valid.</param>
/// <param name="Other">The other.</param>
/// <param name="OtherNotAfter">Until when that one's is.</param>
public sealed record CertificatesDiffer(IpAddress Address, Instant NotAfter, IpAddress Other, Instant OtherNotAfter) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Other.ToString();
}

/// <summary>The newest version of TLS is not spoken.</summary>
/// <param name="Version">The one that is.</param>
public sealed record TlsOld(TlsVersion Version) : Finding;

/// <summary>The site is served without TLS, where it could be served over it.</summary>
/// <param name="Status">What the plain port answers.</param>
public sealed record PlainServed(int Status) : Finding;

/// <summary>The way from http: to https: is a redirect that is meant for this once.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Href">Where it leads.</param>
public sealed record RedirectTemporary(int Status, string Href) : Finding;

/// <summary>A redirect leads from https: to http:.</summary>
/// <param name="From">From where.</param>
/// <param name="To">Where to.</param>
public sealed record RedirectToPlain(string From, string To) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => From;
}

/// <summary>Redirects follow one another before there is a page.</summary>
/// <param name="Count">How many.</param>
public sealed record RedirectsMany(int Count) : Finding;

/// <summary>The site does not ask to be asked over TLS alone.</summary>
public sealed record HstsMissing : Finding;

/// <summary>What it says of it cannot be read, which makes it void.</summary>
/// <param name="Value">What it says.</param>
public sealed record HstsMalformed(string Value) : Finding;

/// <summary>The wish to be asked over TLS alone ends before a visitor may be back.</summary>
/// <param name="Seconds">How long it lasts; 0 takes it back.</param>
public sealed record HstsShort(long Seconds) : Finding;

/// <summary>The wish is said without TLS, where nobody may believe it.</summary>
public sealed record HstsOnPlain : Finding;
