using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Http.Cookies;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Urls;

namespace Firstbyte.Doctor;

/// <summary>All that the looks at a site have shown, for whoever judges it.</summary>
internal sealed class Examination(Url url, INetwork network, INameResolver resolver)
{
    private readonly List<Finding> _findings = [];

    /// <summary>The URL that was asked for.</summary>
    public Url Url { get; } = url;

    /// <summary>The host's network, for an examiner who asks by himself.</summary>
    public INetwork Network { get; } = network;

    /// <summary>The host's resolver, for an examiner who asks by himself.</summary>
    public INameResolver Resolver { get; } = resolver;

    /// <summary>Whether the URL names its host by a name.</summary>
    public bool IsNamed => Url.HostKind is not (UrlHostKind.Ipv4 or UrlHostKind.Ipv6);

    /// <summary>The name or the literal address, without the brackets of an IPv6 address.</summary>
    public string Host => Url.HostKind == UrlHostKind.Ipv6 ? Url.Hostname[1..^1] : Url.Hostname;

    /// <summary>The journey as it was asked for; null where there was no time for it.</summary>
    public Look? Journey { get; set; }

    /// <summary>The cookies that a visitor has after it.</summary>
    public CookieJar Cookies { get; } = new();

    /// <summary>All addresses of the name.</summary>
    public IpAddress[] Addresses { get; set; } = [];

    /// <summary>Whether both questions for addresses were answered, so that what is missing does not exist.</summary>
    public bool AreAddressesKnown { get; set; }

    /// <summary>Versions to whose addresses this host has no way.</summary>
    public List<(IpVersion Version, int Addresses)> OutOfReach { get; } = [];

    /// <summary>How many addresses were to be looked at; the others are too many.</summary>
    public int Examined { get; set; }

    /// <summary>The looks at one address each.</summary>
    public List<AddressLook> Looks { get; } = [];

    /// <summary>What the HTTPS records of the name offer; null without.</summary>
    public string[]? RecordOffers { get; set; }

    /// <summary>A handshake that offered every protocol; null where none was made.</summary>
    public TlsHandshakeCompleted? Offers { get; set; }

    /// <summary>The status by which a server answers whoever asks whether its page is still the same; 0 where nobody has asked.</summary>
    public int ValidationStatus { get; set; }

    /// <summary>By what that was asked.</summary>
    public string Validator { get; set; } = "";

    /// <summary>Looks that were taken.</summary>
    public int Taken { get; set; }

    /// <summary>Looks for which there was no time.</summary>
    public int Left { get; set; }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The page: the last response of the journey; null where there is none.</summary>
    public Hop? Page => Journey?.Last is { Head: not null } hop ? hop : null;

    /// <summary>Every request of every look that has a response or at least a connection.</summary>
    public IEnumerable<Hop> Hops => (Journey?.Hops ?? []).Concat(Looks.SelectMany(static look => look.Seen.Hops));

    /// <summary>Something was found; the same twice is found once.</summary>
    public void Find(Finding finding)
    {
        if (!_findings.Exists(other => other.IsSameAs(finding))) { _findings.Add(finding); }
    }
}
