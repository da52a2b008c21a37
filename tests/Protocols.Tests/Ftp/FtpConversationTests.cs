using Firstbyte.Addressing;
using Firstbyte.Ftp;

namespace Firstbyte.Tests.Ftp;

/// <summary>Whole conversations as scripts: what the server says, and what is done then.</summary>
public sealed class FtpConversationTests
{
    private const string Login = "220 | USER anonymous | 331 | PASS ftp@example.com | 230 | PWD | 257 \"/home\" | FEAT | 500 | ";
    private const string Ready = Login + "CWD dir | 250 | TYPE I | 200 | SIZE f | 213 5 | MDTM f | 213 20250102030405 | EPSV | 229 (|||9|) | connect 9 | ";

    private static FtpTask TaskOf(FtpOperation operation, string path = "/dir/f")
    {
        Assert.Equal(FtpPathFault.None, FtpPath.TryRead(path, out var read));
        return new FtpTask(operation, read!);
    }

    [Theory]
    [InlineData("a file", Ready + "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 226 | done reuse")]
    [InlineData("its size is not the promised one", Ready + "made | RETR f | 150 | data 5 from 0 | whole 4 | await | 226 | CutShort")]
    [InlineData("the server gives up", Ready + "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 426 | CutShort")]
    [InlineData("the network breaks", Ready + "made | RETR f | 150 | data 5 from 0 | broken 5 | await | 226 | CutShort")]
    [InlineData("the user gives up", Ready + "made | RETR f | 150 | data 5 from 0 | abandoned 2 | ABOR | 426 | await | 226 | Abandoned")]
    [InlineData("too late", Ready + "made | RETR f | 150 | data 5 from 0 | abandoned 2 | ABOR | 226 | Abandoned")]
    [InlineData("no such file", Ready + "made | RETR f | 550 | FileUnavailable")]
    [InlineData("not sent", Ready + "made | RETR f | 451 | RetrieveRefused")]
    [InlineData("done before it begins", Ready + "made | RETR f | 226 | data 5 from 0 | whole 5 | done reuse")]
    [InlineData("two preliminary replies", Ready + "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 150 | ReplyUnknown")]
    [InlineData("EPSV leads nowhere", Ready + "failed | PASV | 227 (10,9,9,9,0,7) | connect 7 at 10.9.9.9 | failed | DataUnconnected")]
    [InlineData("421 at any time", Ready + "made | RETR f | 421 | ServerCloses")]
    [InlineData("no PASV either", Login + "CWD dir | 250 | TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | EPSV | 500 | PASV | 502 | PassiveRefused reuse")]
    [InlineData("PASV says nonsense", Login + "CWD dir | 250 | TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | EPSV | 500 | PASV | 227 (1,2) | PassiveUnreadable reuse")]
    [InlineData("no such directory", Login + "CWD dir | 550 | DirectoryRefused reuse")]
    [InlineData("no such type", Login + "CWD dir | 250 | TYPE I | 504 | TypeRefused reuse")]
    [InlineData("wait", "120 | await | 120 | await | 220 | USER anonymous | 530 | LoginDenied")]
    [InlineData("busy", "530 | NotReady")]
    [InlineData("closing", "421 | ServerCloses")]
    [InlineData("wrong password", "220 | USER anonymous | 331 | PASS ftp@example.com | 530 | LoginDenied")]
    [InlineData("an account is wanted", "220 | USER anonymous | 331 | PASS ftp@example.com | 332 | LoginDenied")]
    [InlineData("331 again", "220 | USER anonymous | 331 | PASS ftp@example.com | 331 | LoginReplyUnknown")]
    [InlineData("no password", "220 | USER anonymous | 230 | PWD | 550 | FEAT | 211 | CWD dir | 550 | DirectoryRefused reuse")]
    public void A_download(string what, string script)
    {
        Assert.NotEmpty(what);
        Play(new FtpConversation(), TaskOf(FtpOperation.Retrieve), script);
    }

    [Theory]
    [InlineData("SIZE f | 213 5 | MDTM f | 550 | EPSV | 229 (|||9|) | connect 9 | made | REST 3 | 350 | RETR f | 150 | data 2 from 3 | whole 2 | await | 226 | done reuse", 3)]
    [InlineData("SIZE f | 213 5 | MDTM f | 550 | EPSV | 229 (|||9|) | connect 9 | made | REST 3 | 502 | RestartRefused", 3)]
    [InlineData("SIZE f | 213 5 | MDTM f | 550 | done reuse", 5)]
    [InlineData("SIZE f | 213 5 | MDTM f | 550 | OffsetBeyondEnd reuse", 6)]
    public void A_download_that_goes_on(string script, long offset) =>
        Play(new FtpConversation(), TaskOf(FtpOperation.Retrieve) with { Offset = offset }, Login + "CWD dir | 250 | TYPE I | 200 | " + script);

    [Theory]
    [InlineData("2-3", "213 5", "made | REST 2 | 350 | RETR f | 150 | data 2 from 2 | enough 2 | ABOR | 426 | await | 226 | done")]
    [InlineData("0-1", "213 5", "made | RETR f | 150 | data 2 from 0 | enough 2 | ABOR | 226 | done")]
    [InlineData("1-", "213 5", "made | REST 1 | 350 | RETR f | 150 | data 4 from 1 | whole 4 | await | 226 | done reuse")]
    [InlineData("1-9", "213 5", "made | REST 1 | 350 | RETR f | 150 | data 4 from 1 | whole 4 | await | 226 | done reuse")]
    [InlineData("1-2", "550", "made | REST 1 | 350 | RETR f | 150 | data - from 1 | enough 2 | ABOR | 426 | await | 225 | done")]
    [InlineData("-2", "213 5", "made | REST 3 | 350 | RETR f | 150 | data 2 from 3 | whole 2 | await | 226 | done reuse")]
    [InlineData("-9", "213 5", "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 226 | done reuse")]
    [InlineData("0-1,3-4", "213 5", "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 226 | done reuse")]
    public void A_part_of_a_file(string range, string size, string script) => Play(
        new FtpConversation(), TaskOf(FtpOperation.Retrieve) with { Range = FtpRange.TryRead(range) },
        Login + $"CWD dir | 250 | TYPE I | 200 | SIZE f | {size} | MDTM f | 550 | EPSV | 229 (|||9|) | connect 9 | " + script);

    [Theory]
    [InlineData("5-", "213 5", "RangeBeyondEnd reuse")]
    [InlineData("-0", "213 5", "RangeBeyondEnd reuse")]
    [InlineData("-2", "550", "LengthUnknown reuse")]
    public void A_part_that_there_is_not(string range, string size, string end) => Play(
        new FtpConversation(), TaskOf(FtpOperation.Retrieve) with { Range = FtpRange.TryRead(range) },
        Login + $"CWD dir | 250 | TYPE I | 200 | SIZE f | {size} | MDTM f | 550 | " + end);

    [Theory]
    [InlineData("/dir/f", "CWD dir | 250 | TYPE I | 200 | SIZE f | 213 5 | MDTM f | 502 | done reuse")]
    [InlineData("/dir/f", "CWD dir | 250 | TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | FileUnavailable reuse")]
    [InlineData("/dir/f", "CWD dir | 250 | TYPE I | 200 | SIZE f | 502 | MDTM f | 502 | LengthUnknown reuse")]
    [InlineData("/dir/", "CWD dir | 250 | done reuse")]
    public void What_is_known_of_a_file(string path, string script) =>
        Play(new FtpConversation(), TaskOf(FtpOperation.Look, path), Login + script);

    [Fact]
    public void Okay_is_no_beginning_of_a_file() =>
        Play(new FtpConversation(), TaskOf(FtpOperation.Retrieve), Ready + "made | RETR f | 200 | RetrieveRefused");

    [Theory]
    [InlineData(FtpOperation.Store, 0, "STOR f | 150 | data - from 0 | whole 9 | await | 226 | done reuse")]
    [InlineData(FtpOperation.Append, 0, "APPE f | 150 | data - from 0 | whole 9 | await | 226 | done reuse")]
    [InlineData(FtpOperation.Store, 0, "STOR f | 553 | StoreRefused")]
    [InlineData(FtpOperation.Store, 0, "STOR f | 452 | NoRoom")]
    [InlineData(FtpOperation.Store, 0, "STOR f | 150 | data - from 0 | broken 3 | await | 552 | NoRoom")]
    [InlineData(FtpOperation.Store, 0, "STOR f | 150 | data - from 0 | broken 3 | await | 426 | StoreRefused")]
    public void An_upload(FtpOperation operation, long offset, string script) =>
        Play(new FtpConversation(), TaskOf(operation) with { Offset = offset, UploadLength = 9 }, Login + "CWD dir | 250 | TYPE I | 200 | EPSV | 229 (|||9|) | connect 9 | made | " + script);

    [Theory]
    [InlineData("SIZE f | 213 4 | EPSV | 229 (|||9|) | connect 9 | made | APPE f | 150 | data - from 4 | whole 5 | await | 226 | done reuse")]
    [InlineData("SIZE f | 550 | EPSV | 229 (|||9|) | connect 9 | made | STOR f | 150 | data - from 0 | whole 9 | await | 226 | done reuse")]
    [InlineData("SIZE f | 213 9 | done reuse")]
    [InlineData("SIZE f | 213 10 | OffsetBeyondEnd reuse")]
    public void An_upload_that_goes_on_asks_how_far_it_had_come(string script) =>
        Play(new FtpConversation(), TaskOf(FtpOperation.Store) with { Offset = -1, UploadLength = 9 }, Login + "CWD dir | 250 | TYPE I | 200 | " + script);

    [Theory]
    [InlineData("/dir/", "FEAT | 211 F; MLST type*; UTF8;End | OPTS UTF8 ON | 200 | CWD dir | 250 | TYPE A | 200 | EPSV | 229 (|||9|) | connect 9 | made | MLSD | 150 | data - from 0 | whole 77 | await | 226 | done reuse")]
    [InlineData("/", "FEAT | 211 F; MLSD;End | TYPE A | 200 | EPSV | 229 (|||9|) | connect 9 | made | MLSD | 500 | LIST | 150 | data - from 0 | whole 7 | await | 226 | done reuse")]
    [InlineData("/", "FEAT | 500 | TYPE A | 200 | EPSV | 229 (|||9|) | connect 9 | made | LIST | 450 | done")]
    [InlineData("/;type=d", "FEAT | 500 | TYPE A | 200 | EPSV | 229 (|||9|) | connect 9 | made | NLST | 150 | data - from 0 | whole 7 | await | 226 | done reuse")]
    public void A_listing(string path, string script) =>
        Play(new FtpConversation(), TaskOf(FtpOperation.List, path), Login[..Login.IndexOf("FEAT", StringComparison.Ordinal)] + script);

    [Theory]
    [InlineData(FtpSecurity.Explicit, "220 | AUTH TLS | 234 | secure | secured | USER anonymous | 230 | PBSZ 0 | 200 | PROT P | 200 | PWD | 257 \"/\" | FEAT | 421 | ServerCloses")]
    [InlineData(FtpSecurity.Implicit, "220 | USER anonymous | 230 | PBSZ 0 | 200 | PROT P | 200 | PWD | 257 \"/\" | FEAT | 421 | ServerCloses")]
    [InlineData(FtpSecurity.Explicit, "220 | AUTH TLS | 502 | SecurityRefused")]
    [InlineData(FtpSecurity.Explicit, "220 | AUTH TLS | 234 | secure | secured | USER anonymous | 230 | PBSZ 0 | 200 | PROT P | 536 | SecurityRefused reuse-not")]
    [InlineData(FtpSecurity.Explicit, "230 | AUTH TLS | 502 | SecurityRefused")]
    public void Over_tls_nothing_goes_on_in_the_clear(FtpSecurity security, string script) =>
        Play(new FtpConversation(), TaskOf(FtpOperation.Retrieve) with { Security = security }, script.Replace(" reuse-not", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("192.0.2.1", false, "EPRT |1|192.0.2.1|5001| | 200 | RETR f | 150 | data - from 0 | whole 5 | await | 226 | done reuse")]
    [InlineData("192.0.2.1", false, "EPRT |1|192.0.2.1|5001| | 500 | PORT 192,0,2,1,19,137 | 200 | RETR f | 550 | FileUnavailable")]
    [InlineData("192.0.2.1", false, "EPRT |1|192.0.2.1|5001| | 500 | PORT 192,0,2,1,19,137 | 500 | PortRefused reuse")]
    [InlineData("2001:db8::1", true, "EPRT |2|2001:db8::1|5001| | 522 | PortRefused reuse")]
    public void The_server_connects(string local, bool v6, string script)
    {
        var conversation = new FtpConversation();
        var task = TaskOf(FtpOperation.Retrieve, "/f") with { IsActive = true, IsV6 = v6 };
        Assert.IsType<FtpListenForData>(Play(conversation, task, Login + "TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | listen"));
        Go(conversation, conversation.Handle(new FtpDataListens(new Endpoint(IpAddress.Parse(local), 5001))), script.Split(" | "), 0);
    }

    [Fact]
    public void Over_ipv6_the_places_of_ipv4_are_not_asked_for()
    {
        var task = TaskOf(FtpOperation.Retrieve, "/f") with { IsV6 = true };
        Play(new FtpConversation(), task, Login + "TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | EPSV | 500 | PassiveRefused reuse");
        Play(new FtpConversation(), task, Login + "TYPE I | 200 | SIZE f | 550 | MDTM f | 550 | EPSV | 229 x | PassiveUnreadable reuse");
    }

    [Fact]
    public void The_next_task_begins_where_the_login_began()
    {
        var conversation = new FtpConversation();
        Play(conversation, TaskOf(FtpOperation.Retrieve), Ready + "made | RETR f | 150 | data 5 from 0 | whole 5 | await | 226 | done reuse");
        Assert.Equal(new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), conversation.ModifiedTime);
        Play(conversation, TaskOf(FtpOperation.Store, "/g"), "CWD /home | 250 | EPSV | 229 (|||10|) | connect 10 | made | STOR g | 150 | data - from 0 | whole 1 | await | 250 | done reuse", begun: true);
        Assert.Null(conversation.Size);
    }

    [Theory]
    [InlineData("a\r\nDELE b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void No_argument_begins_another_command(string argument) => Assert.Null(new FtpSendCommand("USER", argument).ToBytes());

    [Fact]
    public void Whatever_replies_come_the_machine_ends_or_asks_for_more()
    {
        var random = new Random(815);
        int[] codes = [120, 150, 200, 211, 213, 220, 226, 227, 229, 230, 234, 250, 257, 331, 332, 350, 421, 426, 450, 500, 502, 530, 550, 552];
        for (var run = 0; run < 20_000; run++)
        {
            var conversation = new FtpConversation();
            var operation = (FtpOperation)random.Next(5);
            var task = TaskOf(operation) with { Security = (FtpSecurity)random.Next(3), IsActive = random.Next(2) == 0, IsV6 = random.Next(2) == 0, Offset = random.Next(-1, 2), Account = random.Next(2) == 0 ? "a" : null };
            var step = conversation.Begin(task);
            for (var steps = 0; step is not FtpFinish; steps++)
            {
                Assert.True(steps < 100, "it does not end");
                step = conversation.Handle(step switch
                {
                    FtpSecureControl => new FtpControlSecured(),
                    FtpConnectData => random.Next(2) == 0 ? new FtpDataConnectionMade() : new FtpDataConnectionFailed(),
                    FtpListenForData => new FtpDataListens(new Endpoint(IpAddress.LoopbackV4, 1)),
                    FtpMoveData => new FtpDataEnded((FtpDataEnd)random.Next(4), 5),
                    _ => new FtpReplied(new FtpReply(codes[random.Next(codes.Length)], [random.Next(3) switch { 0 => "(|||9|)", 1 => "(1,2,3,4,5,6)", _ => "\"" }])),
                });
            }
        }
    }

    private static FtpStep Play(FtpConversation conversation, FtpTask task, string script, bool begun = false)
    {
        var lines = script.Split(" | ");
        var first = conversation.Begin(task);
        if (begun) { return Go(conversation, first, lines, 0); }
        Assert.IsType<FtpAwaitReply>(first);
        return Go(conversation, Handle(conversation, lines[0]), lines, 1);
    }

    private static FtpStep Go(FtpConversation conversation, FtpStep step, string[] lines, int from)
    {
        for (var i = from; i < lines.Length; i += 2)
        {
            Assert.Equal(lines[i].Replace("|", "", StringComparison.Ordinal), Told(step).Replace("|", "", StringComparison.Ordinal));
            if (i + 1 < lines.Length) { step = Handle(conversation, lines[i + 1]); }
        }
        return step;
    }

    private static FtpStep Handle(FtpConversation conversation, string line)
    {
        var words = line.Split(' ', 2);
        return conversation.Handle(words[0] switch
        {
            "made" => new FtpDataConnectionMade(),
            "failed" => new FtpDataConnectionFailed(),
            "secured" => new FtpControlSecured(),
            "whole" => new FtpDataEnded(FtpDataEnd.Whole, long.Parse(words[1])),
            "enough" => new FtpDataEnded(FtpDataEnd.Sufficient, long.Parse(words[1])),
            "broken" => new FtpDataEnded(FtpDataEnd.Broken, long.Parse(words[1])),
            "abandoned" => new FtpDataEnded(FtpDataEnd.Abandoned, long.Parse(words[1])),
            _ => new FtpReplied(new FtpReply(int.Parse(words[0].Split('-')[0]), words.Length > 1 ? words[1].Split(';') : [""])),
        });
    }

    private static string Told(FtpStep step) => step switch
    {
        FtpSendCommand command => $"{command.Verb} {command.Argument}".TrimEnd(),
        FtpAwaitReply => "await",
        FtpSecureControl => "secure",
        FtpConnectData connect => connect.Told is { } told ? $"connect {connect.Port} at {told}" : $"connect {connect.Port}",
        FtpListenForData => "listen",
        FtpMoveData move => $"data {move.Expected?.ToString() ?? "-"} from {move.Offset}",
        FtpFinish finish => (finish.Fault == FtpFault.None ? "done" : finish.Fault.ToString()) + (finish.MayReuse ? " reuse" : ""),
        _ => step.ToString(),
    };
}
