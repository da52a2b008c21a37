using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Telling.Rows;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>Answers lines of JSON: <c>{"input":…,"base":…|null}</c> becomes the URL's parts, or why there is none.</summary>
internal static class UrlBatch
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Reads to the end; every line gets one line, also one that is no JSON. Returns 0.</summary>
    public static int Run(Stream input, Stream output)
    {
        using var lines = new StreamReader(input, new UTF8Encoding(false), false, 64 * 1024);
        var line = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(line, Options);
        var (baseText, baseUrl, baseError) = ((string?)null, (Url?)null, (UrlError?)null);
        while (lines.ReadLine() is { } text)
        {
            if (text.Length == 0) { continue; }
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            if (!TryRead(text, out var subject, out var against, out var place)) { WriteFailure(json, "invalid-JSON", place); }
            else
            {
                // Neighbouring lines often share their base.
                if (against != baseText)
                {
                    baseText = against;
                    baseError = null;
                    baseUrl = against is null ? null : Url.TryParse(against, null, out var read, out baseError) ? read : null;
                }
                if (baseError is not null)
                {
                    json.WriteBoolean("base", true);
                    WriteFailure(json, baseError.Reason.StandardName(), baseError.Position);
                }
                else if (Url.TryParse(subject, baseUrl, out var url, out var error)) { WriteParts(json, url); }
                else { WriteFailure(json, error.Reason.StandardName(), error.Position); }
            }
            json.WriteEndObject();
            json.Flush();
            line.Write("\n"u8);
            output.Write(Printable.Json(line.WrittenMemory).Span);
        }
        return 0;
    }

    /// <summary>The members that the standard's URL class has.</summary>
    public static void WriteParts(Utf8JsonWriter json, Url url)
    {
        json.WriteString("href", url.Href);
        json.WriteString("origin", url.Origin);
        json.WriteString("protocol", url.Protocol);
        json.WriteString("username", url.UsernameSpan);
        json.WriteString("password", url.PasswordSpan);
        json.WriteString("host", url.HostSpan);
        json.WriteString("hostname", url.HostnameSpan);
        json.WriteString("port", url.Port);
        json.WriteString("pathname", url.PathnameSpan);
        json.WriteString("search", url.SearchSpan);
        json.WriteString("hash", url.HashSpan);
    }

    /// <summary>The text with lone surrogates, which JSON's writers refuse, as U+FFFD.</summary>
    public static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void WriteFailure(Utf8JsonWriter json, string reason, int position)
    {
        json.WriteBoolean("failure", true);
        json.WriteString("reason", reason);
        json.WriteNumber("position", position);
    }

    private static bool TryRead(string line, out string subject, out string? against, out int place)
    {
        (subject, against, place) = ("", null, 0);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
        var found = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) { return false; }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isInput, isBase) = (reader.ValueTextEquals("input"u8), reader.ValueTextEquals("base"u8));
                reader.Read();
                if (isInput && reader.TokenType == JsonTokenType.String) { (subject, found) = (Text(ref reader), true); }
                else if (isBase && reader.TokenType == JsonTokenType.String) { against = Text(ref reader); }
                else if (isInput || (isBase && reader.TokenType != JsonTokenType.Null)) { place = (int)reader.TokenStartIndex; return false; }
                else { reader.Skip(); }
            }
            return found;
        }
        catch (JsonException e)
        {
            place = (int)(e.BytePositionInLine ?? 0);
            return false;
        }
    }

    // The reader's own GetString refuses escapes of lone surrogates, which are allowed here: a URL parser reads them as U+FFFD.
    private static string Text(ref Utf8JsonReader reader)
    {
        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        if (!reader.ValueIsEscaped) { return raw; }
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\') { text.Append(raw[i]); continue; }
            var escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }
            text.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
        }
        return text.ToString();
    }
}
