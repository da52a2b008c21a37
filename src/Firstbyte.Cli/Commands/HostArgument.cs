using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Telling.Sentences;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>What is typed where a host is wanted.</summary>
internal static class HostArgument
{
    /// <summary>The text, when it may be a host's name or address.</summary>
    /// <remarks>A URL, a subnet or a host with its port would each be a name that can be asked for, and is never meant as one.</remarks>
    /// <exception cref="UsageException">It is something else; the words say what, and what to write.</exception>
    public static string Check(Language language, string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw new UsageException(Url.TryParse(text, out var url) && url.Hostname.Length > 0
                ? language.Usage.HostIsUrl(url.Hostname)
                : language.Usage.NoDomainName(SecretText.MaskUrl(text)));
        }
        if (text.Contains('/', StringComparison.Ordinal) && IpPrefix.TryParse(text, out _)) { throw new UsageException(language.Usage.HostIsSubnet(text)); }
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && text.Length - colon is > 1 and <= 6 && text.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        // An IPv6 address has colons of its own; with a port it stands in brackets.
        if (hasPort && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[colon - 1] == ']'))
        {
            throw new UsageException(language.Usage.HostHasPort(text, text[..colon].Trim('[', ']')));
        }
        return text;
    }
}
