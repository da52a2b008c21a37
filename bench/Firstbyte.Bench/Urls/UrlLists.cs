using System.Globalization;
using System.Text;

namespace Firstbyte.Bench.Urls;

/// <summary>Lists of URLs, the same on every machine: SplitMix64 from a fixed seed draws everything.</summary>
internal static class UrlLists
{
    private const int Count = 10_000;

    private static readonly string[] Words =
        "about account api app archive article assets blog book cart category cdn changes checkout comments contact content data docs download edit events feed file forum gallery help home images index item journal language latest list login map media menu music news notes order page photo post press product profile public query read report review sale search section share shop sign site static status store style support tag team terms theme topic travel update user video view watch web wiki work".Split(' ');

    private static readonly string[] Domains = ["com", "org", "net", "example", "co.uk", "de", "fr", "io", "jp", "edu"];

    private static readonly string[] InternationalNames =
    [
        "bücher", "müller-straße", "café", "españa", "smørrebrød", "århus", "čeština", "żółw", "ελλάδα", "παράδειγμα", "президент", "новости", "київ",
        "中文", "例え", "日本語", "テスト", "한국어", "테스트", "ไทย", "हिन्दी", "العربية", "מבחן", "فارسی", "ქართული", "հայերեն", "Ångström", "ÖSTERREICH",
    ];

    private static readonly string[] InternationalEndings = ["de", "com", "рф", "jp", "中国", "example", "한국", "gr"];

    public static IReadOnlyDictionary<string, Func<string[]>> All { get; } = new Dictionary<string, Func<string[]>>(StringComparer.Ordinal)
    {
        ["web"] = () => Make(1, Web),
        ["file"] = () => Make(2, FileUrl),
        ["long-query"] = () => Make(3, LongQuery),
        ["international"] = () => Make(4, International),
        ["messy"] = () => Make(5, Messy),
        ["disordered"] = () => Make(6, Disordered),
        ["encoded-query"] = () => Make(7, EncodedQuery),
    };

    private static string[] Make(ulong seed, Func<SplitMix, int, string> url)
    {
        var random = new SplitMix(seed);
        return [.. Enumerable.Range(0, Count).Select(i => url(random, i))];
    }

    private static string Web(SplitMix random, int index)
    {
        var text = new StringBuilder(random.Below(10) == 0 ? "http://" : "https://");
        AppendHost(text, random);
        AppendPath(text, random);
        if (random.Below(10) < 3) { AppendQuery(text, random, 1 + random.Below(4)); }
        if (random.Below(20) == 0) { text.Append('#').Append(Word(random)); }
        return text.ToString();
    }

    private static string FileUrl(SplitMix random, int index)
    {
        var text = new StringBuilder("file://");
        switch (index % 8)
        {
            case 0: text.Append("/C:"); break;
            case 1: text.Append("/d|"); break;
            case 2: text.Append("localhost"); break;
            case 3: text.Append("server-").Append(random.Below(100)); break;
        }
        text.Append(index % 2 == 0 ? "/usr/share" : "/home/" + Word(random));
        AppendPath(text, random);
        if (index % 10 == 0) { text.Append("/../").Append(Word(random)).Append("/my documents/file.txt"); }
        return text.ToString();
    }

    private static string LongQuery(SplitMix random, int index)
    {
        var text = new StringBuilder("https://");
        AppendHost(text, random);
        AppendPath(text, random);
        var length = 1024 + random.Below(7 * 1024);
        AppendQuery(text, random, 1);
        while (text.Length < length)
        {
            text.Append('&').Append(Word(random)).Append('=');
            switch (random.Below(20))
            {
                case 0: text.Append("a b c"); break;
                case 1: text.Append("naïve é"); break;
                case < 5: text.Append("https%3A%2F%2Fexample.com%2F"); break;
                default: AppendToken(text, random, 4 + random.Below(60)); break;
            }
        }
        return text.ToString();
    }

    private static string International(SplitMix random, int index)
    {
        var text = new StringBuilder("https://");
        if (index % 2 == 0)
        {
            if (random.Below(2) == 0) { text.Append("www."); }
            text.Append(InternationalNames[random.Below(InternationalNames.Length)]);
            // RFC 5893 forbids letters of both directions in one label, so that no word is put beside the name.
            text.Append('.').Append(InternationalEndings[random.Below(InternationalEndings.Length)]);
        }
        else { AppendHost(text, random); }
        AppendPath(text, random);
        if (random.Below(3) == 0) { text.Append('/').Append(InternationalNames[random.Below(InternationalNames.Length)]); }
        if (random.Below(4) == 0) { AppendQuery(text, random, 2); }
        return text.ToString();
    }

    // One shape that needs everything: HTTP://WWW.SITE.com:80/../a/./b/%7ex\c d?q=#f"
    private static string Messy(SplitMix random, int index) =>
        $"HTTP://WWW.{Word(random).ToUpperInvariant()}.com:80/../{Word(random)}/./{Word(random)}/%7e{Word(random)}\\{Word(random)} {Word(random)}?q=#{Word(random)}\"";

    // What people type into a search box: words, spaces, quotes, letters beyond ASCII.
    private static string EncodedQuery(SplitMix random, int index)
    {
        var text = new StringBuilder("https://");
        AppendHost(text, random);
        text.Append("/search?q=");
        for (var length = text.Length + 800 + random.Below(2_200); text.Length < length;)
        {
            text.Append(random.Below(20) switch { 0 => "\"" + Word(random) + "\"", 1 => "<" + Word(random) + ">", 2 => "naïve", 3 => "größe", _ => Word(random) });
            text.Append(random.Below(10) == 0 ? "&f=" : " ");
        }
        return text.ToString();
    }

    // Each URL needs something else, in another order: upper case, default ports, dot segments, "\\", spaces and quotes, white space around.
    private static string Disordered(SplitMix random, int index)
    {
        var text = new StringBuilder();
        if (random.Below(10) == 0) { text.Append(' ', 1 + random.Below(3)); }
        text.Append(random.Below(3) switch { 0 => "HTTP://", 1 => "Https://", _ => "http://" });
        if (random.Below(10) == 0) { text.Append(Word(random)).Append(':').Append(Word(random)).Append("!@"); }
        text.Append("WWW.").Append(Word(random).ToUpperInvariant()).Append('.').Append(Domains[random.Below(Domains.Length)]);
        if (random.Below(2) == 0) { text.Append(random.Below(2) == 0 ? ":80" : ":443"); }
        for (var segments = 2 + random.Below(5); segments > 0; segments--)
        {
            text.Append(random.Below(8) == 0 ? '\\' : '/');
            switch (random.Below(8))
            {
                case 0: text.Append(".."); break;
                case 1: text.Append('.'); break;
                case 2: text.Append("%7e").Append(Word(random)); break;
                case 3: text.Append(Word(random)).Append(' ').Append(Word(random)); break;
                case 4: text.Append(random.Below(4) == 0 ? "%2E%2e" : "{" + Word(random) + "}"); break;
                default: text.Append(Word(random)); break;
            }
        }
        if (random.Below(2) == 0) { text.Append("?q=").Append(random.Below(3) == 0 ? "a \"b\"" : Word(random)); }
        if (random.Below(3) == 0) { text.Append('#').Append(Word(random)).Append('"'); }
        if (random.Below(10) == 0) { text.Append(random.Below(2) == 0 ? ' ' : '\t'); }
        return text.ToString();
    }

    private static void AppendHost(StringBuilder text, SplitMix random)
    {
        if (random.Below(2) == 0) { text.Append("www."); }
        text.Append(Word(random)).Append(Word(random)).Append('.').Append(Domains[random.Below(Domains.Length)]);
        if (random.Below(100) == 0) { text.Append(':').Append(8000 + random.Below(500)); }
    }

    private static void AppendPath(StringBuilder text, SplitMix random)
    {
        var segments = random.Below(6);
        for (var i = 0; i < segments; i++)
        {
            text.Append('/');
            switch (random.Below(4))
            {
                case 0: text.Append(random.Below(1_000_000).ToString(CultureInfo.InvariantCulture)); break;
                case 1: text.Append(Word(random)).Append('-').Append(Word(random)).Append('-').Append(Word(random)); break;
                default: text.Append(Word(random)); break;
            }
        }
        text.Append(segments > 0 && random.Below(3) == 0 ? ".html" : "/");
    }

    private static void AppendQuery(StringBuilder text, SplitMix random, int pairs)
    {
        for (var i = 0; i < pairs; i++)
        {
            text.Append(i == 0 ? '?' : '&').Append(Word(random)).Append('=');
            AppendToken(text, random, 3 + random.Below(20));
        }
    }

    private static void AppendToken(StringBuilder text, SplitMix random, int length)
    {
        const string characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (var i = 0; i < length; i++) { text.Append(characters[random.Below(characters.Length)]); }
    }

    private static string Word(SplitMix random) => Words[random.Below(Words.Length)];

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): the base library's generator may change its sequence.</summary>
    private sealed class SplitMix(ulong seed)
    {
        private ulong _state = seed;

        public int Below(int limit)
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) % (ulong)limit);
        }
    }
}
