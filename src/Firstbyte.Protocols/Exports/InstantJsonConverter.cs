using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Firstbyte.Tracing;

namespace Firstbyte.Exports;

/// <summary>
/// Writes an <see cref="Instant"/> as RFC 3339 text with nine decimals ("2026-01-01T00:00:00.021000000Z"): numbers of nanoseconds are
/// beyond what JSON readers hold exactly.
/// </summary>
public sealed class InstantJsonConverter : JsonConverter<Instant>
{
    private const string Seconds = "yyyy-MM-ddTHH:mm:ss";
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        if (text.Length == 30 && text[19] == '.' && text[29] == 'Z'
            && DateTimeOffset.TryParseExact(
                text[..19], Seconds, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var seconds)
            && uint.TryParse(text.AsSpan(20, 9), NumberStyles.None, CultureInfo.InvariantCulture, out var fraction))
        {
            return Instant.FromDateTimeOffset(seconds).PlusNanoseconds(fraction);
        }
        throw new JsonException($"'{text}' is not an instant such as 2026-01-01T00:00:00.000000000Z");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        var (seconds, fraction) = Math.DivRem(value.Nanoseconds, NanosecondsPerSecond);
        if (fraction < 0)
        {
            seconds--;
            fraction += NanosecondsPerSecond;
        }
        Span<char> text = stackalloc char[30];
        DateTimeOffset.UnixEpoch.AddSeconds(seconds).TryFormat(text, out _, Seconds, CultureInfo.InvariantCulture);
        text[19] = '.';
        ((uint)fraction).TryFormat(text[20..], out _, "D9", CultureInfo.InvariantCulture);
        text[29] = 'Z';
        writer.WriteStringValue(text);
    }
}
