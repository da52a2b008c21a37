using System.Buffers;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>The basic URL parser of the WHATWG URL Standard (section 4.4).</summary>
/// <remarks>
/// Theory of operation. The standard describes one character at a time and a state between two of them; each of its states is a method
/// here, under its own name, that takes the whole run the state would have consumed: states that only collect a buffer find its end with
/// one vector scan. The parts are written into one buffer in the order of the serialization, and <see cref="Offsets"/> says where each
/// begins, so that when the last state ends, the URL is already serialized. A path that goes back (".." segments) truncates the buffer.
///
/// Two kinds of trouble: an error that ends the parsing is kept in <see cref="Error"/>; a violation worth telling goes into the log, when
/// somebody asked for one. With <c>checkOnly</c> the parser stops where nothing can fail any more: behind the authority.
/// </remarks>
internal ref partial struct UrlParser
{
    internal static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
    internal static readonly SearchValues<char> SpecialAuthorityEnd = SearchValues.Create("/\\?#");
    internal static readonly SearchValues<char> AuthorityEnd = SearchValues.Create("/?#");

    private readonly ReadOnlySpan<char> _input;
    private readonly Url? _base;
    private readonly UrlParseLog? _log;
    private readonly bool _checkOnly;

    public SpanBuilder<char> Output;
    public UrlOffsets Offsets;

    public UrlParser(ReadOnlySpan<char> input, Url? baseUrl, Span<char> start, bool checkOnly = false, UrlParseLog? log = null)
    {
        _input = input;
        _base = baseUrl;
        _log = log;
        _checkOnly = checkOnly;
        Output = new SpanBuilder<char>(start);
        Offsets.Port = -1;
    }

    /// <summary>The error that ended the parsing, or none.</summary>
    public UrlValidationError Error { get; private set; }

    /// <summary>Where in the cleaned input.</summary>
    public int ErrorPosition { get; private set; }

    private readonly bool IsSpecial => Offsets.IsSpecial;

    public void Dispose() => Output.Dispose();

    /// <summary>Runs the states; false when the input is no URL.</summary>
    public bool Parse()
    {
        var parsed = _log is null && TryCommonScheme(out var at) ? (Offsets.Scheme == SpecialScheme.File ? FileHost(at) : Authority(at)) : SchemeStart();
        if (parsed && !_checkOnly) { Finish(); }
        return parsed;
    }

    // What the scheme and slash states do with a common scheme and "//", in any case, without a look at each letter.
    private bool TryCommonScheme(out int at)
    {
        at = 0;
        Offsets.Scheme = SpecialSchemes.AtStartOf(_input, out var length);
        if (Offsets.Scheme == SpecialScheme.None) { return false; }
        at = length + 2;
        // More slashes are surplus to all but file.
        if (!_input[length..].StartsWith("//") || (Offsets.Scheme != SpecialScheme.File && (at == _input.Length || _input[at] is '/' or '\\')))
        {
            Offsets.Scheme = SpecialScheme.None;
            return false;
        }
        Output.Append(Offsets.Scheme.Protocol());
        EndScheme();
        return true;
    }

    /// <summary>Goes on behind an authority that is normal as it stands in the input.</summary>
    public bool ParseBehind(in UrlOffsets authority)
    {
        Offsets = authority;
        Output.Append(_input[..authority.PathStart]);
        return PathStart(authority.PathStart);
    }

    /// <summary>The URL that was parsed: around <paramref name="whole"/> itself when that is its serialization.</summary>
    public readonly Url ToUrl(string? whole)
    {
        var href = whole is not null && whole.Length == Output.Length && Output.Written.SequenceEqual(whole) ? whole : Output.Written.ToString();
        return new Url(href, Offsets);
    }

    private bool Fail(UrlValidationError error, int position)
    {
        Error = error;
        ErrorPosition = position;
        _log?.Violate(error, position);
        return false;
    }

    private readonly bool IsAt(int position, char c) => (uint)position < (uint)_input.Length && _input[position] == c;

    private readonly bool IsSlashAt(int position) =>
        (uint)position < (uint)_input.Length && (_input[position] == '/' || (IsSpecial && _input[position] == '\\'));

    // https://url.spec.whatwg.org/#scheme-start-state and #scheme-state
    private bool SchemeStart()
    {
        if (_input.Length > 0 && char.IsAsciiLetter(_input[0]))
        {
            var end = _input.IndexOfAnyExcept(SchemeCharacters);
            if (end > 0 && _input[end] == ':') { return Scheme(end); }
        }
        return NoScheme();
    }

    private bool Scheme(int end)
    {
        var changed = false;
        foreach (var c in _input[..end])
        {
            changed |= char.IsAsciiLetterUpper(c);
            Output.Append(char.ToLowerInvariant(c));
        }
        Offsets.Scheme = SpecialSchemes.Of(Output.Written);
        Output.Append(':');
        EndScheme();
        _log?.Place(UrlPart.Scheme, 0, end);
        if (changed) { _log?.Change(UrlPart.Scheme, UrlChangeKind.Lowercased, 0, end); }
        var next = end + 1;
        if (Offsets.Scheme == SpecialScheme.File)
        {
            if (!_input[next..].StartsWith("//")) { _log?.Violate(UrlValidationError.SpecialSchemeMissingFollowingSolidus, next); }
            return File(next);
        }
        if (IsSpecial)
        {
            return _base is not null && _base.Offsets.Scheme == Offsets.Scheme ? SpecialRelativeOrAuthority(next) : SpecialAuthoritySlashes(next);
        }
        if (IsAt(next, '/')) { return PathOrAuthority(next + 1); }
        return OpaquePath(next);
    }

    private void EndScheme() => Offsets.SchemeEnd = Offsets.UsernameEnd = Offsets.HostStart = Offsets.HostEnd = Offsets.PathStart = Output.Length;

    // https://url.spec.whatwg.org/#no-scheme-state
    private bool NoScheme()
    {
        if (_base is null || (_base.Offsets.HasOpaquePath && !IsAt(0, '#'))) { return Fail(UrlValidationError.MissingSchemeNonRelativeUrl, 0); }
        Offsets.Scheme = _base.Offsets.Scheme;
        Output.Append(_base.Href.AsSpan(0, _base.Offsets.SchemeEnd));
        EndScheme();
        _log?.Place(UrlPart.Scheme, 0, 0, UrlPartSource.Base);
        if (_base.Offsets.HasOpaquePath)
        {
            CopyFromBase(_base.Offsets.HashStart);
            return Fragment(1);
        }
        return Offsets.Scheme == SpecialScheme.File ? File(0) : Relative(0);
    }

    /// <summary>Takes over the base URL up to a place of its serialization, with every offset before it.</summary>
    private void CopyFromBase(int end)
    {
        Output.Truncate(0);
        Output.Append(_base!.Href.AsSpan(0, end));
        Offsets = _base.Offsets;
        if (!Offsets.HasHost && Offsets.PathStart > Offsets.SchemeEnd)
        {
            // "/." before a path is not part of it; Finish puts it back where it is needed.
            Output.Remove(Offsets.SchemeEnd, Math.Min(2, end - Offsets.SchemeEnd));
            Offsets.PathStart -= 2;
            Offsets.SearchStart -= 2;
            Offsets.HashStart -= 2;
        }
        if (_log is null) { return; }
        if (Offsets.HostStart > Offsets.SchemeEnd + 2)
        {
            _log.Place(UrlPart.Username, 0, 0, UrlPartSource.Base);
            _log.Place(UrlPart.Password, 0, 0, UrlPartSource.Base);
        }
        _log.Place(UrlPart.Host, 0, 0, UrlPartSource.Base);
        _log.Place(UrlPart.Port, 0, 0, UrlPartSource.Base);
        if (end > Offsets.PathStart || (end == Offsets.PathStart && end == Offsets.SearchStart)) { _log.Place(UrlPart.Path, 0, 0, UrlPartSource.Base); }
        if (end > Offsets.SearchStart) { _log.Place(UrlPart.Query, 0, 0, UrlPartSource.Base); }
    }

    private void CopyAuthorityFromBase()
    {
        CopyFromBase(_base!.Offsets.AuthorityEnd);
    }

    // https://url.spec.whatwg.org/#special-relative-or-authority-state
    private bool SpecialRelativeOrAuthority(int at)
    {
        if (_input[at..].StartsWith("//")) { return SpecialAuthorityIgnoreSlashes(at + 2, at); }
        _log?.Violate(UrlValidationError.SpecialSchemeMissingFollowingSolidus, at);
        return Relative(at);
    }

    // https://url.spec.whatwg.org/#path-or-authority-state
    private bool PathOrAuthority(int at)
    {
        if (IsAt(at, '/')) { return Authority(at + 1); }
        return Path(at, at - 1);
    }

    // https://url.spec.whatwg.org/#relative-state
    private bool Relative(int at)
    {
        if (IsSlashAt(at))
        {
            if (_input[at] == '\\') { ReverseSolidus(at); }
            return RelativeSlash(at + 1);
        }
        return ResolveAgainstBase(at);
    }

    private bool ResolveAgainstBase(int at)
    {
        if (_checkOnly) { return true; }
        if (at == _input.Length) { CopyFromBase(_base!.Offsets.HashStart); return true; }
        if (_input[at] == '?') { CopyFromBase(_base!.Offsets.SearchStart); return Query(at + 1); }
        if (_input[at] == '#') { CopyFromBase(_base!.Offsets.HashStart); return Fragment(at + 1); }
        CopyFromBase(_base!.Offsets.SearchStart);
        ShortenPath();
        return Path(at, at);
    }

    // https://url.spec.whatwg.org/#relative-slash-state
    private bool RelativeSlash(int at)
    {
        if (IsSpecial && IsSlashAt(at))
        {
            if (_input[at] == '\\') { ReverseSolidus(at); }
            return SpecialAuthorityIgnoreSlashes(at + 1, at - 1);
        }
        if (IsAt(at, '/')) { return Authority(at + 1); }
        if (_checkOnly) { return true; }
        CopyAuthorityFromBase();
        return Path(at, at - 1);
    }

    // https://url.spec.whatwg.org/#special-authority-slashes-state
    private bool SpecialAuthoritySlashes(int at)
    {
        if (_input[at..].StartsWith("//")) { return SpecialAuthorityIgnoreSlashes(at + 2, at); }
        _log?.Violate(UrlValidationError.SpecialSchemeMissingFollowingSolidus, at);
        return SpecialAuthorityIgnoreSlashes(at, at);
    }

    // https://url.spec.whatwg.org/#special-authority-ignore-slashes-state
    private bool SpecialAuthorityIgnoreSlashes(int at, int slashes)
    {
        while (IsSlashAt(at))
        {
            _log?.Violate(UrlValidationError.SpecialSchemeMissingFollowingSolidus, at);
            at++;
        }
        if (_log is not null && !_input[slashes..at].SequenceEqual("//")) { _log.Change(null, UrlChangeKind.SolidusCountCorrected, slashes, at); }
        return Authority(at);
    }

    private readonly void ReverseSolidus(int at)
    {
        _log?.Violate(UrlValidationError.InvalidReverseSolidus, at);
        _log?.Change(null, UrlChangeKind.ReverseSolidusRead, at, at + 1);
    }

    // https://url.spec.whatwg.org/#file-state
    private bool File(int at)
    {
        if (IsSlashAt(at))
        {
            if (_input[at] == '\\') { ReverseSolidus(at); }
            return FileSlash(at + 1);
        }
        if (_base is not null && _base.Offsets.Scheme == SpecialScheme.File)
        {
            if (at < _input.Length && _input[at] is not ('?' or '#') && WindowsDriveLetter.Starts(_input[at..]))
            {
                if (_checkOnly) { return true; }
                // The base's host is kept; its path is not, because the drive letter is a root of its own.
                _log?.Violate(UrlValidationError.FileInvalidWindowsDriveLetter, at);
                CopyAuthorityFromBase();
                return Path(at, at);
            }
            return ResolveAgainstBase(at);
        }
        EmptyHost(at);
        return Path(at, at);
    }

    // https://url.spec.whatwg.org/#file-slash-state
    private bool FileSlash(int at)
    {
        if (IsSlashAt(at))
        {
            if (_input[at] == '\\') { ReverseSolidus(at); }
            return FileHost(at + 1);
        }
        if (_checkOnly) { return true; }
        if (_base is not null && _base.Offsets.Scheme == SpecialScheme.File)
        {
            CopyAuthorityFromBase();
            var basePath = _base.PathnameSpan;
            if (!WindowsDriveLetter.Starts(_input[at..]) && basePath.Length >= 3 && WindowsDriveLetter.IsNormalized(basePath[1..3])
                && (basePath.Length == 3 || basePath[3] == '/'))
            {
                Output.Append(basePath[..3]);
                _log?.Place(UrlPart.Path, at, at, UrlPartSource.BaseAndInput);
            }
        }
        else { EmptyHost(at); }
        return Path(at, at - 1);
    }

    // https://url.spec.whatwg.org/#file-host-state
    private bool FileHost(int at)
    {
        var length = _input[at..].IndexOfAny(SpecialAuthorityEnd);
        var end = length < 0 ? _input.Length : at + length;
        var host = _input[at..end];
        if (WindowsDriveLetter.Is(host))
        {
            _log?.Violate(UrlValidationError.FileInvalidWindowsDriveLetterHost, at);
            EmptyHost(at);
            return Path(at, at);
        }
        // The commonest host of a file URL, which is dropped below when it is written otherwise.
        if (host.IsEmpty || (_log is null && host.SequenceEqual("localhost")))
        {
            EmptyHost(at);
            return PathStart(end);
        }
        Output.Append("//");
        Offsets.UsernameEnd = Offsets.HostStart = Output.Length;
        if (!Host(at, end)) { return false; }
        _log?.Place(UrlPart.Host, at, end);
        if (Output.Written[Offsets.HostStart..].SequenceEqual("localhost"))
        {
            Output.Truncate(Offsets.HostStart);
            Offsets.HostKind = UrlHostKind.Empty;
            _log?.Change(UrlPart.Host, UrlChangeKind.LocalhostDropped, at, end);
        }
        Offsets.HostEnd = Offsets.PathStart = Output.Length;
        return PathStart(end);
    }

    private void EmptyHost(int at)
    {
        Output.Append("//");
        Offsets.UsernameEnd = Offsets.HostStart = Offsets.HostEnd = Offsets.PathStart = Output.Length;
        Offsets.HostKind = UrlHostKind.Empty;
        _log?.Place(UrlPart.Host, at, at, UrlPartSource.Standard);
    }

    /// <summary>What the serializer adds, and the offsets of parts that were not there.</summary>
    private void Finish()
    {
        // https://url.spec.whatwg.org/#url-serializing step 3: a path that begins with "//" must not read as a host.
        if (!Offsets.HasHost && !Offsets.HasOpaquePath && Offsets.PathStart == Offsets.SchemeEnd && Output.Written[Offsets.PathStart..].StartsWith("//"))
        {
            Output.Insert(Offsets.PathStart, "/.");
            Offsets.PathStart += 2;
            Offsets.SearchStart += 2;
            Offsets.HashStart += 2;
            _log?.Change(UrlPart.Path, UrlChangeKind.PathPrefixed, _log.Parts[(int)UrlPart.Path].Start, _log.Parts[(int)UrlPart.Path].Start);
        }
    }
}
