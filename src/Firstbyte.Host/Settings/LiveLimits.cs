namespace Firstbyte.Host.Settings;

/// <summary>The limits of what a page may have done here. What is not set on the command line is our own choice.</summary>
internal sealed record LiveLimits
{
    /// <summary>The longest URL that is taken: what servers take (RFC 9110 4.1 asks for 8000 bytes at least).</summary>
    public const int MaxUrl = 8_192;

    /// <summary>The longest request that is read: a URL, all of it escaped, and a few words.</summary>
    public const int MaxRequest = 64 * 1024;

    /// <summary>Redirects in a row: the Fetch standard's.</summary>
    public const int MaxRedirects = 20;

    /// <summary>Events of a journey: one of 8 MiB in small pieces has some ten thousand.</summary>
    public const int MaxEvents = 50_000;

    /// <summary>Bytes of a body that the page is given to show: what it shows of a lab's, too.</summary>
    public const int MaxShown = 64 * 1024;

    /// <summary>Journeys of which something is kept.</summary>
    public const int MaxKept = 16;

    /// <summary>Bytes of content that are kept for archives, of all journeys together.</summary>
    public const long MaxKeptBytes = 64 * 1024 * 1024;

    /// <summary>How long a journey may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of content that it may bring.</summary>
    public long Bytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many may be under way at once.</summary>
    public int Journeys { get; init; } = 4;
}
