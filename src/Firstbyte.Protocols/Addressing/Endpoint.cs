using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Addressing;

/// <summary>An address and a port: one end of a conversation. Written 192.0.2.1:80 or [2001:db8::1]:80.</summary>
[JsonConverter(typeof(EndpointJsonConverter))]
public readonly record struct Endpoint(IpAddress Address, ushort Port) : IComparable<Endpoint>
{
    /// <summary>Reads "192.0.2.1:80" or "[2001:db8::1]:80"; false when the port is missing.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Endpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)) { return false; }
        var host = text[..colon];
        if (host[0] == '[' && host[^1] == ']') { host = host[1..^1]; }
        else if (host.Contains(':')) { return false; }
        if (!IpAddress.TryParse(host, out var address)) { return false; }
        endpoint = new Endpoint(address, port);
        return true;
    }

    /// <summary>The same, where the port may be left out, and with it the brackets around an address of version 6.</summary>
    /// <param name="text">"192.0.2.53", "192.0.2.53:53", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:53".</param>
    /// <param name="port">The port that is meant where none stands.</param>
    /// <param name="endpoint">What was read.</param>
    public static bool TryParse(ReadOnlySpan<char> text, ushort port, out Endpoint endpoint)
    {
        if (TryParse(text, out endpoint)) { return true; }
        if (!IpAddress.TryParse(text is ['[', .. var inside, ']'] ? inside : text, out var address)) { return false; }
        endpoint = new Endpoint(address, port);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Endpoint other)
    {
        var order = Address.CompareTo(other.Address);
        return order != 0 ? order : Port.CompareTo(other.Port);
    }

    /// <inheritdoc/>
    public override string ToString() => Address.IsV6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    public static bool operator <(Endpoint left, Endpoint right) => left.CompareTo(right) < 0;
    public static bool operator >(Endpoint left, Endpoint right) => left.CompareTo(right) > 0;
    public static bool operator <=(Endpoint left, Endpoint right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Endpoint left, Endpoint right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes an endpoint as its text.</summary>
public sealed class EndpointJsonConverter : JsonConverter<Endpoint>
{
    /// <inheritdoc/>
    public override Endpoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        // What nobody has bound yet has no address, and is written so.
        if (text == default(Endpoint).ToString()) { return default; }
        return Endpoint.TryParse(text, out var endpoint) ? endpoint : throw new JsonException($"'{text}' is not an address with a port");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Endpoint value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
