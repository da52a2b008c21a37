using System.CommandLine;
using System.CommandLine.Parsing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The options by which a proxy is named, and what the environment says where they do not.</summary>
internal sealed class ProxyOptions(Language language)
{
    // As curl's, http's in lower case alone.
    private static readonly (string Scheme, string[] Variables)[] s_variables =
    [
        ("http", ["http_proxy"]), ("https", ["https_proxy", "HTTPS_PROXY"]), ("ftp", ["ftp_proxy", "FTP_PROXY"]), ("ftps", ["ftps_proxy", "FTPS_PROXY"]),
        ("", ["all_proxy", "ALL_PROXY"]),
    ];

    private readonly Option<string?> _proxy = Of(language.Help.Proxy, "PROXY", "--proxy", "-x");
    private readonly Option<string?> _socks4 = Of(language.Help.Socks4, "HOST", "--socks4");
    private readonly Option<string?> _socks4a = Of(language.Help.Socks4a, "HOST", "--socks4a");
    private readonly Option<string?> _socks5 = Of(language.Help.Socks5, "HOST", "--socks5");
    private readonly Option<string?> _socks5Hostname = Of(language.Help.Socks5Hostname, "HOST", "--socks5-hostname");
    private readonly Option<string?> _user = Of(language.Help.ProxyUser, "USER:PASSWORD", "--proxy-user", "-U");
    private readonly Option<bool> _basic = new("--proxy-basic") { Description = language.Help.ProxyBasic };
    private readonly Option<bool> _digest = new("--proxy-digest") { Description = language.Help.ProxyDigest };
    private readonly Option<bool> _anyAuth = new("--proxy-anyauth") { Description = language.Help.ProxyAnyAuth };
    private readonly Option<string?> _exceptions = Of(language.Help.NoProxy, "LIST", "--noproxy");
    private readonly Option<bool> _tunnel = new("--proxytunnel", "-p") { Description = language.Help.ProxyTunnel };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
        [_proxy, _socks4, _socks4a, _socks5, _socks5Hostname, _user, _basic, _digest, _anyAuth, _exceptions, _tunnel];

    /// <summary>Whether it holds a password, which a record has no place for.</summary>
    public bool IsSecret(Option option) => option == _user;

    /// <summary>Which proxy is for which URL, by the options alone.</summary>
    /// <exception cref="UsageException">What was typed names no proxy.</exception>
    public ProxyChoice Read(ParseResult parsed)
    {
        var (given, isNone) = Given(parsed);
        return new ProxyChoice(language, isNone, new ProxySettings
        {
            Given = given,
            Exceptions = parsed.GetValue(_exceptions) is { } list ? new NoProxyList(list) : null,
            TunnelsAll = parsed.GetValue(_tunnel),
            Credentials = CredentialsOf(parsed.GetValue(_user)),
            Authentication = parsed.GetValue(_anyAuth) ? AuthenticationSchemes.AnyWithPassword
                : !parsed.GetValue(_digest) ? AuthenticationSchemes.Basic
                : AuthenticationSchemes.Digest | (parsed.GetValue(_basic) ? AuthenticationSchemes.Basic : AuthenticationSchemes.None),
        });
    }

    /// <summary>Adds what the environment says, where the options say nothing.</summary>
    /// <exception cref="UsageException">A variable names no proxy.</exception>
    private static ProxySettings WithVariables(Language language, ProxySettings settings, Func<string, string?> variables)
    {
        if (settings.Given is not null) { return WithExceptions(settings, variables); }
        var named = new List<NamedProxy>();
        foreach (var (scheme, names) in s_variables)
        {
            foreach (var name in names)
            {
                if (variables(name) is not { Length: > 0 } value) { continue; }
                named.Add(new NamedProxy(scheme, name, Proxy(language, name, value, ProxyKind.Http)));
                break;
            }
        }
        return WithExceptions(settings with { Named = named, Unread = variables("HTTP_PROXY") is { Length: > 0 } unread ? unread : null }, variables);
    }

    private static ProxySettings WithExceptions(ProxySettings settings, Func<string, string?> variables)
    {
        if (settings.Exceptions is not null) { return settings; }
        foreach (var name in (string[])["no_proxy", "NO_PROXY"])
        {
            if (variables(name) is { Length: > 0 } list) { return settings with { Exceptions = new NoProxyList(list), ExceptionsFrom = name }; }
        }
        return settings;
    }

    // The last one that was typed, as curl has it; an empty one says that there is none, whatever the environment says.
    private (ProxyAddress? Proxy, bool IsNone) Given(ParseResult parsed)
    {
        (Option<string?> Option, ProxyKind Kind)[] kinds =
        [
            (_proxy, ProxyKind.Http), (_socks4, ProxyKind.Socks4), (_socks4a, ProxyKind.Socks4a), (_socks5, ProxyKind.Socks5),
            (_socks5Hostname, ProxyKind.Socks5h),
        ];
        var last = parsed.Tokens.LastOrDefault(token => token.Type == TokenType.Option && kinds.Any(one => Names(one.Option, token.Value)));
        if (last is null) { return (null, false); }
        var (option, kind) = Array.Find(kinds, one => Names(one.Option, last.Value));
        var text = parsed.GetValue(option) ?? "";
        return text.Length == 0 && option == _proxy ? (null, true) : (Proxy(language, last.Value, text, kind), false);
    }

    private static bool Names(Option option, string text) => option.Name == text || option.Aliases.Contains(text);

    private static ProxyAddress Proxy(Language language, string option, string text, ProxyKind kind) =>
        ProxyAddress.TryRead(text, kind, out var proxy, out var fault)
            ? proxy
            : throw new UsageException(language.Proxies.NoProxy(option, SecretText.MaskUrl(text), fault));

    private Credentials? CredentialsOf(string? user)
    {
        if (user is null) { return null; }
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? new Credentials(user[..colon], user[(colon + 1)..]) : throw new UsageException(language.Proxies.NoPassword);
    }

    private static Option<string?> Of(string description, string value, string name, params string[] letters) =>
        new(name, letters) { Description = description, HelpName = value };

    /// <summary>What the options say, until it is known where the command runs.</summary>
    /// <param name="Language">In which a variable is complained of.</param>
    /// <param name="IsNone">The options say that there is no proxy.</param>
    /// <param name="Settings">What they say.</param>
    internal sealed record ProxyChoice(Language Language, bool IsNone, ProxySettings Settings)
    {
        /// <summary>Whether the proxy may have to be asked twice.</summary>
        public bool MayAskTwice => Settings.Authentication.HasFlag(AuthenticationSchemes.Digest);

        /// <summary>Which proxy is for which URL, at a place with these variables.</summary>
        /// <exception cref="UsageException">A variable names no proxy.</exception>
        public ProxySettings At(Func<string, string?> variables) => IsNone ? ProxySettings.None : WithVariables(Language, Settings, variables);
    }
}
