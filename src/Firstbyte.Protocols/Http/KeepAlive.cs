namespace Firstbyte.Http;

/// <summary>Why a connection may, or may not, carry another message (RFC 9112 9.3).</summary>
public enum KeepReason : byte
{
    /// <summary>The message has not ended yet.</summary>
    NotYetKnown,

    /// <summary>Kept: HTTP/1.1 connections persist unless somebody says otherwise.</summary>
    PersistentByDefault,

    /// <summary>Kept: an HTTP/1.0 message that asked for it with "Connection: keep-alive".</summary>
    KeepAliveAsked,

    /// <summary>Closed: the peer said "Connection: close".</summary>
    PeerCloses,

    /// <summary>Closed: we said "Connection: close", or spoke HTTP/1.0 without asking to keep.</summary>
    OwnClose,

    /// <summary>Closed: HTTP/1.0 ends a connection with each message.</summary>
    Http10,

    /// <summary>Closed: the body's end was the connection's end.</summary>
    DelimitedByClose,

    /// <summary>Closed: a flaw leaves doubt where the message ended.</summary>
    FramingInDoubt,

    /// <summary>Closed: bytes came that belong to no message.</summary>
    BytesAfterMessage,

    /// <summary>Neither: the connection now carries another protocol.</summary>
    Tunnel,

    /// <summary>Closed: the exchange failed.</summary>
    Failed,

    /// <summary>Closed: the response came before the request was all sent, and the rest of it stays here.</summary>
    RequestUnfinished,
}

/// <summary>The decision of RFC 9112 9.3 as one table.</summary>
internal static class KeepAlive
{
    public static bool Keeps(KeepReason reason) => reason is KeepReason.PersistentByDefault or KeepReason.KeepAliveAsked;

    public static KeepReason Decide(HttpVersion version, in FramingFields fields, BodyFraming framing, FlawLog flaws, bool ownClose) => true switch
    {
        _ when framing == BodyFraming.Tunnel => KeepReason.Tunnel,
        _ when flaws.Has(MessageFlaw.BytesAfterMessage) => KeepReason.BytesAfterMessage,
        _ when flaws.SpoilsConnection => KeepReason.FramingInDoubt,
        _ when framing == BodyFraming.UntilClose => KeepReason.DelimitedByClose,
        _ when fields.ConnectionClose => KeepReason.PeerCloses,
        _ when ownClose => KeepReason.OwnClose,
        _ when version == HttpVersion.Http11 => KeepReason.PersistentByDefault,
        _ when fields.ConnectionKeepAlive => KeepReason.KeepAliveAsked,
        _ => KeepReason.Http10,
    };
}
