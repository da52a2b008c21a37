namespace Firstbyte.Dns.Records;

/// <summary>The arithmetic of serial numbers (RFC 1982), whose 32 bits run over.</summary>
public static class SerialNumber
{
    /// <summary>Whether a serial number is newer than another one; of two that lie 2^31 apart neither is (section 3.2).</summary>
    public static bool IsNewer(uint serial, uint than) => (int)(serial - than) > 0 && serial - than != 1u << 31;

    /// <summary>The next one; zero, which some servers take for none, is left out.</summary>
    public static uint Next(uint serial) => serial == uint.MaxValue ? 1 : serial + 1;
}
