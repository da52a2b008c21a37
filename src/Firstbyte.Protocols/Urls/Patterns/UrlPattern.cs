using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Firstbyte.Urls.Patterns;

/// <summary>A pattern that URLs match or not, component by component (WHATWG URL Pattern Standard): "https://*.example.com/books/:id(\\d+)".</summary>
/// <remarks>
/// Theory of operation. A pattern is eight patterns, one for each component of a URL. They are written as one string
/// (<see cref="ConstructorStringParser"/>) or one by one (<see cref="UrlPatternInit"/>), filled in from a base URL
/// (<see cref="PatternInitProcessing"/>), read into parts (<see cref="PatternParser"/>) with all fixed text put into the form that URLs have it
/// in (<see cref="PatternCanonicalization"/>), and compiled: parts without regular expressions by <see cref="PartMatcher"/>, which takes linear
/// time, the others by .NET's engines (<see cref="RegExpTranslation"/>). A pattern is immutable and may be used by many threads.
///
/// Regular expressions are read by ECMAScript's grammar with the "v" flag, as the standard says. What differs:
/// <list type="bullet">
/// <item>strings in classes (<c>\q{…}</c>), scripts other than Latin and Common, and binary properties beyond the common ones are refused
/// as unsupported;</item>
/// <item>a name may not occur twice, not even in different alternatives;</item>
/// <item>a group within a repetition keeps what it matched in an earlier round, where ECMAScript forgets it: this shows in back-references only;</item>
/// <item>a repetition may have a round that matches nothing; of the pattern's own optional groups such a round is undone, as ECMAScript does;</item>
/// <item>sizes are bounded (<see cref="UrlPatternLimits"/>), and a match that outlasts the limit is <see cref="UrlPatternOutcome.GivenUp"/>.</item>
/// </list>
/// Whether a URL matches is decided in linear time, unless an expression has look-around or back-references, or so many choices for so long
/// an input that the linear engine would need too much memory (<see cref="UrlPatternLimits.RegExpMemory"/>).
/// </remarks>
public sealed partial class UrlPattern
{
    private readonly ComponentPattern[] _components;

    private UrlPattern(ComponentPattern[] components, UrlPatternOptions options)
    {
        _components = components;
        Options = options;
    }

    /// <summary>How the pattern matches.</summary>
    public UrlPatternOptions Options { get; }

    /// <summary>The pattern of the scheme, in its normal form.</summary>
    public string Protocol => this[UrlPart.Scheme];

    /// <summary>The pattern of the username, in its normal form.</summary>
    public string Username => this[UrlPart.Username];

    /// <summary>The pattern of the password, in its normal form.</summary>
    public string Password => this[UrlPart.Password];

    /// <summary>The pattern of the host without the port, in its normal form.</summary>
    public string Hostname => this[UrlPart.Host];

    /// <summary>The pattern of the port, in its normal form; "" is the scheme's default.</summary>
    public string Port => this[UrlPart.Port];

    /// <summary>The pattern of the path, in its normal form.</summary>
    public string Pathname => this[UrlPart.Path];

    /// <summary>The pattern of the query without "?", in its normal form.</summary>
    public string Search => this[UrlPart.Query];

    /// <summary>The pattern of the fragment without "#", in its normal form.</summary>
    public string Hash => this[UrlPart.Fragment];

    /// <summary>The pattern of a component, in its normal form.</summary>
    public string this[UrlPart part] => _components[(int)part].Text;

    /// <summary>True when a component has a group with a regular expression of its own.</summary>
    public bool HasRegExpGroups => Array.Exists(_components, component => component.HasRegExpGroups);

    /// <summary>The compiled pattern of a component.</summary>
    internal ComponentPattern Component(UrlPart part) => _components[(int)part];

    /// <summary>The components, from which the same pattern can be made.</summary>
    public UrlPatternInit ToInit() => new(Protocol, Username, Password, Hostname, Port, Pathname, Search, Hash);

    /// <summary>The patterns of the components.</summary>
    public override string ToString() => ToInit().ToString();

    /// <summary>Reads a pattern string; it must have a protocol.</summary>
    public static bool TryParse([NotNullWhen(true)] string? pattern, [NotNullWhen(true)] out UrlPattern? result) =>
        TryParse(pattern, null, UrlPatternOptions.None, out result, out _);

    /// <summary>Reads a pattern string, a relative one against a base URL; <paramref name="error"/> says why there is no pattern, and where.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? pattern, string? baseUrl, UrlPatternOptions options, [NotNullWhen(true)] out UrlPattern? result,
        [NotNullWhen(false)] out UrlPatternError? error)
    {
        result = null;
        var input = pattern ?? "";
        if (input.Length > UrlPatternLimits.PatternLength)
        {
            error = new UrlPatternError(input, UrlPatternFault.PatternTooLong, null, UrlPatternLimits.PatternLength);
            return false;
        }
        var values = ConstructorStringParser.Parse(input, baseUrl, out var fault);
        error = values is null ? new UrlPatternError(input, fault!.Reason, UrlPart.Scheme, fault.Position)
            : baseUrl is null && values[UrlPart.Scheme] is null ? new UrlPatternError(input, UrlPatternFault.BaseUrlMissing, null, 0)
            : null;
        if (error is null) { result = Build(values!, options, input, out error); }
        return result is not null;
    }

    /// <summary>Makes a pattern of its components.</summary>
    public static bool TryCreate(
        UrlPatternInit init, UrlPatternOptions options, [NotNullWhen(true)] out UrlPattern? result,
        [NotNullWhen(false)] out UrlPatternError? error)
    {
        ArgumentNullException.ThrowIfNull(init);
        result = Build(ComponentValues.Of(init), options, null, out error);
        return result is not null;
    }

    /// <summary>Reads a pattern string, a relative one against a base URL, or throws.</summary>
    /// <exception cref="UrlPatternFormatException">It is no pattern; the exception carries input, reason and position.</exception>
    public static UrlPattern Parse(string pattern, string? baseUrl = null, UrlPatternOptions options = UrlPatternOptions.None)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return TryParse(pattern, baseUrl, options, out var result, out var error) ? result : throw new UrlPatternFormatException(error);
    }

    /// <summary>Makes a pattern of its components, or throws.</summary>
    /// <exception cref="UrlPatternFormatException">A component is no pattern; the exception carries its text, the reason and the position.</exception>
    public static UrlPattern Create(UrlPatternInit init, UrlPatternOptions options = UrlPatternOptions.None) =>
        TryCreate(init, options, out var result, out var error) ? result : throw new UrlPatternFormatException(error);

    // https://urlpattern.spec.whatwg.org/#url-pattern-create. "whole" is the constructor string, in which errors are placed.
    private static UrlPattern? Build(ComponentValues given, UrlPatternOptions options, string? whole, out UrlPatternError? error)
    {
        var values = PatternInitProcessing.ForPattern(given, out var reason);
        if (values is null)
        {
            error = new UrlPatternError(given.BaseUrl ?? "", reason, null, 0);
            return null;
        }
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++) { values[part] ??= "*"; }
        var defaultPort = SpecialSchemes.Of(values[UrlPart.Scheme]).DefaultPort();
        if (defaultPort >= 0 && values[UrlPart.Port] == defaultPort.ToString(CultureInfo.InvariantCulture)) { values[UrlPart.Port] = ""; }

        var components = new ComponentPattern[ComponentValues.Count];
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            var (rules, encoding) = RulesOf(
                part, values[part]!, part > UrlPart.Scheme && components[(int)UrlPart.Scheme].MatchesSpecialScheme(),
                options.HasFlag(UrlPatternOptions.IgnoreCase));
            var component = ComponentPattern.Compile(values[part]!, part, rules, encoding, out var fault);
            if (component is null)
            {
                var position = Math.Max(0, fault!.Position + values.StartOf(part));
                error = new UrlPatternError(whole ?? given[part] ?? values[part]!, fault.Reason, part, position);
                return null;
            }
            components[(int)part] = component;
        }
        error = null;
        return new UrlPattern(components, options);
    }

    private static (PatternRules Rules, PatternEncoding Encoding) RulesOf(UrlPart part, string pattern, bool isSpecial, bool ignoreCase) => part switch
    {
        UrlPart.Scheme => (PatternRules.Default, PatternCanonicalization.Protocol),
        UrlPart.Username => (PatternRules.Default, PatternCanonicalization.Username),
        UrlPart.Password => (PatternRules.Default, PatternCanonicalization.Password),
        UrlPart.Host => (PatternRules.Hostname, IsIpv6(pattern) ? PatternCanonicalization.Ipv6Hostname : PatternCanonicalization.Hostname),
        UrlPart.Port => (PatternRules.Default, PatternCanonicalization.Port),
        UrlPart.Path when isSpecial => (PatternRules.Pathname with { IgnoreCase = ignoreCase }, PatternCanonicalization.Pathname),
        UrlPart.Path => (PatternRules.Default with { IgnoreCase = ignoreCase }, PatternCanonicalization.OpaquePathname),
        UrlPart.Query => (PatternRules.Default with { IgnoreCase = ignoreCase }, PatternCanonicalization.Search),
        _ => (PatternRules.Default with { IgnoreCase = ignoreCase }, PatternCanonicalization.Hash),
    };

    // https://urlpattern.spec.whatwg.org/#hostname-pattern-is-an-ipv6-address
    private static bool IsIpv6(string pattern) => pattern.Length >= 2 && (pattern[0] == '[' || (pattern[0] is '{' or '\\' && pattern[1] == '['));
}
