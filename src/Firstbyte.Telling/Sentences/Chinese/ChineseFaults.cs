namespace Firstbyte.Telling.Sentences.Chinese;

/// <summary>Kinds of faults, by the words of lab files and of random worlds.</summary>
internal static class ChineseFaults
{
    /// <summary>What a kind is called; the word itself for one that somebody else has added.</summary>
    public static string Kind(string word) => word switch
    {
        "silence" => "不应答",
        "refuse" => "拒绝连接",
        "break" => "连接中断",
        "lose" or "loss" => "丢包",
        "duplicate" => "重复",
        "reorder" => "乱序",
        "corrupt" => "损坏",
        "partition" => "互不相通",
        "filter" => "过滤 ICMP",
        "cut" => "网线被拔掉",
        "clog" => "网线被堵住",
        "throttle" => "限速",
        "impair" => "网线质量变差",
        "skew" => "时钟不准",
        "down" => "断电",
        _ => word,
    };
}
