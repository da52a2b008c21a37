using System.Buffers;
using System.Globalization;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>Variables and what they expand to.</content>
internal sealed partial class CurlLine
{
    // name=content, name@file, %name (from the environment), %name=default; name[4-9] takes a piece.
    public void SetVariable(string text)
    {
        var import = text.StartsWith('%');
        var rest = import ? text[1..] : text;
        var end = rest.AsSpan().IndexOfAnyExcept(CurlText.OfVariables) is >= 0 and var found ? found : rest.Length;
        var name = rest[..end];
        rest = rest[end..];
        if (name.Length is 0 or >= 128) { throw Fault("--variable", "variable name is missing or too long", CurlCode.FailedInit); }
        (int From, int To)? piece = null;
        if (rest.StartsWith('['))
        {
            var close = rest.IndexOf(']', StringComparison.Ordinal);
            var dash = rest.IndexOf('-', StringComparison.Ordinal);
            if (close < 0 || dash < 0 || dash > close || !int.TryParse(rest.AsSpan(1, dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            {
                throw Fault("--variable", "invalid byte range in --variable argument", CurlCode.FailedInit);
            }
            var last = rest[(dash + 1)..close];
            piece = (from, last.Length == 0 ? int.MaxValue : CurlNumbers.Count("--variable", last));
            rest = rest[(close + 1)..];
        }
        byte[] content;
        if (import && around.Variable(name) is { } known) { content = OctetText.Octets(known); }
        else if (rest.StartsWith('=')) { content = OctetText.Octets(rest[1..]); }
        else if (rest.StartsWith('@')) { content = around.ReadFile(rest[1..]) ?? throw Unreadable("--variable", rest[1..]); }
        else if (import) { throw Fault("--variable", $"Variable '{name}' import fail, not set", CurlCode.FailedInit); }
        else { throw Fault("--variable", $"Bad --variable syntax, skipping: {text}", CurlCode.FailedInit); }
        if (piece is var (first, to))
        {
            content = first >= content.Length ? [] : content[first..(int)Math.Min(content.Length, (long)to + 1)];
        }
        Settings.Variables[name] = content;
    }

    /// <summary>Puts values in the place of <c>{{name}}</c>, with functions behind colons.</summary>
    private string Expand(string text)
    {
        var result = new StringBuilder();
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            if (open > 0 && text[open - 1] == '\\')
            {
                result.Append(text, at, open - 1 - at).Append("{{");
                at = open + 2;
                continue;
            }
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                around.Warn($"missing close '}}}}' in '{text}'");
                break;
            }
            result.Append(text, at, open - at);
            at = close + 2;
            var parts = text[(open + 2)..close].Split(':');
            if (parts[0].Length == 0 || parts[0].AsSpan().IndexOfAnyExcept(CurlText.OfVariables) >= 0)
            {
                result.Append(text, open, close + 2 - open);
                around.Warn($"bad variable name: {parts[0]}");
                continue;
            }
            var value = Settings.Variables.GetValueOrDefault(parts[0]) ?? [];
            foreach (var function in parts.AsSpan(1)) { value = Apply(function, value); }
            if (value.Contains((byte)0)) { throw Fault("--expand", "null byte in expanded value", CurlCode.FailedInit); }
            result.Append(OctetText.Of(value));
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static byte[] Apply(string function, byte[] value) => function switch
    {
        "trim" => OctetText.Octets(OctetText.Of(value).Trim(' ', '\t', '\n', '\v', '\f', '\r')),
        "json" => OctetText.Octets(CurlText.Json(OctetText.Of(value))),
        "url" => OctetText.Octets(CurlText.Escape(value)),
        "b64" => OctetText.Octets(Convert.ToBase64String(value)),
        "64dec" => Decoded(value),
        _ => throw Fault("--expand", $"unknown variable function in '{function}'", CurlCode.FailedInit),
    };

    private static byte[] Decoded(byte[] value)
    {
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(OctetText.Of(value), bytes, out var count) ? bytes[..count] : OctetText.Octets("[64dec-fail]");
    }
}

/// <summary>Text as bytes and back, and the ways in which curl escapes it.</summary>
internal static class CurlText
{
    private const string VariableCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    public static readonly SearchValues<char> OfVariables = SearchValues.Create(VariableCharacters);

    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    /// <summary>Percent-encodes all but unreserved characters (curl_easy_escape).</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
        {
            if (Unreserved.Contains((char)one, StringComparison.Ordinal)) { text.Append((char)one); }
            else { text.Append(CultureInfo.InvariantCulture, $"%{one:X2}"); }
        }
        return text.ToString();
    }

    /// <summary>Takes percent-encoding off.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = OctetText.Octets(text);
        using var result = new MemoryStream(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                result.WriteByte(byte.Parse($"{(char)bytes[i + 1]}{(char)bytes[i + 2]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else { result.WriteByte(bytes[i]); }
        }
        return result.ToArray();
    }

    /// <summary>As it stands in a string of JSON, without its quotes.</summary>
    public static string Json(string text)
    {
        var json = new StringBuilder(text.Length);
        foreach (var one in text)
        {
            json.Append(one switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)one:x4}",
                _ => one.ToString(),
            });
        }
        return json.ToString();
    }
}
