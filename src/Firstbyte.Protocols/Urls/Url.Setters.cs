using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>The standard's setters (WHATWG URL section 6.1), each as the URL that it would leave behind.</summary>
/// <remarks>
/// A setter runs the basic URL parser with a state override: it starts in the part's own state and stops behind the part. A value that the
/// standard ignores gives the same instance. Unlike the parser a setter does not trim its value; tabs and newlines are dropped (but in a
/// username or password, which no state reads).
/// </remarks>
public sealed partial class Url
{
    /// <summary>A host or port may be given credentials and a port: there is a host, it is not empty, and the scheme is not "file".</summary>
    private bool CanHaveCredentialsOrPort => Offsets.HostKind is not (UrlHostKind.None or UrlHostKind.Empty) && Offsets.Scheme != SpecialScheme.File;

    /// <summary>With another scheme; "https" and "https:" both do. A special scheme cannot become one that is not, nor the other way round.</summary>
    public Url WithProtocol(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var cleaned = new CleanedInput(value, trim: false);
        var text = cleaned.Text;
        var end = text.IndexOfAnyExcept(UrlParser.SchemeCharacters);
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]) || (end >= 0 && text[end] != ':')) { return this; }
        var scheme = (end < 0 ? text : text[..end]).ToString().ToLowerInvariant();
        var special = SpecialSchemes.Of(scheme);
        if ((special == SpecialScheme.None) == IsSpecial) { return this; }
        if (special == SpecialScheme.File && (HasCredentials || Offsets.Port >= 0)) { return this; }
        if (Offsets.Scheme == SpecialScheme.File && Offsets.HostKind == UrlHostKind.Empty) { return this; }
        return new UrlAssembly(this) { Scheme = scheme, SpecialScheme = special, Port = Offsets.Port == special.DefaultPort() ? -1 : Offsets.Port }.ToUrl();
    }

    /// <summary>With another username; "" takes it away.</summary>
    public Url WithUsername(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return CanHaveCredentialsOrPort ? new UrlAssembly(this) { Username = Encode("", value, PercentEncoding.Userinfo) }.ToUrl() : this;
    }

    /// <summary>With another password; "" takes it away.</summary>
    public Url WithPassword(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return CanHaveCredentialsOrPort ? new UrlAssembly(this) { Password = Encode("", value, PercentEncoding.Userinfo) }.ToUrl() : this;
    }

    /// <summary>With another host, and another port where the value has one.</summary>
    public Url WithHost(string value) => WithHost(value, hostnameOnly: false);

    /// <summary>With another host; a value with a port is ignored.</summary>
    public Url WithHostname(string value) => WithHost(value, hostnameOnly: true);

    private Url WithHost(string value, bool hostnameOnly)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (HasOpaquePath) { return this; }
        using var cleaned = new CleanedInput(value, trim: false);
        var text = cleaned.Text;
        var length = text.IndexOfAny(IsSpecial ? UrlParser.SpecialAuthorityEnd : UrlParser.AuthorityEnd);
        if (length >= 0) { text = text[..length]; }
        var isFile = Offsets.Scheme == SpecialScheme.File;
        var colon = isFile ? -1 : UrlParser.PortColon(text);
        var name = colon < 0 ? text : text[..colon];
        if (colon == 0 || (colon > 0 && hostnameOnly)) { return this; }
        if (name.IsEmpty && !isFile && (IsSpecial || HasCredentials || Offsets.Port >= 0)) { return this; }

        var host = new SpanBuilder<char>(stackalloc char[256]);
        scoped var parser = new HostParser(null, 0);
        Url url = this;
        if (name.IsEmpty || parser.Parse(name, isOpaque: !IsSpecial, ref host))
        {
            var kind = name.IsEmpty ? UrlHostKind.Empty : parser.Kind;
            if (isFile && host.Written.SequenceEqual("localhost")) { host.Truncate(0); kind = UrlHostKind.Empty; }
            // A port that is wrong or too large does not take the new host back.
            var port = colon < 0 || !TryReadPort(text[(colon + 1)..], out var number) ? Offsets.Port : number;
            url = new UrlAssembly(this) { Host = host.Written.ToString(), HostKind = kind, Port = port }.ToUrl();
        }
        host.Dispose();
        return url;
    }

    /// <summary>With another port: the digits that the value begins with; "" takes it away.</summary>
    public Url WithPort(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!CanHaveCredentialsOrPort) { return this; }
        if (value.Length == 0) { return new UrlAssembly(this) { Port = -1 }.ToUrl(); }
        using var cleaned = new CleanedInput(value, trim: false);
        return TryReadPort(cleaned.Text, out var port) ? new UrlAssembly(this) { Port = port }.ToUrl() : this;
    }

    // The port state with a state override: digits up to the first other character. The default port is no port.
    private bool TryReadPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        var digits = 0;
        for (; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++)
        {
            port = port * 10 + (text[digits] - '0');
            if (port > ushort.MaxValue) { return false; }
        }
        if (port == Offsets.Scheme.DefaultPort()) { port = -1; }
        return digits > 0;
    }

    /// <summary>With another path; "?" and "#" in it are percent-encoded. An opaque path stays.</summary>
    public Url WithPathname(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (HasOpaquePath) { return this; }
        using var cleaned = new CleanedInput(value, trim: false);
        var parser = new UrlParser(cleaned.Text, null, stackalloc char[StackCharacters]);
        parser.ParsePathAlone(Offsets);
        var path = parser.Output.Written.ToString();
        parser.Dispose();
        return new UrlAssembly(this) { Path = path }.ToUrl();
    }

    /// <summary>With another query, with or without its "?"; "" takes it away.</summary>
    public Url WithSearch(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0) { return new UrlAssembly(this) { Query = default }.ToUrl(); }
        using var cleaned = new CleanedInput(value[0] == '?' ? value.AsSpan(1) : value, trim: false);
        return new UrlAssembly(this) { Query = Encode("?", cleaned.Text, IsSpecial ? PercentEncoding.SpecialQuery : PercentEncoding.Query) }.ToUrl();
    }

    /// <summary>With another fragment, with or without its "#"; "" takes it away.</summary>
    public Url WithHash(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0) { return new UrlAssembly(this) { Fragment = default }.ToUrl(); }
        using var cleaned = new CleanedInput(value[0] == '#' ? value.AsSpan(1) : value, trim: false);
        return new UrlAssembly(this) { Fragment = Encode("#", cleaned.Text, PercentEncoding.Fragment) }.ToUrl();
    }

    /// <summary>
    /// The query's names and values, read as application/x-www-form-urlencoded; a list of its own, to be given back with
    /// <see cref="WithSearchParams"/>.
    /// </summary>
    public SearchParams SearchParams => SearchParams.Parse(SearchSpan);

    /// <summary>With a query made of these names and values; an empty list takes the query away.</summary>
    public Url WithSearchParams(SearchParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new UrlAssembly(this) { Query = parameters.Count == 0 ? default : "?" + parameters }.ToUrl();
    }

    private static string Encode(string prefix, ReadOnlySpan<char> text, CharacterClass plain)
    {
        var output = new SpanBuilder<char>(stackalloc char[StackCharacters]);
        output.Append(prefix);
        PercentEncoding.Append(text, plain, ref output);
        var encoded = output.Written.ToString();
        output.Dispose();
        return encoded;
    }
}
