using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Options of curl that have another name here, or are not here: what a hand types that knows curl.</summary>
internal static class CurlHabits
{
    // curl's options of one letter that take a value (curl(1)).
    private const string WantValues = "AbcCdDeEFHhKmoPQrtTuUwxXyYz";

    private static readonly Dictionary<string, string> s_here = new(StringComparer.Ordinal)
    {
        ["-A"] = "-H 'User-Agent: NAME'",
        ["--user-agent"] = "-H 'User-Agent: NAME'",
        ["-e"] = "-H 'Referer: URL'",
        ["--referer"] = "-H 'Referer: URL'",
        ["--data-ascii"] = "--data",
        ["-s"] = "--body",
        ["--silent"] = "--body",
        ["-sS"] = "--body",
        ["-O"] = "-o FILE",
        ["--remote-name"] = "-o FILE",
        ["--dns-servers"] = "--server ADDR",
        ["-h"] = "--help",
        ["--manual"] = "--help",
        ["-M"] = "--help",
    };

    private static readonly Dictionary<string, CurlHabit> s_otherwise = new(StringComparer.Ordinal)
    {
        ["--json"] = CurlHabit.DataWithType,
        ["-S"] = CurlHabit.BodyTellsFailures,
        ["--show-error"] = CurlHabit.BodyTellsFailures,
        ["-i"] = CurlHabit.HeadIsShown,
        ["--include"] = CurlHabit.HeadIsShown,
        ["--show-headers"] = CurlHabit.HeadIsShown,
        ["--trace"] = CurlHabit.BytesAreShown,
        ["--trace-ascii"] = CurlHabit.BytesAreShown,
        ["-w"] = CurlHabit.TimesAreShown,
        ["--write-out"] = CurlHabit.TimesAreShown,
        ["--interface"] = CurlHabit.OwnHost,
        ["--http1.1"] = CurlHabit.SpokenAnyway,
    };

    private static readonly HashSet<string> s_missing = new(StringComparer.Ordinal)
    {
        "--location-trusted", "-f", "--fail", "--fail-with-body", "--preproxy", "--proxy-header",
        "-j", "--resolve", "--connect-to", "-4", "--ipv4", "-6", "--ipv6", "-E", "--cert", "--key",
            "--cacert", "--capath", "-K", "--config", "-J",
        "--remote-header-name", "--limit-rate", "-Z", "--parallel", "-N", "--no-buffer", "--ntlm", "--negotiate", "--http2",
        "--http2-prior-knowledge", "--http3", "--tlsv1.2", "--tlsv1.3", "-C", "--continue-at", "-z", "--time-cond", "--url", "-D", "--dump-header",
        "--path-as-is", "--request-target", "--unix-socket", "--keepalive-time", "--tcp-nodelay", "-a", "-l", "-Q", "-q", "-R", "-t", "-y",
            "-Y", "--create-dirs", "-#", "--progress-bar",
    };

    /// <summary>What to say of an option of curl's that is typed here; null when it is none, or is an option here as well.</summary>
    public static Phrase? Find(string option, IUsageSentences words)
    {
        if (s_here.TryGetValue(option, out var here)) { return words.CurlIsHere(option, here); }
        if (s_otherwise.TryGetValue(option, out var habit)) { return words.CurlIsOtherwise(option, habit); }
        if (s_missing.Contains(option)) { return words.CurlIsMissing(option); }
        // Several letters behind one hyphen: the first that is not an option here is what the matter is.
        if (option.Length > 2 && option[0] == '-' && option[1] != '-')
        {
            for (var i = 1; i < option.Length; i++)
            {
                // What stands behind a letter that wants a value is the value, perhaps a password.
                if (Find("-" + option[i], words) is { } one)
                {
                    return words.AmongLetters(WantValues.Contains(option[i], StringComparison.Ordinal) ? option[..(i + 1)] : option, one);
                }
            }
        }
        return null;
    }
}
