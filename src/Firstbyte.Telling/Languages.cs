using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Sentences.Chinese;
using Firstbyte.Telling.Sentences.English;

namespace Firstbyte.Telling;

/// <summary>The languages in which Firstbyte speaks, and how one is chosen.</summary>
public static class Languages
{
    /// <summary>English, in which Firstbyte speaks when nobody says anything else.</summary>
    public static Language English { get; } = new EnglishLanguage();

    /// <summary>简体中文.</summary>
    public static Language Chinese { get; } = new ChineseLanguage();

    /// <summary>Every language, the first one being the default: the one list from which help, completion and tests take them.</summary>
    public static IReadOnlyList<Language> All { get; } = [English, Chinese];

    /// <summary>
    /// The language of a tag or locale: "zh", "zh-Hans-CN", "zh_CN.UTF-8"; null where Firstbyte does not speak it. Whoever reads 繁體 (zh_TW, zh_HK,
    /// zh_MO, zh-Hant) is not served with 简体 unasked: another script is another language here, as it is to every program that has catalogues of both.
    /// </summary>
    public static Language? Of(string locale)
    {
        var subtags = locale.Split('.', '@')[0].Split('-', '_');
        if (subtags[0].Equals("zh", StringComparison.OrdinalIgnoreCase) && IsTraditional(subtags)) { return null; }
        return All.FirstOrDefault(language => language.Tag.Equals(subtags[0], StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The language for messages that the environment asks for, as POSIX has it (XBD 8.2): the first variable that is set and not empty decides,
    /// and a locale that Firstbyte does not speak, such as "C", or speaks only in part, is English. So is one of another charset than UTF-8, which
    /// is what Firstbyte writes ("zh_CN.GBK"): its terminal would show other characters, and English loses least.
    /// </summary>
    public static Language FromEnvironment(Func<string, string?> variable)
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
        {
            if (variable(name) is { Length: > 0 } locale)
            {
                return IsUtf8(locale) && Of(locale) is { IsComplete: true } spoken ? spoken : English;
            }
        }
        return English;
    }

    // The script, where it is said, decides; else the territory does (CLDR, likely subtags).
    private static bool IsTraditional(string[] subtags) =>
        Has(subtags, "Hant") || (!Has(subtags, "Hans") && (Has(subtags, "TW") || Has(subtags, "HK") || Has(subtags, "MO")));

    private static bool Has(string[] subtags, string subtag) => subtags.Contains(subtag, StringComparer.OrdinalIgnoreCase);

    // "language_TERRITORY.charset@modifier"; one that says no charset means the terminal's.
    private static bool IsUtf8(string locale) => locale.Split('@')[0].Split('.') is not [_, var charset, ..]
        || charset.Replace("-", "", StringComparison.Ordinal).Equals("UTF8", StringComparison.OrdinalIgnoreCase);
}
