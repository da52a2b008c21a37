using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.News;

namespace Firstbyte.Fuzz.News;

/// <summary>NNTP: the input is everything that a server says.</summary>
internal sealed class NntpTarget : FuzzTarget
{
    private static readonly NewsUrl[] s_wishes =
        [new(NewsWish.Groups, "*"), new(NewsWish.Overview, "a.b"), new(NewsWish.Article, "", "<a@b>"), new(NewsWish.Numbered, "a.b", Number: 7)];

    public override string Name => "nntp";

    public override string Holds =>
        "the same is said to the same bytes in any pieces, a block's lines are what was sent without their doubled dots, a password goes over TLS alone, "
        + "and nothing is read behind the end";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "200 hi\r\n", "101 yes\r\n", "READER\r\n", "OVER\r\n", "STARTTLS\r\n", ".\r\n", "..\r\n", "382 go\r\n", "211 2 1 2 a.b\r\n", "224 here\r\n",
        "220 0 <a@b>\r\n",
        "215 here\r\n", "381 password\r\n", "281 in\r\n", "340 go\r\n", "240 ok\r\n", "480 who\r\n", "500 what\r\n", "423 none\r\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "200 hi\r\n101 yes\r\nVERSION 2\r\nREADER\r\nOVER\r\n.\r\n211 2 1 2 a.b\r\n224 here\r\n1\ta\tb\tc\td\r\n..x\r\n.\r\n",
        "200 hi\r\n101 yes\r\nREADER\r\nSTARTTLS\r\n.\r\n382 go\r\n101 yes\r\nREADER\r\nAUTHINFO USER\r\n.\r\n"
            + "381 password\r\n281 in\r\n220 0 <a@b>\r\nSubject: x\r\n\r\n..\r\n.\r\n",
        "200 hi\r\n500 what\r\n200 reader\r\n500 what\r\n211 2 1 2 a.b\r\n500 what\r\n224 here\r\n.\r\n",
        "200 hi\r\n101 yes\r\nREADER\r\n.\r\n215 here\r\na.b 2 1 y\r\n.\r\n",
        "200 hi\r\n101 yes\r\nREADER\r\n.\r\n340 go\r\n240 ok\r\n", "201 hi\r\n480 who\r\n", "400 bye\r\n").Select(static bytes => FuzzChoices.Before(bytes));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var taken);
        var rest = taken.ToArray();
        var size = 1 + choices.Below(7);
        foreach (var wish in s_wishes)
        {
            foreach (var who in ((string, string)?[])[null, ("user", "password")])
            {
                foreach (var isPost in (bool[])[false, true])
                {
                    var task = new NntpTask(wish) { Credentials = who, IsPost = isPost };
                    Require(Talk(task, rest, int.MaxValue) == Talk(task, rest, size), "the same bytes in other pieces mean something else");
                }
            }
        }
    }

    private static string Talk(NntpTask task, byte[] bytes, int size)
    {
        var (talk, reader) = (new NntpConversation(), new NntpReader());
        var (at, shown, isSecured, said) = (0, 0, task.IsImplicit, new StringBuilder());
        var step = talk.Begin(task);
        while (step is not NntpFinish)
        {
            switch (step)
            {
                case NntpSend send:
                    var line = send.ToBytes();
                    Require(line is not null && line.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') == line.Length - 2, "a command is not one line");
                    Require(isSecured || send.Verb != "AUTHINFO", "a password goes without TLS");
                    said.Append(Encoding.UTF8.GetString(line!));
                    break;
                case NntpSecure:
                    (isSecured, step) = (true, talk.Handle(new NntpSecured()));
                    said.Append("(TLS)");
                    continue;
                case NntpSendArticle:
                    Require(task.IsPost, "an article goes that nobody posts");
                    said.Append("(article)");
                    break;
                case NntpReadBlock block:
                    Require(!task.IsPost || block.Content == NntpBlock.Capabilities, "somebody who posts is sent something to read");
                    reader.BeginBlock(20);
                    var lines = new List<string>();
                    while (true)
                    {
                        var found = Next(reader, bytes, size, ref at, ref shown, out var text);
                        if (found == NntpReadStatus.BlockEnd) { break; }
                        if (found != NntpReadStatus.Line) { return said.Append(reader.Fault).ToString(); }
                        lines.Add(text);
                        said.Append(text).Append('\n');
                    }
                    step = talk.Handle(new NntpBlockRead([.. lines]));
                    continue;
                default: break;
            }
            if (Next(reader, bytes, size, ref at, ref shown, out _) != NntpReadStatus.Reply) { return said.Append(reader.Fault).ToString(); }
            step = talk.Handle(new NntpReplied(reader.Reply!));
        }
        return said.Append(((NntpFinish)step).Fault).Append(at).ToString();
    }

    private static NntpReadStatus Next(NntpReader reader, byte[] bytes, int size, ref int at, ref int shown, out string text)
    {
        while (true)
        {
            var status = reader.Read(bytes.AsSpan(at, shown - at), shown == bytes.Length, out var consumed, out var line);
            text = "";
            if (status == NntpReadStatus.Line)
            {
                var whole = bytes.AsSpan(at, consumed);
                var bare = whole[..^(whole.EndsWith("\r\n"u8) ? 2 : 1)];
                text = Encoding.Latin1.GetString(bytes.AsSpan(at, shown - at)[line]);
                Require(text == Encoding.Latin1.GetString(bare.StartsWith("."u8) ? bare[1..] : bare), "a line is not what was sent");
            }
            at += consumed;
            if (status != NntpReadStatus.NeedMore) { return status; }
            Require(shown < bytes.Length, "more is wanted though nothing more comes");
            shown = Math.Min(bytes.Length, shown + Math.Min(size, bytes.Length - shown));
        }
    }
}
