using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseSettings : ISettingsSentences
{
    public Phrase At(string place, Phrase complaint) => $"{place}：{complaint}";

    public Phrase NoJson => "这不是 JSON（文本要加引号，成员之间要有逗号）";

    public Phrase Unknown(string member, string? nearest, IEnumerable<string> known) =>
        nearest is null ? $"这里没有 '{member}' 这个设置，可用的有 {string.Join("、", known):words}" : $"这里没有 '{member}' 这个设置；您是想写 '{nearest}' 吗？";

    public Phrase Twice(string member) => $"'{member}' 在这里出现了第二次";

    public Phrase Missing(string member) => $"这里缺少 '{member}'";

    public Phrase Wants(SettingsKind kind) => kind switch
    {
        SettingsKind.Text => "这里必须是文本",
        SettingsKind.Texts => "这里必须是文本或文本的列表",
        SettingsKind.Object => "这里必须是花括号里的对象",
        SettingsKind.Objects => "这里必须是对象的列表，每个对象在花括号里",
        SettingsKind.Truth => "这里必须是 'true' 或 'false'",
    };

    public Phrase WantsNumber(uint least, uint most) => $"这里必须是 {least} 到 {most} 之间的数";

    public Phrase AtTheNextStart(IEnumerable<string> members) => $"已改动，服务器下次启动时才采用：{string.Join("、", members):words}";

    public Phrase ZoneLeft(string origin) => $"不再提供域 {origin}";
}
