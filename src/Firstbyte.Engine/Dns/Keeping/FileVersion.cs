using Firstbyte.Dns.Zones;

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

/// <summary>What became of a zone's file beside its journal.</summary>
/// <param name="Version">What its serial number makes of it.</param>
/// <param name="Served">The serial number of what was served.</param>
public readonly record struct TakenFile(FileVersion Version, uint Served)
{
    /// <summary>What the file changes; null where it is not taken.</summary>
    public ZoneDifference? Difference { get; init; }

    /// <summary>How many records of it are as they were before a change: whoever wrote the file did not know of that.</summary>
    public int Undone { get; init; }
}
