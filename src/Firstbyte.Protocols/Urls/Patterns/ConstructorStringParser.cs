namespace Firstbyte.Urls.Patterns;

/// <summary>Cuts a whole pattern string, "https://*.example.com/:id?q=*", into its components (URL Pattern section 1.6).</summary>
/// <remarks>
/// Theory of operation. It is a small cousin of the basic URL parser that reads tokens instead of characters, so that ":" before a name or
/// "?" behind a group are not taken for separators, and that leaves every text as it is: canonicalizing comes later, for fixed text alone.
/// It looks for a protocol first; when the end comes without one, it goes back and reads a relative pattern. In the authority it looks
/// for an "@" and goes back to the username or to the hostname. Components before the last one that is written become empty where they are
/// not written; those behind it stay unwritten and will match anything, but for the port, which is the default one.
/// </remarks>
internal sealed class ConstructorStringParser
{
    private enum State : byte { Init, Protocol, Authority, Username, Password, Hostname, Port, Pathname, Search, Hash, Done }

    private readonly string _input;
    private readonly List<PatternToken> _tokens;
    private readonly ComponentValues _result;
    private State _state = State.Init;
    private int _componentStart;
    private int _index;
    private int _increment;
    private int _groupDepth;
    private int _bracketDepth;
    private bool _matchesSpecialScheme;
    private PatternFault? _fault;

    private ConstructorStringParser(string input, List<PatternToken> tokens, string? baseUrl)
    {
        _input = input;
        _tokens = tokens;
        _result = new ComponentValues { BaseUrl = baseUrl };
    }

    /// <summary>The components as they are written; null with a fault in the protocol when that is wrong already.</summary>
    public static ComponentValues? Parse(string input, string? baseUrl, out PatternFault? fault)
    {
        var tokens = PatternTokenizer.Tokenize(input, lenient: true, out _)!;
        var parser = new ConstructorStringParser(input, tokens, baseUrl);
        while (parser._state != State.Done && parser._fault is null) { parser.Step(); }
        fault = parser._fault;
        if (fault is not null) { return null; }
        // Who writes a host and no port means the default port.
        if (parser._result[UrlPart.Host] is not null && parser._result[UrlPart.Port] is null) { parser._result.Set(UrlPart.Port, "", 0); }
        return parser._result;
    }

    private void Step()
    {
        _increment = 1;
        var kind = _tokens[_index].Kind;
        if (kind == PatternTokenKind.End) { AtEnd(); }
        else if (kind == PatternTokenKind.Open) { _groupDepth++; }
        else if (_groupDepth > 0)
        {
            // No component ends within "{…}". The "}" that ends the last one is no separator either, so nothing more is to be done with it.
            if (kind == PatternTokenKind.Close) { _groupDepth--; }
        }
        else { InState(); }
        _index += _increment;
    }

    private void AtEnd()
    {
        switch (_state)
        {
            case State.Init:
                Rewind();
                if (Is('#')) { ChangeState(State.Hash, 1); }
                else if (IsSearchPrefix()) { ChangeState(State.Search, 1); }
                else { ChangeState(State.Pathname, 0); }
                break;
            case State.Authority:
                RewindTo(State.Hostname);
                break;
            default:
                ChangeState(State.Done, 0);
                break;
        }
    }

    private void InState()
    {
        switch (_state)
        {
            case State.Init:
                if (Is(':')) { RewindTo(State.Protocol); }
                break;
            case State.Protocol:
                if (Is(':')) { EndProtocol(); }
                break;
            case State.Authority:
                if (Is('@')) { RewindTo(State.Username); }
                else if (Is('/') || IsSearchPrefix() || Is('#')) { RewindTo(State.Hostname); }
                break;
            case State.Username:
                if (Is(':')) { ChangeState(State.Password, 1); }
                else if (Is('@')) { ChangeState(State.Hostname, 1); }
                break;
            case State.Password:
                if (Is('@')) { ChangeState(State.Hostname, 1); }
                break;
            case State.Hostname:
                if (Is('[')) { _bracketDepth++; }
                else if (Is(']')) { _bracketDepth--; }
                else if (Is(':') && _bracketDepth == 0) { ChangeState(State.Port, 1); }
                else { EndBeforePath(); }
                break;
            case State.Port:
                EndBeforePath();
                break;
            case State.Pathname:
                if (IsSearchPrefix()) { ChangeState(State.Search, 1); }
                else if (Is('#')) { ChangeState(State.Hash, 1); }
                break;
            case State.Search:
                if (Is('#')) { ChangeState(State.Hash, 1); }
                break;
        }
    }

    private void EndBeforePath()
    {
        if (Is('/')) { ChangeState(State.Pathname, 0); }
        else if (IsSearchPrefix()) { ChangeState(State.Search, 1); }
        else if (Is('#')) { ChangeState(State.Hash, 1); }
    }

    private void EndProtocol()
    {
        // Which rules hold for the rest depends on what the protocol's pattern can match.
        var (text, start) = ComponentText();
        var protocol = ComponentPattern.Compile(text, UrlPart.Scheme, PatternRules.Default, PatternCanonicalization.Protocol, out var fault);
        if (protocol is null)
        {
            _fault = fault! with { Position = fault.Position + start };
            return;
        }
        _matchesSpecialScheme = protocol.MatchesSpecialScheme();
        if (Is('/', 1) && Is('/', 2)) { ChangeState(State.Authority, 3); }
        else { ChangeState(_matchesSpecialScheme ? State.Authority : State.Pathname, 1); }
    }

    // https://urlpattern.spec.whatwg.org/#change-state
    private void ChangeState(State next, int skip)
    {
        if (PartOf(_state) is { } part)
        {
            var (text, start) = ComponentText();
            _result.Set(part, text, start);
        }
        if (_state != State.Init && next != State.Done)
        {
            if (_state is State.Protocol or State.Authority or State.Username or State.Password && next >= State.Port) { SetIfMissing(UrlPart.Host, ""); }
            if (_state is >= State.Protocol and <= State.Port && next >= State.Search) { SetIfMissing(UrlPart.Path, _matchesSpecialScheme ? "/" : ""); }
            if (_state is >= State.Protocol and <= State.Pathname && next == State.Hash) { SetIfMissing(UrlPart.Query, ""); }
        }
        _state = next;
        _index += skip;
        _componentStart = _index;
        _increment = 0;
    }

    private void SetIfMissing(UrlPart part, string value)
    {
        if (_result[part] is null) { _result.Set(part, value, 0); }
    }

    private static UrlPart? PartOf(State state) => state switch
    {
        State.Protocol => UrlPart.Scheme,
        State.Username => UrlPart.Username,
        State.Password => UrlPart.Password,
        State.Hostname => UrlPart.Host,
        State.Port => UrlPart.Port,
        State.Pathname => UrlPart.Path,
        State.Search => UrlPart.Query,
        State.Hash => UrlPart.Fragment,
        _ => null,
    };

    private void Rewind()
    {
        _index = _componentStart;
        _increment = 0;
    }

    private void RewindTo(State state)
    {
        Rewind();
        _state = state;
    }

    private PatternToken TokenAt(int index) => _tokens[Math.Min(index, _tokens.Count - 1)];

    private (string Text, int Start) ComponentText()
    {
        var start = TokenAt(_componentStart).Index;
        return (_input[start.._tokens[_index].Index], start);
    }

    // https://urlpattern.spec.whatwg.org/#is-a-non-special-pattern-char
    private bool Is(char c, int ahead = 0)
    {
        var token = TokenAt(_index + ahead);
        return token.Kind is PatternTokenKind.Char or PatternTokenKind.EscapedChar or PatternTokenKind.InvalidChar && token.ValueLength == 1
            && _input[token.ValueStart] == c;
    }

    // https://urlpattern.spec.whatwg.org/#is-a-search-prefix: a "?" is a modifier only behind something that can have one.
    private bool IsSearchPrefix()
    {
        if (Is('?')) { return true; }
        var token = _tokens[_index];
        if (token.ValueLength != 1 || _input[token.ValueStart] != '?') { return false; }
        return _index == 0
            || TokenAt(_index - 1).Kind is not (
                PatternTokenKind.Name or PatternTokenKind.RegExp or PatternTokenKind.Close or PatternTokenKind.Asterisk);
    }
}
