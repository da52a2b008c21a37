namespace Firstbyte.Ftp;

/// <summary>What a server says that it can (RFC 2389 3.2).</summary>
/// <param name="Utf8">Names are UTF-8 (RFC 2640).</param>
/// <param name="MachineListing">MLST and MLSD (RFC 3659 7).</param>
/// <param name="Size">SIZE (RFC 3659 4).</param>
/// <param name="ModifiedTime">MDTM (RFC 3659 3).</param>
/// <param name="Restart">REST STREAM (RFC 3659 5).</param>
public sealed record FtpFeatures(bool Utf8, bool MachineListing, bool Size, bool ModifiedTime, bool Restart)
{
    /// <summary>Of a server that does not know FEAT: nothing is known, and everything is tried but the machine's listing.</summary>
    public static FtpFeatures Unknown { get; } = new(false, false, true, true, true);

    /// <summary>Of the reply to FEAT: each line between first and last is a space and a feature.</summary>
    public static FtpFeatures Of(FtpReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var names = reply.Lines.Length > 2 ? reply.Lines[1..^1].Select(static line => line.Trim()).ToArray() : [];
        bool Has(string name) =>
            names.Any(line =>
                line.Equals(name, StringComparison.OrdinalIgnoreCase) || line.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase));
        return new FtpFeatures(Has("UTF8"), Has("MLST") || Has("MLSD"), Has("SIZE"), Has("MDTM"), Has("REST"));
    }
}
