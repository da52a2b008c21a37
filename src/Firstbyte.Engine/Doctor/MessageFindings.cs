using System.Globalization;
using System.Text.Json.Serialization;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;

namespace Firstbyte.Doctor;

/// <summary>The page is an error.</summary>
/// <param name="Status">Its status, 400 or more.</param>
public sealed record ErrorAnswered(int Status) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Status.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message is not as the specification wants it.</summary>
/// <param name="Flaw">What is wrong.</param>
/// <param name="Action">What was done about it here; others may do otherwise.</param>
public sealed record MessageFlawed(MessageFlaw Flaw, FlawAction Action) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Flaw.ToString();
}

/// <summary>Only the end of the connection shows the end of the content: nobody sees whether some of it is missing.</summary>
public sealed record EndByClose : Finding;

/// <summary>The server closes the connection after each response.</summary>
public sealed record ConnectionNotKept : Finding;

/// <summary>The server answers in an older version of HTTP/1.</summary>
/// <param name="Version">Which, as it writes it.</param>
public sealed record VersionOld(string Version) : Finding;

/// <summary>The response does not say when it was made.</summary>
public sealed record DateMissing : Finding;

/// <summary>What the response says of when it was made is not now: the server's clock is wrong, or this host's.</summary>
/// <param name="Seconds">How far it is ahead; less than 0 where it is behind.</param>
public sealed record DateWrong(long Seconds) : Finding;

/// <summary>The content does not say what it is.</summary>
public sealed record TypeMissing : Finding;

/// <summary>A text does not say in which characters it is written.</summary>
/// <param name="Type">What it is.</param>
public sealed record CharsetMissing(string Type) : Finding;

/// <summary>The response says nothing about how long it may be kept: caches guess.</summary>
public sealed record CacheSilent : Finding;

/// <summary>What the response says about keeping it is not to be reconciled.</summary>
/// <param name="Value">What it says.</param>
public sealed record CacheContradictory(string Value) : Finding;

/// <summary>A response that sets a cookie may be kept by caches that serve many.</summary>
/// <param name="Value">What it says about keeping.</param>
public sealed record CookieCached(string Value) : Finding;

/// <summary>Nothing in the response would show later whether it is still the same.</summary>
public sealed record ValidatorMissing : Finding;

/// <summary>The server sends everything again to whoever asks whether it is still the same.</summary>
/// <param name="Validator">By what it was asked.</param>
public sealed record ValidatorIgnored(string Validator) : Finding;

/// <summary>A text is sent as it is, though the client takes it compressed.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Bytes">How long it is.</param>
public sealed record ContentUncoded(string Type, long Bytes) : Finding;

/// <summary>The response depends on what the client takes, and does not say so to caches.</summary>
/// <param name="Coding">The content coding that it has.</param>
public sealed record VaryMissing(string Coding) : Finding;

/// <summary>A cookie that others than its server can get at.</summary>
/// <param name="Name">Which.</param>
/// <param name="Gap">What it lacks.</param>
public sealed record CookieOpen(string Name, CookieGap Gap) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Gap} {Name}";
}

/// <summary>What a cookie lacks.</summary>
public enum CookieGap
{
    /// <summary>Secure: it goes over connections that everybody reads.</summary>
    Secure,

    /// <summary>HttpOnly: every script of the page reads it.</summary>
    HttpOnly,

    /// <summary>SameSite: which requests of other sites it goes along with is left to the browser.</summary>
    SameSite,
}

/// <summary>A cookie that browsers do not keep.</summary>
/// <param name="Name">Which; empty where it has no name.</param>
/// <param name="Why">Why.</param>
public sealed record CookieNotKept(string Name, CookieRefusal Why) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Why} {Name}";
}

/// <summary>HTTP/2 is not offered in the TLS handshake.</summary>
/// <param name="Chosen">What is agreed on instead; null for nothing.</param>
public sealed record Http2NotOffered(string? Chosen) : Finding;

/// <summary>HTTP/3 is offered neither by a field nor by a record of the name.</summary>
public sealed record Http3NotOffered : Finding;

/// <summary>What the response says of alternative services cannot be read.</summary>
/// <param name="Value">What it says.</param>
public sealed record AltSvcMalformed(string Value) : Finding;

/// <summary>The record of the name offers a protocol that the server does not speak.</summary>
/// <param name="Protocol">Which, by its ALPN identifier.</param>
/// <param name="Chosen">What is agreed on instead; null for nothing.</param>
public sealed record OfferNotKept(string Protocol, string? Chosen) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Protocol;
}
