using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

/// <summary>The Web Platform Tests' URL data. Each test says how many cases passed, and fails when one did not or when cases are missing.</summary>
public partial class WebPlatformTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_case_of_urltestdata_passes() => Run("urltestdata.json", 891, test =>
    {
        var input = Text(test, "input")!;
        var baseText = Text(test, "base");
        if (test.TryGetProperty("failure", out _)) { return Url.TryParse(input, BaseOf(baseText), out var wrong) ? $"{input} against {baseText} gave {wrong}" : CanParseDiffers(input, baseText, false); }
        if (!Url.TryParse(input, BaseOf(baseText), out var url, out var error)) { return $"{input} against {baseText} failed: {error}"; }
        return FirstDifference(url, test) ?? CanParseDiffers(input, baseText, true) ?? Utf8Differs(input, baseText, url) ?? ReparseDiffers(url);
    });

    [Fact]
    public void Every_case_of_toascii_passes() => Run("toascii.json", 87, test =>
    {
        var input = Text(test, "input")!;
        return HostDiffers($"https://{input}/x", Text(test, "output"), input);
    });

    [Fact]
    public void Every_case_of_IdnaTestV2_passes() => Run("IdnaTestV2.json", 2671, test =>
    {
        var input = Text(test, "input")!;
        var expected = Text(test, "output");
        // An empty host never reaches domain to ASCII; the rest goes in percent-encoded, so that nothing else reads it first.
        return input.Length == 0
            ? EmptyDomainDiffers(expected)
            : HostDiffers($"https://{PercentEncodeAll(input)}/x", expected, input);
    });

    [Fact]
    public void The_utf8_rows_of_percent_encoding_pass() => Run("percent-encoding.json", 7, test =>
    {
        var input = Text(test, "input")!;
        if (!test.GetProperty("output").TryGetProperty("utf-8", out var expected)) { return "no UTF-8 row"; }
        var url = Url.Parse($"https://example.com/?{input}#{input}");
        return url.Search == "?" + expected.GetString() && url.Hash == "#" + expected.GetString() ? null : $"{input}: {url.Search} {url.Hash}";
    });

    [Fact]
    public void Every_case_of_setters_tests_passes()
    {
        using var document = Load("setters_tests.json");
        var (passed, failures) = (0, new List<string>());
        foreach (var attribute in document.RootElement.EnumerateObject().Where(a => a.Name != "comment"))
        {
            foreach (var test in attribute.Value.EnumerateArray())
            {
                var url = Set(Url.Parse(Text(test, "href")!), attribute.Name, Text(test, "new_value")!);
                var failure = FirstDifference(url, test.GetProperty("expected")) ?? ReparseDiffers(url);
                if (failure is null) { passed++; }
                else { failures.Add($"{attribute.Name} {test.GetProperty("href")} = {test.GetProperty("new_value")}: {failure}"); }
            }
        }
        output.WriteLine($"setters_tests.json: {passed} of 278 passed");
        Assert.Empty(failures);
        Assert.True(passed >= 278, $"setters_tests.json: only {passed} of 278 passed");
    }

    private static Url Set(Url url, string attribute, string value) => attribute switch
    {
        "protocol" => url.WithProtocol(value),
        "username" => url.WithUsername(value),
        "password" => url.WithPassword(value),
        "host" => url.WithHost(value),
        "hostname" => url.WithHostname(value),
        "port" => url.WithPort(value),
        "pathname" => url.WithPathname(value),
        "search" => url.WithSearch(value),
        "hash" => url.WithHash(value),
        "href" => Url.TryParse(value, out var other) ? other : url,
        _ => throw new NotSupportedException(attribute),
    };

    private static string? EmptyDomainDiffers(string? expected) =>
        (HostParser.DomainToAscii("") ?? "") == (expected ?? "") ? null : "the empty domain";

    private static string? HostDiffers(string input, string? expected, string name)
    {
        var host = Url.TryParse(input, out var url) ? url.Hostname : null;
        return host == expected ? null : $"{name}: expected {expected ?? "failure"}, got {host ?? "failure"}";
    }

    private static Url? BaseOf(string? text) => text is null ? null : Url.Parse(text);

    private static string? FirstDifference(Url url, JsonElement expected)
    {
        foreach (var property in expected.EnumerateObject())
        {
            var actual = Get(url, property.Name);
            if (actual is not null && actual != property.Value.GetString()) { return $"{property.Name}: expected {property.Value}, got {actual}"; }
        }
        return null;
    }

    private static string? CanParseDiffers(string input, string? baseText, bool expected) =>
        Url.CanParse(input, BaseOf(baseText)) == expected ? null : $"CanParse of {input} against {baseText} is not {expected}";

    private static string? Utf8Differs(string input, string? baseText, Url expected) =>
        Url.TryParse(Encoding.UTF8.GetBytes(input), BaseOf(baseText), out var url) && url == expected ? null : $"{input}: UTF-8 gives {url}";

    private static string? ReparseDiffers(Url url) =>
        Url.TryParse(url.Href, out var again) && again.Href == url.Href && again.Offsets == url.Offsets ? null : $"{url} parsed again is {again}: {url.Offsets} and {again?.Offsets}";

    internal static string? Get(Url url, string name) => name switch
    {
        "href" => url.Href,
        "origin" => url.Origin,
        "protocol" => url.Protocol,
        "username" => url.Username,
        "password" => url.Password,
        "host" => url.Host,
        "hostname" => url.Hostname,
        "port" => url.Port,
        "pathname" => url.Pathname,
        "search" => url.Search,
        "hash" => url.Hash,
        _ => null,
    };

    private static string PercentEncodeAll(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)));

    private void Run(string file, int count, Func<JsonElement, string?> run)
    {
        using var document = Load(file);
        var (passed, failures) = (0, new List<string>());
        foreach (var test in document.RootElement.EnumerateArray())
        {
            if (test.ValueKind != JsonValueKind.Object) { continue; }
            var failure = run(test);
            if (failure is null) { passed++; }
            else { failures.Add(failure); }
        }
        output.WriteLine($"{file}: {passed} of {count} passed");
        Assert.Empty(failures);
        Assert.True(passed >= count, $"{file}: only {passed} of {count} passed");
    }

    private static string? Text(JsonElement test, string name) => test.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // The data is meant for USVStrings: a lone surrogate, which JSON readers refuse, stands for U+FFFD.
    internal static JsonDocument Load(string file)
    {
        var text = File.ReadAllText(ConformanceData.Require("url/" + file));
        return JsonDocument.Parse(LoneSurrogate().Replace(text, @"\uFFFD"));
    }

    [GeneratedRegex(@"(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})")]
    private static partial Regex LoneSurrogate();
}
