namespace Firstbyte.Doctor;

/// <summary>How far an examination goes; all of them are own choices.</summary>
public static class DoctorLimits
{
    /// <summary>Addresses that are looked at, over http: and over https: each; names have one to four, those of the largest networks up to eight.</summary>
    public const int Addresses = 8;

    /// <summary>Redirects that are followed: a page that is further away is a finding itself.</summary>
    public const int Redirects = 10;

    /// <summary>Bytes of content that a look reads: what is longer is as good as read.</summary>
    public const int ContentBytes = 1 << 20;

    /// <summary>Cookies that findings are made of.</summary>
    public const int Cookies = 20;

    /// <summary>Alternative services of one field, and parameters of one record, that are read.</summary>
    public const int Offers = 16;

    /// <summary>How long one look may take.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    /// <summary>How long one look may take to connect: visitors are gone by then.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    /// <summary>How long all of it may take, unless somebody says otherwise.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromSeconds(90);

    /// <summary>From here on a certificate ends soon: two weeks, or the last quarter of a life that is short (RFC 8739 has them live for days).</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromDays(14);

    /// <summary>Less than half a year of HSTS has run out before many a visitor comes back.</summary>
    public static readonly TimeSpan HstsAge = TimeSpan.FromDays(180);

    /// <summary>A clock that is so far off is wrong, and no matter of the way.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>A server that thinks for longer is slow.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>Seconds between which operators keep REFRESH: from 20 minutes (RFC 1912 section 2.2) to a day (RIPE-203).</summary>
    public const uint LeastRefresh = 20 * 60, MostRefresh = 24 * 60 * 60;

    /// <summary>Secondaries that ask again more often than every two minutes are a nuisance (own choice); the most is REFRESH itself.</summary>
    public const uint LeastRetry = 2 * 60;

    /// <summary>
    /// Seconds between which operators keep EXPIRE: longer than a week, in which nobody may look (own choice), and up to six (RIPE-203 has 1,000 hours).
    /// </summary>
    public const uint LeastExpire = 7 * 24 * 60 * 60, MostExpire = 6 * LeastExpire;

    /// <summary>
    /// Seconds for which it may be remembered that there is nothing: a minute (own choice) to a day, above which it becomes a trouble (RFC 2308 section 5).
    /// </summary>
    public const uint LeastMinimum = 60, MostMinimum = 24 * 60 * 60;

    /// <summary>
    /// Signatures that end earlier leave no time for a weekend and a repair (own choice; signers of today make them anew when a week is left).
    /// </summary>
    public static readonly TimeSpan LeastValidity = TimeSpan.FromDays(7);

    /// <summary>Redirects that nobody minds: http: to https:, and to the name that the site goes by.</summary>
    public const int RedirectsAsUsual = 2;

    /// <summary>Bytes of text that fit into one segment: to make them fewer saves nothing.</summary>
    public const int UncodedBytes = 1400;

    /// <summary>Servers of one zone that are asked, by address: thirteen with an address of either version, as the root has.</summary>
    public const int ServersPerZone = 26;

    /// <summary>How long a server is waited for, each time.</summary>
    public static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(2);

    /// <summary>A server that takes longer is slow: from the other end of the world it is less.</summary>
    public static readonly TimeSpan ServerWait = TimeSpan.FromMilliseconds(500);
}
