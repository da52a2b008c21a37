using System.Text;
using Firstbyte.Urls;

namespace Firstbyte.Http.Cookies;

/// <summary>The names under which strangers register names of their own, as public_suffix_list.dat lists them.</summary>
/// <remarks>
/// The list is never parsed: a rule is a line of it, and a line is found in a quarter of a megabyte in microseconds. A host has as many candidates as labels.
/// It is Mozilla's, under the Mozilla Public License 2.0, in a file of its own, unchanged as Debian's package publicsuffix has it (20230209.2326-1).
/// </remarks>
public static class PublicSuffixes
{
    private static readonly Lazy<byte[]> s_list = new(static () =>
    {
        using var resource = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("public_suffix_list.dat")!;
        // A line end before the first line and behind the last: every rule stands between two.
        var list = new byte[resource.Length + 2];
        resource.ReadExactly(list, 1, (int)resource.Length);
        list[0] = list[^1] = (byte)'\n';
        return list;
    });

    /// <summary>The public suffix of a host's name: its last label where no rule says more (the prevailing rule is "*").</summary>
    /// <param name="host">In lower case, as a URL has it.</param>
    public static string Of(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var labels = host.Split('.');
        if (labels.Length == 1) { return host; }
        var unicode = labels.Select(ToUnicode).ToArray();
        for (var at = 0; at < labels.Length; at++)
        {
            var name = string.Join('.', unicode[at..]);
            var above = string.Join('.', unicode[Math.Min(at + 1, labels.Length)..]);
            // An exception says that the name is none of those that a wildcard above it means.
            if (at + 1 < labels.Length && Has("!" + name)) { return string.Join('.', labels[(at + 1)..]); }
            if (Has(name) || (at + 1 < labels.Length && Has("*." + above))) { return string.Join('.', labels[at..]); }
        }
        return labels[^1];
    }

    /// <summary>Whether a name is a public suffix itself.</summary>
    public static bool Is(string host) => Of(host) == host;

    /// <summary>What two hosts of one owner have in common: the public suffix and the label before it; the host where there is none.</summary>
    public static string SiteOf(string host)
    {
        var suffix = Of(host);
        if (host.Length <= suffix.Length) { return host; }
        var owner = host[..^(suffix.Length + 1)];
        return host[(owner.LastIndexOf('.') + 1)..];
    }

    private static bool Has(string rule) => s_list.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes("\n" + rule + "\n")) >= 0;

    // The list has its names in letters, a URL has them in Punycode.
    private static string ToUnicode(string label) => label.StartsWith("xn--", StringComparison.Ordinal) ? HostParser.ToUnicode(label) : label;
}
