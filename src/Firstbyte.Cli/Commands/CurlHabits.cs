namespace Firstbyte.Cli.Commands;

/// <summary>Options of curl that have another name here, or are not here: what a hand types that knows curl.</summary>
internal static class CurlHabits
{
    private static readonly Dictionary<string, string> s_here = new(StringComparer.Ordinal)
    {
        ["-A"] = "-H 'User-Agent: NAME'",
        ["--user-agent"] = "-H 'User-Agent: NAME'",
        ["-b"] = "-H 'Cookie: NAME=VALUE'",
        ["--cookie"] = "-H 'Cookie: NAME=VALUE'",
        ["-e"] = "-H 'Referer: URL'",
        ["--referer"] = "-H 'Referer: URL'",
        ["-r"] = "-H 'Range: bytes=FIRST-LAST'",
        ["--range"] = "-H 'Range: bytes=FIRST-LAST'",
        ["-u"] = "the URL itself: http://NAME:PASSWORD@HOST/",
        ["--user"] = "the URL itself: http://NAME:PASSWORD@HOST/",
        ["--oauth2-bearer"] = "-H 'Authorization: Bearer TOKEN'",
        ["--json"] = "--data with -H 'Content-Type: application/json'",
        ["--data-raw"] = "--data",
        ["--data-ascii"] = "--data",
        ["-s"] = "--body",
        ["--silent"] = "--body",
        ["-sS"] = "--body",
        ["-S"] = "--body, which still tells of failures",
        ["--show-error"] = "--body, which still tells of failures",
        ["-O"] = "-o FILE",
        ["--remote-name"] = "-o FILE",
        ["-i"] = "nothing: the story shows the head; -v shows the bytes",
        ["--include"] = "nothing: the story shows the head; -v shows the bytes",
        ["--show-headers"] = "nothing: the story shows the head; -v shows the bytes",
        ["--trace"] = "-v, or --json for a program",
        ["--trace-ascii"] = "-v, or --json for a program",
        ["-w"] = "nothing: the last line has the times; --json has them for a program",
        ["--write-out"] = "nothing: the last line has the times; --json has them for a program",
        ["--dns-servers"] = "--server ADDR",
        ["--interface"] = "--tun NAME, for a host of our own",
        ["--http1.1"] = "nothing: it is what is spoken",
        ["--no-progress-meter"] = "nothing: there is none",
        ["-h"] = "--help",
        ["--manual"] = "--help",
        ["-M"] = "--help",
    };

    private static readonly HashSet<string> s_missing = new(StringComparer.Ordinal)
    {
        "-L", "--location", "--location-trusted", "--max-redirs", "-f", "--fail", "--fail-with-body", "-F", "--form", "-G", "--get", "-T", "--upload-file", "-x", "--proxy", "--noproxy",
        "-c", "--cookie-jar", "-j", "--compressed", "--resolve", "--connect-to", "-4", "--ipv4", "-6", "--ipv6", "-E", "--cert", "--key", "--cacert", "--capath", "-K", "--config", "-J",
        "--remote-header-name", "--retry", "--limit-rate", "-Z", "--parallel", "-N", "--no-buffer", "-n", "--netrc", "--digest", "--basic", "--ntlm", "--negotiate", "--anyauth", "--http2",
        "--http2-prior-knowledge", "--http3", "--tlsv1.2", "--tlsv1.3", "-C", "--continue-at", "-z", "--time-cond", "--data-urlencode", "--data-binary", "--url", "-D", "--dump-header",
        "--path-as-is", "--request-target", "--unix-socket", "--keepalive-time", "--tcp-nodelay", "-a", "-l", "-Q", "-q", "-R", "-t", "-y", "-Y", "--socks5", "--socks4", "--create-dirs", "-#", "--progress-bar",
    };

    /// <summary>What to say of an option of curl's that is typed here; null when it is none, or is an option here as well.</summary>
    public static string? Find(string option)
    {
        if (s_here.TryGetValue(option, out var here)) { return here.StartsWith("nothing", StringComparison.Ordinal) ? $"curl's {option} needs {here}" : $"curl's {option} is here {here}"; }
        if (s_missing.Contains(option)) { return $"curl's {option} is not here (yet)"; }
        // Several letters behind one hyphen: the first that is not an option here is what the matter is.
        if (option.Length > 2 && option[0] == '-' && option[1] != '-')
        {
            foreach (var letter in option.Skip(1)) { if (Find("-" + letter) is { } one) { return $"{option}: {one}"; } }
        }
        return null;
    }
}
