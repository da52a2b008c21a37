using System.Text;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Bodies;

/// <summary>
/// Lays JSON out as it comes: a member a line, two columns a level, each token in its role. Not a byte of it is changed but the blanks
/// between tokens.
/// </summary>
/// <remarks>What turns out to be no JSON goes on as it is from there: a reader wants to see it all the more.</remarks>
/// <param name="write">Takes text in its role; lines end in "\n".</param>
internal sealed class JsonLayout(Action<string, Role> write)
{
    /// <summary>Levels that are laid out (own choice: those that a page of 120 columns has room for).</summary>
    public const int MaxDepth = 56;

    private readonly StringBuilder _run = new();
    private readonly Stack<char> _open = new();
    private Role _role = Role.Words;
    private Role _runRole = Role.Words;
    private State _state = State.Between;
    private bool _isKeyNext;
    private bool _isFresh;
    private bool _hasValue;
    private bool _isRaw;

    private enum State
    {
        Between,
        InString,
        InEscape,
        InWord,
    }

    /// <summary>Takes the next of the text.</summary>
    public void Write(string text)
    {
        foreach (var c in text)
        {
            if (_isRaw) { Put(c, Role.Words); }
            else { Take(c); }
        }
        Hand();
    }

    /// <summary>Nothing follows.</summary>
    public void Finish()
    {
        if (_hasValue || _open.Count > 0 || _state != State.Between) { Put('\n', Role.Words); }
        Hand();
    }

    private void Take(char c)
    {
        switch (_state)
        {
            case State.InEscape:
                Put(c, _role);
                _state = State.InString;
                return;
            case State.InString:
                Put(c, _role);
                _state = c switch { '\\' => State.InEscape, '"' => State.Between, _ => State.InString };
                return;
            case State.InWord when IsWord(c):
                Put(c, _role);
                return;
            default:
                _state = State.Between;
                TakeToken(c);
                return;
        }
    }

    private void TakeToken(char c)
    {
        switch (c)
        {
            case ' ' or '\t' or '\n' or '\r' or '\ufeff': break;
            case '{' or '[' when _open.Count < MaxDepth:
                BeginValue();
                Put(c, Role.Words);
                _open.Push(c);
                (_isFresh, _isKeyNext, _hasValue) = (true, c == '{', false);
                break;
            case '}' or ']' when _open.TryPeek(out var opened) && opened == (c == '}' ? '{' : '['):
                _open.Pop();
                if (!_isFresh) { NewLine(); }
                (_isFresh, _isKeyNext, _hasValue) = (false, false, true);
                Put(c, Role.Words);
                break;
            case ',' when _open.Count > 0:
                Put(c, Role.Words);
                (_isKeyNext, _hasValue) = (_open.Peek() == '{', false);
                NewLine();
                break;
            case ':' when _open.Count > 0:
                Put(c, Role.Words);
                Put(' ', Role.Words);
                (_isKeyNext, _hasValue) = (false, false);
                break;
            case '"':
                BeginValue();
                (_role, _state, _hasValue) = (_isKeyNext ? Role.Name : Role.Text, State.InString, true);
                Put(c, _role);
                break;
            case var _ when IsWord(c):
                BeginValue();
                (_role, _state, _hasValue) = (char.IsAsciiLetter(c) ? Role.Strong : Role.Number, State.InWord, true);
                Put(c, _role);
                break;
            default:
                _isRaw = true;
                Put(c, Role.Words);
                break;
        }
    }

    // The first of a level begins its line; a value behind another without a comma (JSON lines) does too.
    private void BeginValue()
    {
        if (_isFresh || _hasValue) { NewLine(); }
        _isFresh = false;
    }

    private void NewLine()
    {
        Put('\n', Role.Words);
        for (var i = 0; i < _open.Count * 2; i++) { Put(' ', Role.Words); }
    }

    private void Put(char c, Role role)
    {
        if (role != _runRole) { Hand(); }
        _runRole = role;
        _run.Append(c);
    }

    private void Hand()
    {
        if (_run.Length > 0) { write(_run.ToString(), _runRole); }
        _run.Clear();
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.';
}
