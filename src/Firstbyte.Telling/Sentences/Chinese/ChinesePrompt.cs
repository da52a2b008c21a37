using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChinesePrompt : IPromptSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Greeting(ulong seed) => $"种子 {seed} · 虚拟时间 · 'help' 列出命令，Ctrl-D 结束";

    public Phrase LineOf(int number) => $"第 {number} 行：";

    public Phrase QuoteIsOpen(char quote) => $"引号 {quote} 打开后没有关闭";

    public Phrase StoppedAt(string clock) => $"停在 {clock} s";

    public Phrase Forgotten(int position) => $"#{position} 之后记录的事件已忘掉：从这里继续运行";

    public Phrase StillRuns(string programs) => $"之前的还在运行，这里不显示：{programs:name}（'run' 会显示）";

    public Phrase NothingRuns => "没有程序在运行：请说明要过多少时间，例如 'run 5s'";

    public Phrase NothingLeft => "没有什么会再发生：给实验室一点事做，例如 'ping' 或 'fetch'";

    public Phrase NoEvent(string text, int last) => last == 0
        ? Say($"没有事件 '{text}'：还没有发生任何事，0 是开头")
        : $"没有事件 '{text}'：编号从 1 到 {last}（'log' 会列出），0 是开头";

    public Phrase Where(string clock, int position, int count, bool isInThePast) =>
        $"{clock} s，{(position == 0 ? "第一个事件之前" : Say($"{count} 个事件中第 {position} 个之后"))}{(isInThePast ? " · step：照记录重放 · ping、cut、run：重新开始" : "")}";

    public Phrase NothingYet => "还没有发生任何事";

    public Phrase Seed(ulong seed, string clock, ulong trace) => $"种子 {seed} · {clock} s · 轨迹 {trace:x16}";

    public Phrase Ended(string clock, long events, ulong seed, ulong trace) =>
        $"{clock} s · {_amounts.Events(events)} · 种子 {seed} · 轨迹 {trace:x16}";

    public Phrase NoCommand(string word, string? near) =>
        $"没有命令 '{word}'{(near is null ? "" : Say($"；是不是 '{near}'？"))}（'help' 会列出）";

    public Phrase BreakIsTwoThings => "没有命令 'break'；是不是 'cut'（拔掉网线）或 'fault break'（中断连接）？（'help' 会列出）";

    public Phrase NothingToHeal(string word, int last) => last == 0
        ? Say($"没有故障 '{word}'：没有故意安排的故障")
        : $"没有故障 '{word}'：编号从 1 到 {last}（'faults' 会列出）";

    public Phrase HealedAlready(string word) => $"'{word}' 没有可以消除的：故障已经结束（'faults' 会列出）";

    public Phrase IsOutAlready(string link) => $"网线 {link:name} 已经被拔掉（'mend {link}' 重新插上）";

    public Phrase IsNotOut(string link) => $"网线 {link:name} 没有被拔掉（'links' 会显示哪些被拔掉）";

    public Phrase Misused(Phrase complaints, string command) => $"{complaints}（'help {command}' 会说明用法）";
}
