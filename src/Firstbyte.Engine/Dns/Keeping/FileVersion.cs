namespace Firstbyte.Dns.Keeping;

/// <summary>What a zone file that is read again is beside the version that was served.</summary>
public enum FileVersion
{
    /// <summary>The same.</summary>
    Same,

    /// <summary>A newer one: it is served.</summary>
    Newer,

    /// <summary>Another one with a serial number that is not newer (RFC 1982): secondaries do not take it over.</summary>
    NotNewer,

    /// <summary>A newer one that could not be written to the journal, and is not served.</summary>
    NotWritten,
}
