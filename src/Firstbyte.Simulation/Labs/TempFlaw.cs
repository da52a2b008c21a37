namespace Firstbyte.Tls;
public enum CertificateFlaw { None, Expired, NotYetValid, WrongName, UnknownIssuer, SelfSigned, BadSignature, WeakSignature, BadUsage, NotAnAuthority }
