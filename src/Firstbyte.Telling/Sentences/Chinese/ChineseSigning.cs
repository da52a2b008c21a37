using System.Globalization;
using Firstbyte.Dns.Signing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseSigning : ISigningSentences
{
    private const string Keys = "KEY.key 和 KEY.private 两个文件";

    public Phrase Signed(SignedZoneCounts counts) =>
        $"域 {counts.Origin:name}，序列号 {counts.Serial}，用 {counts.Keys} 个密钥签名：{counts.Records:#,0} 条记录，{counts.Signatures:#,0} 个签名，"
        + $"{(counts.IsHashed ? "NSEC3" : "NSEC")} 链有 {counts.Links:#,0} 环";

    public Phrase Holds(DateTimeOffset inception, DateTimeOffset expiration) => $"签名自 {Moment(inception)} 起有效，至 {Moment(expiration)} 为止";

    public Phrase HoldsNotNow(DateTimeOffset inception, DateTimeOffset expiration, bool isOver) => isOver
        ? $"警告：签名已于 {Moment(expiration)} 过期，验证者会拒绝这个域"
        : $"警告：签名要到 {Moment(inception)} 才有效，在此之前验证者会拒绝这个域";

    public Phrase ForParent(bool isRoot) => isRoot ? "供验证者用作信任锚：" : "供上级域使用：";

    public Phrase NoKey(string file, KeyFileFlaw flaw) => $"{file:name}：{Flaw(flaw)}";

    public Phrase KeyOfOtherZone(string file, string owner, string origin) => $"{file:name}：这是 {owner:name} 的密钥，不是 {origin:name} 的";

    public Phrase NobodySigns(string algorithm) =>
        $"警告：域中有算法 {algorithm} 的密钥，但没有给出该算法的密钥：每种算法都必须为全部内容签名（RFC 4035 第 2.2 节）";

    public Phrase NoRoomForHashes(string origin, int length, int most) =>
        $"{origin:name} 长 {length} 字节；NSEC3 要在前面加上散列值，域的名称最多 {most} 字节：请不用 --nsec3 签名";

    public Phrase NoMoment(string option, string text) =>
        $"{option} '{text:name}'：应当是时刻 YYYYMMDDHHmmSS、自 1970 年起的秒数，或从现在算起：+30d、-1h";

    public Phrase NoTimeBetween(string inception, string expiration) =>
        $"签名的结束（{expiration:name}）早于开始（{inception:name}），或有效期达 68 年以上";

    public Phrase NeedsMoments(string deterministic, string inception, string expiration) =>
        $"{deterministic} 需要 {inception} 和 {expiration} 都是时刻，不从现在算起";

    public Phrase KeysTaken(string folder, int tries) => $"{folder:name}：{tries} 个新密钥都与已有的密钥同名";

    private static Phrase Flaw(KeyFileFlaw flaw) => flaw switch
    {
        KeyFileFlaw.None => "密钥",
        KeyFileFlaw.NoDnskey => $"公钥文件中不是一条 DNSKEY 记录；密钥由 {Keys}组成",
        KeyFileFlaw.NoZoneKey => "DNSKEY 记录的标志表明它不是域的密钥",
        KeyFileFlaw.UnknownFormat => $"私钥文件的开头不是 Private-key-format: v1；密钥由 {Keys}组成",
        KeyFileFlaw.UnknownAlgorithm => "这种算法的密钥在此不能签名；可用的有 ECDSAP256SHA256、RSASHA256 和 ED25519",
        KeyFileFlaw.BadSecret => "私钥文件中缺少某个数，或它不是应有的数",
        KeyFileFlaw.NotAPair => "两个文件不属于同一个密钥",
    };

    private static Phrase Moment(DateTimeOffset moment) => $"{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture):words} UTC";
}
