namespace Firstbyte.Errors;

/// <summary>Who can mend a failure, as far as the evidence goes.</summary>
public enum FaultParty : byte
{
    /// <summary>Nobody can be blamed by this evidence.</summary>
    Unknown,

    /// <summary>The one who asked: what was typed cannot be done.</summary>
    User,

    /// <summary>This host: its configuration or its limits.</summary>
    Host,

    /// <summary>The network between here and there.</summary>
    Network,

    /// <summary>Those who run the name's zone or its parents: their servers, or the data they wrote.</summary>
    ZoneOperator,

    /// <summary>The recursive DNS server that was asked.</summary>
    RecursiveServer,

    /// <summary>The server that was talked to.</summary>
    Server,

    /// <summary>The proxy that was to pass it on.</summary>
    Proxy,
}
