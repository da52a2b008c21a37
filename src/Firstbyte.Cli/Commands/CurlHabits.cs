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
        ["--data-ascii"] = "--data",
        ["--dns-servers"] = "--server ADDR",
        ["-h"] = "--help",
        ["--manual"] = "--help",
        ["-M"] = "--help",
    };

    private static readonly Dictionary<string, CurlHabit> s_otherwise = new(StringComparer.Ordinal)
    {
        ["--json"] = CurlHabit.DataWithType,
        ["--trace"] = CurlHabit.BytesAreShown,
        ["--trace-ascii"] = CurlHabit.BytesAreShown,
        ["--interface"] = CurlHabit.OwnHost,
        ["--http1.1"] = CurlHabit.SpokenAnyway,
    };

    // curl's options by its own help (curl 7.88, and what 8.0 to 8.17 have added): those that are here are found before anybody asks for this list.
    private const string All = """
        -# -0 -1 -2 -3 -4 -6 -A -a -B -b -C -c -D -d -E -e -F -f -G -g -H -h -I -i -J -j -K -k -L -l -M -m -N -n -O -P -p -Q -q -R -r -S -s -T -t -U -u -V
        -v -w -X -x -Y -y -Z -z --abstract-unix-socket --alt-svc --anyauth --append --aws-sigv4 --basic --ca-native --cacert --capath --cert --cert-status
        --cert-type --ciphers --compressed --compressed-ssh --config --connect-timeout --connect-to --continue-at --cookie --cookie-jar --create-dirs
        --create-file-mode --crlf --crlfile --curves --data --data-ascii --data-binary --data-raw --data-urlencode --delegation --digest --disable
        --disable-eprt --disable-epsv --disallow-username-in-url --dns-interface --dns-ipv4-addr --dns-ipv6-addr --dns-servers --doh-cert-status
        --doh-insecure --doh-url --dump-ca-embed --dump-header --ech --egd-file --engine --etag-compare --etag-save --expect100-timeout --fail
        --fail-early --fail-with-body --false-start --follow --form --form-escape --form-string --ftp-account --ftp-alternative-to-user --ftp-create-dirs
        --ftp-method --ftp-pasv --ftp-port --ftp-pret --ftp-skip-pasv-ip --ftp-ssl-ccc --ftp-ssl-ccc-mode --ftp-ssl-control --get --globoff
        --happy-eyeballs-timeout-ms --haproxy-clientip --haproxy-protocol --head --header --help --hostpubmd5 --hostpubsha256 --hsts --http0.9 --http1.0
        --http1.1 --http2 --http2-prior-knowledge --http3 --http3-only --ignore-content-length --include --insecure --interface --ip-tos --ipfs-gateway
        --ipv4 --ipv6 --json --junk-session-cookies --keepalive-cnt --keepalive-time --key --key-type --knownhosts --krb --libcurl --limit-rate
        --list-only --local-port --location --location-trusted --login-options --mail-auth --mail-from --mail-rcpt --mail-rcpt-allowfails --manual
        --max-filesize --max-redirs --max-time --metalink --mptcp --negotiate --netrc --netrc-file --netrc-optional --next --no-alpn --no-buffer
        --no-clobber --no-keepalive --no-npn --no-progress-meter --no-proxy-ca-native --no-sessionid --noproxy --ntlm --ntlm-wb --oauth2-bearer --out-null
        --output --output-dir --parallel --parallel-immediate --parallel-max --parallel-max-host --pass --path-as-is --pinnedpubkey --post301 --post302
        --post303 --preproxy --progress-bar --proto --proto-default --proto-redir --proxy --proxy-anyauth --proxy-basic --proxy-ca-native --proxy-cacert
        --proxy-capath --proxy-cert --proxy-cert-type --proxy-ciphers --proxy-crlfile --proxy-digest --proxy-header --proxy-http2 --proxy-insecure
        --proxy-key --proxy-key-type --proxy-negotiate --proxy-ntlm --proxy-pass --proxy-pinnedpubkey --proxy-service-name --proxy-ssl-allow-beast
        --proxy-ssl-auto-client-cert --proxy-tls13-ciphers --proxy-tlsauthtype --proxy-tlspassword --proxy-tlsuser --proxy-tlsv1 --proxy-user --proxy1.0
        --proxytunnel --pubkey --quote --random-file --range --rate --raw --referer --remote-header-name --remote-name --remote-name-all --remote-time
        --remove-on-error --request --request-target --resolve --retry --retry-all-errors --retry-connrefused --retry-delay --retry-max-time
        --sasl-authzid --sasl-ir --service-name --show-error --show-headers --sigalgs --silent --skip-existing --socks4 --socks4a --socks5 --socks5-basic
        --socks5-gssapi --socks5-gssapi-nec --socks5-gssapi-service --socks5-hostname --speed-limit --speed-time --ssl --ssl-allow-beast
        --ssl-auto-client-cert --ssl-no-revoke --ssl-reqd --ssl-revoke-best-effort --ssl-sessions --sslv2 --sslv3 --stderr --styled-output
        --suppress-connect-headers --tcp-fastopen --tcp-nodelay --telnet-option --tftp-blksize --tftp-no-options --time-cond --tls-earlydata --tls-max
        --tls13-ciphers --tlsauthtype --tlspassword --tlsuser --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --tr-encoding --trace --trace-ascii
        --trace-config --trace-ids --trace-time --unix-socket --upload-file --upload-flags --url --url-query --use-ascii --user --user-agent --variable
        --verbose --version --vlan-priority --write-out --xattr
        """;

    private static readonly HashSet<string> s_missing = [.. All.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), "-:"];

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
