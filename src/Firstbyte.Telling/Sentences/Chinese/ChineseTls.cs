using Firstbyte.Errors;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseTls : ITlsSentences
{
    public Phrase Session(TlsVersion version, string suite, string? alpn) =>
        $"{(version == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2"):words} · {suite}{(string.IsNullOrEmpty(alpn) ? "" : " · " + alpn)}";

    public Phrase Certificate(CertificateSummary certificate) =>
        $"证书 {certificate.Subject:name}，由 {certificate.Issuer} 签发，有效期 {Amounts.Day(certificate.NotBefore)} 至 {Amounts.Day(certificate.NotAfter)}"
        + (certificate.Names.Length > 0 ? $"，用于 {Names(certificate.Names)}" : "");

    public Phrase CertificateFault(CertificateFault fault, bool isAllowed) => $"! {Fault(fault)}{(isAllowed ? "（-k 允许）" : ""):words}";

    public Phrase ClientCertificate(bool isShown) => isShown ? "服务器要求客户端证书，已出示 --cert 的证书" : "服务器要求客户端证书，而这里没有";

    public Phrase Failure(TlsFailureReason reason, TlsAlert? alert, Errno? error) => reason switch
    {
        TlsFailureReason.CertificateRejected => "服务器的证书不可信",
        TlsFailureReason.AlertReceived => $"服务器放弃了{(alert is { } said ? $"：{said.RegisteredName()}" : "")}",
        TlsFailureReason.ClientCertificateMissing => $"服务器要求客户端证书，而这里没有{(alert is { } said ? $"（{said.RegisteredName()}）" : "")}",
        TlsFailureReason.ClientCertificateRefused => $"服务器不接受所出示的客户端证书{(alert is { } said ? $"（{said.RegisteredName()}）" : "")}",
        TlsFailureReason.KeyNotPinned => "服务器的公钥不在固定的公钥之中",
        TlsFailureReason.ProtocolError => $"服务器发来的不是 TLS，或违反了它的规则{(alert is { } said ? $"（{said.RegisteredName()}）" : "")}",
        TlsFailureReason.ConnectionEnded => "服务器在握手中途断开了连接",
        TlsFailureReason.TransportFailed => $"连接中断{(error is null ? "" : $"（{error}）")}",
    };

    internal static Phrase Fault(CertificateFault fault) => fault.Kind switch
    {
        CertificateFaultKind.Expired => Say($"{Subject(fault)} 的证书已于 {Amounts.Day(fault.NotAfter)} 过期（今天是 {Amounts.Day(fault.JudgedAt)}）"),
        CertificateFaultKind.NotYetValid =>
            $"{Subject(fault)} 的证书从 {Amounts.Day(fault.NotBefore)} 起才有效（今天是 {Amounts.Day(fault.JudgedAt)}）：也可能是本机的时钟不准",
        CertificateFaultKind.WrongName => $"证书用于 {(fault.Names.Length > 0 ? Names(fault.Names) : "空的名称")}，不是 {fault.Wanted:name}",
        CertificateFaultKind.UnknownIssuer => $"这里没有人信任 {fault.Issuer}，而 {Subject(fault)} 的证书是它签发的",
        CertificateFaultKind.SelfSigned => $"{Subject(fault)} 的证书是自签名的：没有别人为它担保",
        CertificateFaultKind.Revoked => $"{fault.Issuer} 已吊销 {Subject(fault)} 的证书",
        CertificateFaultKind.RevocationUnknown => $"没有可用的吊销列表说明 {fault.Issuer} 是否已吊销 {Subject(fault)} 的证书",
        CertificateFaultKind.BadSignature => $"{Subject(fault)} 的证书上的签名不是签发者的",
        CertificateFaultKind.WeakSignature => $"{Subject(fault)} 的证书的签名方法可以伪造",
        CertificateFaultKind.BadUsage => $"{Subject(fault)} 的证书不是给服务器用的",
        CertificateFaultKind.NotAnAuthority => $"{Subject(fault)} 无权签发证书，却签发了",
        CertificateFaultKind.Malformed => $"{Subject(fault)} 的证书无法读懂",
        CertificateFaultKind.Missing => "服务器没有出示证书",
    };

    private static Phrase Subject(CertificateFault fault) =>
        fault.Position == 0 ? $"{fault.Subject:name}" : $"{fault.Subject:name}（证书链中的第 {fault.Position + 1} 个）";

    private static Phrase Names(string[] names)
    {
        const int shown = 3;
        var list = string.Join(", ", names.Take(shown));
        return names.Length > shown ? $"{list:name} 等 {names.Length} 个名称" : $"{list:name}";
    }
}
