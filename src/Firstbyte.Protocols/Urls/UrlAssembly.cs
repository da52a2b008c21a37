using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>The parts of a URL, to be put together again after one of them has changed (WHATWG URL section 4.5, the URL serializer).</summary>
internal ref struct UrlAssembly
{
    public ReadOnlySpan<char> Scheme;
    public SpecialScheme SpecialScheme;
    public ReadOnlySpan<char> Username;
    public ReadOnlySpan<char> Password;
    public ReadOnlySpan<char> Host;
    public UrlHostKind HostKind;
    public int Port;
    public ReadOnlySpan<char> Path;
    public bool HasOpaquePath;

    /// <summary>With its "?"; empty when the query is null.</summary>
    public ReadOnlySpan<char> Query;

    /// <summary>With its "#"; empty when the fragment is null.</summary>
    public ReadOnlySpan<char> Fragment;

    public UrlAssembly(Url url)
    {
        var offsets = url.Offsets;
        var href = url.Href.AsSpan();
        Scheme = href[..(offsets.SchemeEnd - 1)];
        SpecialScheme = offsets.Scheme;
        Username = url.UsernameSpan;
        Password = url.PasswordSpan;
        Host = url.HostnameSpan;
        HostKind = offsets.HostKind;
        Port = offsets.Port;
        Path = url.PathnameSpan;
        HasOpaquePath = offsets.HasOpaquePath;
        Query = href[offsets.SearchStart..offsets.HashStart];
        Fragment = href[offsets.HashStart..];
    }

    public readonly Url ToUrl()
    {
        var output = new SpanBuilder<char>(stackalloc char[256]);
        var offsets = new UrlOffsets { Scheme = SpecialScheme, HostKind = HostKind, Port = Port, HasOpaquePath = HasOpaquePath };
        output.Append(Scheme);
        output.Append(':');
        offsets.SchemeEnd = offsets.UsernameEnd = offsets.HostStart = offsets.HostEnd = output.Length;
        if (offsets.HasHost) { AppendAuthority(ref output, ref offsets); }
        else if (!HasOpaquePath && Path.StartsWith("//")) { output.Append("/."); }
        offsets.PathStart = output.Length;
        output.Append(Path);
        offsets.SearchStart = output.Length;
        output.Append(Query);
        offsets.HashStart = output.Length;
        output.Append(Fragment);
        var url = new Url(output.Written.ToString(), offsets);
        output.Dispose();
        return url;
    }

    private readonly void AppendAuthority(ref SpanBuilder<char> output, ref UrlOffsets offsets)
    {
        output.Append("//");
        output.Append(Username);
        offsets.UsernameEnd = output.Length;
        if (!Password.IsEmpty)
        {
            output.Append(':');
            output.Append(Password);
        }
        if (!Username.IsEmpty || !Password.IsEmpty) { output.Append('@'); }
        offsets.HostStart = output.Length;
        output.Append(Host);
        offsets.HostEnd = output.Length;
        if (Port < 0) { return; }
        output.Append(':');
        Span<char> digits = stackalloc char[5];
        Port.TryFormat(digits, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        output.Append(digits[..written]);
    }
}
