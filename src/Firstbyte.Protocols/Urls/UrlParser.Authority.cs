using System.Text;

namespace Firstbyte.Urls;

/// <summary>Credentials, host and port.</summary>
internal ref partial struct UrlParser
{
    // https://url.spec.whatwg.org/#authority-state
    private bool Authority(int at)
    {
        if (IsSpecial && _log is null && TryPlainAuthority(at, out var behind)) { return PathStart(behind); }
        var length = _input[at..].IndexOfAny(IsSpecial ? SpecialAuthorityEnd : AuthorityEnd);
        var end = length < 0 ? _input.Length : at + length;
        // The last "@" ends the credentials; those before it belong to them.
        var sign = _input[at..end].LastIndexOf('@');
        Output.Append("//");
        Offsets.UsernameEnd = Offsets.HostStart = Output.Length;
        if (sign >= 0)
        {
            sign += at;
            Credentials(at, sign);
            if (sign + 1 == end) { return Fail(UrlValidationError.HostMissing, end); }
            at = sign + 1;
        }
        return HostAndPort(at, end) && PathStart(end);
    }

    // A domain of ASCII characters that needs no look at its meaning, and a port: what nearly every authority is.
    private bool TryPlainAuthority(int at, out int end)
    {
        Output.Append("//");
        Offsets.UsernameEnd = Offsets.HostStart = Output.Length;
        end = HostParser.EndOfPlainDomain(_input, at);
        if (end < 0) { return TakeBack(); }
        Ascii.ToLower(_input[at..end], Output.AppendRoom(end - at), out _);
        Offsets.HostEnd = Output.Length;
        if (IsAt(end, ':')) { end = AppendPlainPort(end + 1); }
        if (end < 0 || (end < _input.Length && _input[end] is not ('/' or '\\' or '?' or '#'))) { return TakeBack(); }
        Offsets.HostKind = UrlHostKind.Domain;
        Offsets.PathStart = Output.Length;
        return true;
    }

    private bool TakeBack()
    {
        Output.Truncate(Offsets.HostStart - 2);
        Offsets.Port = -1;
        return false;
    }

    private int AppendPlainPort(int at)
    {
        var port = 0;
        for (; at < _input.Length && char.IsAsciiDigit(_input[at]); at++)
        {
            port = port * 10 + (_input[at] - '0');
            if (port > ushort.MaxValue) { return -1; }
        }
        if (_input[at - 1] != ':' && port != Offsets.Scheme.DefaultPort()) { AppendPort(port); }
        return at;
    }

    private void Credentials(int at, int end)
    {
        var text = _input[at..end];
        var colon = text.IndexOf(':');
        var username = colon < 0 ? text : text[..colon];
        var password = colon < 0 ? default : text[(colon + 1)..];
        if (_log is not null) { TellCredentials(at, end, username.Length, password.Length); }
        if (_checkOnly || (username.IsEmpty && password.IsEmpty)) { return; }
        PercentEncoding.Append(username, PercentEncoding.Userinfo, ref Output);
        Offsets.UsernameEnd = Output.Length;
        if (!password.IsEmpty)
        {
            Output.Append(':');
            PercentEncoding.Append(password, PercentEncoding.Userinfo, ref Output);
        }
        Output.Append('@');
        Offsets.HostStart = Output.Length;
    }

    private void TellCredentials(int at, int end, int username, int password)
    {
        for (var i = at; i <= end; i++)
        {
            if (_input[i] == '@') { _log!.Violate(UrlValidationError.InvalidCredentials, i); }
        }
        if (username == 0 && password == 0) { _log!.Change(null, UrlChangeKind.EmptyCredentialsDropped, at, end + 1); }
        _log!.Place(UrlPart.Username, at, at + username);
        TellEncoding(UrlPart.Username, at, at + username, PercentEncoding.Userinfo);
        if (password > 0)
        {
            _log.Place(UrlPart.Password, end - password, end);
            TellEncoding(UrlPart.Password, end - password, end, PercentEncoding.Userinfo);
        }
    }

    // https://url.spec.whatwg.org/#host-state: the colon before the port is the first one outside brackets.
    private bool HostAndPort(int at, int end)
    {
        var colon = PortColon(_input[at..end]);
        var hostEnd = colon < 0 ? end : at + colon;
        if (hostEnd == at && (IsSpecial || colon >= 0)) { return Fail(UrlValidationError.HostMissing, at); }
        if (!Host(at, hostEnd)) { return false; }
        Offsets.HostEnd = Output.Length;
        _log?.Place(UrlPart.Host, at, hostEnd);
        if (colon >= 0 && !Port(hostEnd + 1, end)) { return false; }
        Offsets.PathStart = Output.Length;
        return true;
    }

    /// <summary>The first colon outside brackets, or -1.</summary>
    internal static int PortColon(ReadOnlySpan<char> authority)
    {
        for (var at = 0; ;)
        {
            var found = authority[at..].IndexOfAny(':', '[');
            if (found < 0 || authority[at + found] == ':') { return found < 0 ? -1 : at + found; }
            at += found;
            var close = authority[at..].IndexOf(']');
            if (close < 0) { return -1; }
            at += close;
        }
    }

    // https://url.spec.whatwg.org/#port-state
    private bool Port(int at, int end)
    {
        var text = _input[at..end];
        var other = text.IndexOfAnyExceptInRange('0', '9');
        if (other >= 0) { return Fail(UrlValidationError.PortInvalid, at + other); }
        var port = 0;
        foreach (var digit in text)
        {
            port = port * 10 + (digit - '0');
            if (port > ushort.MaxValue) { return Fail(UrlValidationError.PortOutOfRange, at); }
        }
        if (_log is not null && text.IsEmpty) { _log.Change(UrlPart.Port, UrlChangeKind.EmptyPortDropped, at - 1, at); }
        if (text.IsEmpty) { return true; }
        if (port == Offsets.Scheme.DefaultPort())
        {
            _log?.Change(UrlPart.Port, UrlChangeKind.DefaultPortDropped, at - 1, end);
            return true;
        }
        _log?.Place(UrlPart.Port, at, end);
        if (_log is not null && text[0] == '0' && text.Length > 1) { _log.Change(UrlPart.Port, UrlChangeKind.PortNormalized, at, end); }
        AppendPort(port);
        return true;
    }

    private void AppendPort(int port)
    {
        Offsets.Port = port;
        Output.Append(':');
        Span<char> digits = stackalloc char[5];
        port.TryFormat(digits, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        Output.Append(digits[..written]);
    }

    /// <summary>Runs the host parser on a range of the input and appends the serialized host.</summary>
    private bool Host(int at, int end)
    {
        var host = new HostParser(_log, at);
        if (host.Parse(_input[at..end], isOpaque: !IsSpecial, ref Output))
        {
            Offsets.HostKind = host.Kind;
            return true;
        }
        Error = host.Error;
        ErrorPosition = host.ErrorPosition;
        return false;
    }
}
