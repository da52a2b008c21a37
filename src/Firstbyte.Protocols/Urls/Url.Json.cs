using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Urls;

/// <summary>Reads and writes a URL as a JSON string.</summary>
public sealed class UrlJsonConverter : JsonConverter<Url>
{
    /// <inheritdoc/>
    public override Url? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        if (text is null) { return null; }
        return Url.TryParse(text, null, out var url, out var error) ? url : throw new JsonException($"Not a URL: {error}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Url value, JsonSerializerOptions options) => writer.WriteStringValue(value.Href);

    /// <inheritdoc/>
    public override Url ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options) ?? throw new JsonException("Not a URL: null");

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Url value, JsonSerializerOptions options) => writer.WritePropertyName(value.Href);
}

/// <summary>Converts between text and URL for whatever asks the component model: configuration binding, designers.</summary>
public sealed class UrlTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? Url.Parse(text) : base.ConvertFrom(context, culture, value);

    /// <inheritdoc/>
    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        value is Url url && destinationType == typeof(string) ? url.Href : base.ConvertTo(context, culture, value, destinationType);
}
