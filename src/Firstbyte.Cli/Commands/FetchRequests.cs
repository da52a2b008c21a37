using System.Buffers;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary>The requests of one call: all that they are made of is named once, they themselves are made anew for every run.</summary>
internal sealed class FetchRequests
{
    // RFC 9110 5.6.2
    private static readonly SearchValues<char> s_tokenLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly FetchSettings _settings;
    private readonly List<HttpField> _fields = [];
    private readonly RequestContent _content;
    private readonly string? _cookies;
    private readonly List<string> _cookieFiles = [];
    private readonly bool _keepsCookies;
    private readonly Credentials? _credentials;

    /// <param name="io">From where files are read.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="isRecorded">Whether the run may be made again.</param>
    public FetchRequests(CommandIo io, FetchSettings settings, bool isRecorded)
    {
        _settings = settings;
        foreach (var text in settings.Fields)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) { throw new UsageException(io.Language.Usage.NoField(WithoutValue(text))); }
            _fields.Add(new HttpField(text[..colon], text[(colon + 1)..].Trim(' ', '\t')));
        }
        _credentials = CredentialsOf(io, settings.User);
        Netrc = NetrcOf(io, settings);
        _content = new RequestContent(io, settings, isRecorded);
        if (_content.IsJson && !_fields.Exists(static field => field.Name.Equals("Accept", StringComparison.OrdinalIgnoreCase)))
        {
            _fields.Add(new HttpField("Accept", "application/json"));
        }
        // As curl: what has no '=' is a file of cookies, and whoever names one, or where to keep them, wants cookies to be kept.
        var given = settings.Cookies.ToLookup(static one => one.Contains('=', StringComparison.Ordinal));
        _cookies = given[true].Any() ? string.Join("; ", given[true]) : null;
        _keepsCookies = given[false].Any() || settings.CookieJar is not null;
        // A name that nothing has is an empty jar (curl's idiom to switch cookies on); only the jar that is to be written may be missing without a word.
        foreach (var name in given[false].Where(static name => name.Length > 0))
        {
            // A folder is there, and cannot be read: that is said as of any file.
            if (!io.Exists(name) && !io.IsFolder(name))
            {
                if (name != settings.CookieJar) { io.Errors.Complain(io.Language.Http.NoCookieFile(Printable.Text(name))); }
                continue;
            }
            var text = OctetText.Of(io.ReadBytes(name, settings.MaximumTime));
            _cookieFiles.Add(text);
            if (NetscapeCookieFile.Read(text, new CookieJar(), default) is { Count: > 0 } passed)
            {
                io.Errors.Complain(io.Language.Http.CookieLinesUnreadable(Printable.Text(name), passed));
            }
        }
    }

    /// <summary>The passwords of a file; null when none was wanted.</summary>
    public NetrcFile? Netrc { get; }

    /// <summary>The jar of one run; null when no cookies are kept.</summary>
    public CookieJar? OpenJar()
    {
        if (!_keepsCookies) { return null; }
        var jar = new CookieJar();
        // What has expired goes when a request is made, by its network's clock.
        foreach (var file in _cookieFiles) { NetscapeCookieFile.Read(file, jar, default); }
        return jar;
    }

    /// <summary>The requests of one run, at the host where it runs.</summary>
    public JourneyRequest[] Make(PlaceHost host)
    {
        var bodies = _content.For(host, _settings.Urls.Length);
        return [.. _settings.Urls.Select((url, place) => new JourneyRequest(UrlOf(url, place))
        {
            Method = _settings.Method ?? (_settings.Head ? "HEAD" : null),
            Fields = _fields,
            Body = bodies[place],
            IsUpload = _content.IsUpload(place),
            Cookies = _cookies,
            Range = _settings.Range,
            ResumeAt = _settings.ResumeAt,
            ResumeValidator = _settings.Part?.Validator,
            Credentials = _credentials,
            Authentication = _settings.Authentication,
            BearerToken = _settings.BearerToken,
            AcceptsCodings = _settings.Compressed,
            Version = _settings.Http10 ? HttpVersion.Http10 : HttpVersion.Http11,
        })];
    }

    private string UrlOf(string url, int place) =>
        _content.Query is { } query ? WithQuery(url, query)
        : _content.IsUpload(place) && _settings.Uploads[place] != CommandIo.StandardStream ? StoredName.In(url, _settings.Uploads[place])
        : url;

    // Behind the query that is there already, and before the fragment.
    private static string WithQuery(string url, string query)
    {
        var end = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var fragment ? fragment : url.Length;
        var separator = url.AsSpan(0, end).Contains('?') ? url.AsSpan(0, end) is [.., '?' or '&'] ? "" : "&" : "?";
        return $"{url[..end]}{separator}{query}{url[end..]}";
    }

    // Of "Authorization Bearer x" the name says what is meant; behind a colon without a name everything may be a value.
    // Whatever stands behind the name may be a secret, also where '=' was written for ':'.
    private static string WithoutValue(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept(s_tokenLetters);
        return end >= 0 && end + 1 < text.Length ? text[..(end + 1)] + "…" : text;
    }

    private static Credentials? CredentialsOf(CommandIo io, string? user)
    {
        if (user is null) { return null; }
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? new Credentials(user[..colon], user[(colon + 1)..]) : throw new UsageException(io.Language.Usage.NoPassword);
    }

    private static NetrcFile? NetrcOf(CommandIo io, FetchSettings settings)
    {
        if (settings is { UsesNetrc: false, NetrcFile: null }) { return null; }
        // curl: --netrc-file, else what NETRC names, else ~/.netrc.
        var file = settings.NetrcFile ?? io.Variables("NETRC") ?? Path.Join(io.Variables("HOME"), ".netrc");
        var netrc = NetrcFile.Read(OctetText.Of(io.ReadBytes(file, settings.MaximumTime)));
        // Nothing is asked without the password that the file was to give.
        if (netrc.OpenQuoteLine > 0)
        {
            throw new UsageException(io.Language.Http.NetrcQuoteIsOpen(Printable.Text(file), netrc.OpenQuoteLine), ExitCodes.ReadFailed);
        }
        if (netrc.Unreadable.Count > 0) { io.Errors.Complain(io.Language.Http.NetrcWordsUnreadable(Printable.Text(file), netrc.Unreadable)); }
        return netrc;
    }
}
