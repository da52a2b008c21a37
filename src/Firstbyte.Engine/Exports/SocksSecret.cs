namespace Firstbyte.Exports;

/// <summary>Covers the password of a SOCKS5 client (RFC 1929 2) in what it sends, which comes in pieces.</summary>
/// <remarks>Who speaks SOCKS5 begins with 5 and its methods; a login follows, or the request, which begins with 5 again and has nothing to cover.</remarks>
internal sealed class SocksSecret
{
    private State _state;
    private int _left;

    private enum State : byte
    {
        Version,
        MethodCount,
        Methods,
        LoginVersion,
        UserLength,
        User,
        PasswordLength,
        Password,
        Over,
    }

    /// <summary>Puts stars over the bytes of a password.</summary>
    public void Mask(Span<byte> piece)
    {
        for (var i = 0; i < piece.Length && _state != State.Over; i++)
        {
            var value = piece[i];
            if (_state == State.Password) { piece[i] = (byte)'*'; }
            Take(value);
        }
    }

    private void Take(byte value)
    {
        switch (_state)
        {
            case State.Version: _state = value == 5 ? State.MethodCount : State.Over; break;
            case State.LoginVersion: _state = value == 1 ? State.UserLength : State.Over; break;
            case State.MethodCount: Count(value, State.Methods); break;
            case State.UserLength: Count(value, State.User); break;
            case State.PasswordLength: Count(value, State.Password); break;
            default:
                if (--_left == 0) { _state++; }
                break;
        }
    }

    private void Count(int bytes, State what) => (_left, _state) = (bytes, bytes > 0 ? what : what + 1);
}
