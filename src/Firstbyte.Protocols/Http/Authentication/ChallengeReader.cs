using System.Buffers;
using System.Text;

namespace Firstbyte.Http.Authentication;

/// <summary>Reads the lists of challenges that servers send (RFC 9110 11.6.1).</summary>
/// <remarks>
/// <code>
///   WWW-Authenticate = [ challenge *( OWS "," OWS challenge ) ]
///   challenge        = auth-scheme [ 1*SP ( token68 / [ auth-param *( OWS "," OWS auth-param ) ] ) ]
///   auth-param       = token BWS "=" BWS ( token / quoted-string )
///   token68          = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
/// </code>
/// Commas separate challenges and parameters alike: a member that is a token and "=" belongs to the challenge before it, any other begins one. What cannot be
/// read ends the reading; the challenges before it stand, and the one it is in does not, as what it asks for is not known.
/// </remarks>
public static class ChallengeReader
{
    private static readonly SearchValues<char> s_token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>Adds the challenges of a field's value to a list; false when not all of it could be read.</summary>
    /// <param name="value">The value of a WWW-Authenticate, Proxy-Authenticate, Authorization or Authentication-Info field.</param>
    /// <param name="into">Where the challenges go; none beyond <see cref="AuthenticationLimits.Challenges"/> is added.</param>
    public static bool TryRead(ReadOnlySpan<char> value, List<Challenge> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var reader = new Reader(value);
        reader.SkipSeparators();
        while (!reader.IsAtEnd)
        {
            if (into.Count >= AuthenticationLimits.Challenges || !reader.TryReadChallenge(out var challenge)) { return false; }
            into.Add(challenge);
        }
        return true;
    }

    /// <summary>Reads parameters that stand alone, as in Authentication-Info (RFC 7615); false when not all could be read.</summary>
    public static bool TryReadParameters(ReadOnlySpan<char> value, List<HttpField> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var reader = new Reader(value);
        reader.SkipSeparators();
        while (!reader.IsAtEnd)
        {
            if (into.Count >= AuthenticationLimits.Parameters || !reader.TryReadParameter(into)) { return false; }
            if (!reader.TrySkipSeparators()) { return false; }
        }
        return true;
    }

    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public readonly bool IsAtEnd => _rest.Length == 0;

        public void SkipSeparators() => _rest = _rest.TrimStart(" \t,");

        /// <summary>What stands between members: one comma at least, or the end.</summary>
        public bool TrySkipSeparators()
        {
            var behind = _rest.TrimStart(" \t");
            if (behind.Length > 0 && behind[0] != ',') { return false; }
            SkipSeparators();
            return true;
        }

        public bool TryReadChallenge(out Challenge challenge)
        {
            challenge = null!;
            var scheme = TakeToken();
            if (scheme.Length == 0) { return false; }
            // A scheme is followed by a blank, a comma or nothing.
            if (!IsAtEnd && _rest[0] is not (' ' or '\t' or ',')) { return false; }
            var hasBlank = !IsAtEnd && _rest[0] != ',';
            var parameters = new List<HttpField>();
            string? token = null;
            if (hasBlank)
            {
                _rest = _rest.TrimStart(" \t");
                token = TakeToken68();
                if (token is null && !TryReadParameters(parameters)) { return false; }
            }
            if (!TrySkipSeparators()) { return false; }
            challenge = new Challenge(scheme.ToString(), token, parameters);
            return true;
        }

        public bool TryReadParameter(List<HttpField> into)
        {
            var name = TakeToken();
            _rest = _rest.TrimStart(" \t");
            if (name.Length == 0 || IsAtEnd || _rest[0] != '=') { return false; }
            _rest = _rest[1..].TrimStart(" \t");
            if (TakeValue() is not { } value) { return false; }
            foreach (var other in into)
            {
                // RFC 9110 11.2: each name once. Which of two was meant, nobody knows.
                if (name.Equals(other.Name, StringComparison.OrdinalIgnoreCase)) { return false; }
            }
            into.Add(new HttpField(name.ToString(), value));
            return true;
        }

        // The members up to the one that begins another challenge.
        private bool TryReadParameters(List<HttpField> into)
        {
            while (IsParameterNext())
            {
                if (into.Count >= AuthenticationLimits.Parameters || !TryReadParameter(into)) { return false; }
                var before = _rest;
                if (!TrySkipSeparators()) { return false; }
                if (!IsParameterNext())
                {
                    _rest = before;
                    break;
                }
            }
            return true;
        }

        private readonly bool IsParameterNext()
        {
            var length = TokenLength(_rest);
            return length > 0 && _rest[length..].TrimStart(" \t") is ['=', ..];
        }

        private static int TokenLength(ReadOnlySpan<char> text)
        {
            var length = 0;
            while (length < text.Length && HttpGrammar.IsToken(text.Slice(length, 1))) { length++; }
            return length;
        }

        private ReadOnlySpan<char> TakeToken()
        {
            var length = TokenLength(_rest);
            var token = _rest[..length];
            _rest = _rest[length..];
            return token;
        }

        // A token68 stands alone up to the comma: "a=" is one, "a=b" is a parameter.
        private string? TakeToken68()
        {
            var length = _rest.IndexOfAnyExcept(s_token68);
            if (length < 0) { length = _rest.Length; }
            if (length == 0) { return null; }
            while (length < _rest.Length && _rest[length] == '=') { length++; }
            if (_rest[length..].TrimStart(" \t") is [not ',', ..]) { return null; }
            var token = _rest[..length].ToString();
            _rest = _rest[length..];
            return token;
        }

        private string? TakeValue()
        {
            if (IsAtEnd || _rest[0] != '"') { return TakeToken() is { Length: > 0 } token ? token.ToString() : null; }
            var value = new StringBuilder();
            for (var i = 1; i < _rest.Length; i++)
            {
                var character = _rest[i];
                if (character == '"')
                {
                    _rest = _rest[(i + 1)..];
                    return value.ToString();
                }
                // quoted-pair: what follows the backslash is meant as it is.
                if (character == '\\' && ++i < _rest.Length) { character = _rest[i]; }
                if (character is '\r' or '\n' or '\0') { return null; }
                value.Append(character);
            }
            return null;
        }
    }
}
