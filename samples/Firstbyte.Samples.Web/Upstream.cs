using Firstbyte.Urls;

namespace Firstbyte.Samples.Web;

/// <summary>A setting that is a URL.</summary>
internal sealed class Upstream
{
    /// <summary>Where to.</summary>
    public Url? Address { get; set; }
}

/// <summary>What the sample answers.</summary>
internal sealed record UrlParts(string Href, string Origin, string Host, string Path);
