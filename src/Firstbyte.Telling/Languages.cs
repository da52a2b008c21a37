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

    /// <summary>The language of a tag or locale: "zh", "zh-Hans-CN", "zh_CN.UTF-8"; null where Firstbyte does not speak it.</summary>
    public static Language? Of(string locale)
    {
        var end = locale.AsSpan().IndexOfAny("-_.@");
        var primary = end < 0 ? locale : locale[..end];
        return All.FirstOrDefault(language => language.Tag.Equals(primary, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The language for messages that the environment asks for, as POSIX has it (XBD 8.2): the first variable that is set and not empty decides,
    /// and a locale that Firstbyte does not speak, such as "C", or speaks only in part, is English.
    /// </summary>
    public static Language FromEnvironment(Func<string, string?> variable)
    {
        foreach (var name in (string[])["LC_ALL", "LC_MESSAGES", "LANG"])
        {
            if (variable(name) is { Length: > 0 } locale) { return Of(locale) is { IsComplete: true } spoken ? spoken : English; }
        }
        return English;
    }
}
