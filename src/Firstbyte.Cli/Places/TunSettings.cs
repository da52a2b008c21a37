using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Sockets.Tun;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Places;

/// <summary>What <c>--tun NAME[,KEY=VALUE…]</c> says: the device, our host on it, and what goes wrong there.</summary>
internal sealed record TunSettings(string Device)
{
    /// <summary>Our addresses with their subnets; those next to the kernel's own when none is given.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>Our routers, one for each version; the kernel's own addresses on the device when none is given.</summary>
    public IReadOnlyList<IpAddress> Gateways { get; init; } = [];

    /// <summary>What the link does to packets; null when nothing.</summary>
    public TunFaults? Faults { get; init; }

    /// <summary>Reads the option's value; <paramref name="complaint"/> says what is wrong with it.</summary>
    public static bool TryParse(IPlaceSentences words, string text, out TunSettings settings, out Phrase complaint)
    {
        var parts = text.Split(',');
        settings = new TunSettings(parts[0]);
        complaint = Phrase.Empty;
        // IFNAMSIZ of <linux/if.h>, less the final zero.
        if (parts[0].Length is 0 or > 15) { complaint = words.NoDeviceName(parts[0]); }
        foreach (var part in parts[1..])
        {
            if (!complaint.IsEmpty) { break; }
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            settings = settings.With(words, key, value, ref complaint);
        }
        return complaint.IsEmpty;
    }

    private TunSettings With(IPlaceSentences words, string key, string value, ref Phrase complaint)
    {
        var faults = Faults ?? new TunFaults();
        switch (key)
        {
            case "address":
                if (InterfaceAddress.TryParse(value, out var address, out _) && address.Prefix.HostBits > 0)
                {
                    return this with { Addresses = [.. Addresses, address] };
                }
                complaint = words.NoTunAddress(value);
                return this;
            case "gateway":
                if (IpAddress.TryParse(value, out var gateway)) { return this with { Gateways = [.. Gateways, gateway] }; }
                complaint = words.NoTunGateway(value);
                return this;
            case "loss" or "duplicate" or "reorder":
                if (!TryReadShare(value, out var permille))
                {
                    complaint = words.NoTunShare(key, value);
                    return this;
                }
                return this with
                {
                    Faults = key switch
                    {
                        "loss" => faults with { LossPermille = permille },
                        "duplicate" => faults with { DuplicatePermille = permille },
                        _ => faults with { ReorderPermille = permille },
                    },
                };
            case "seed":
                if (ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
                {
                    return this with { Faults = faults with { Seed = seed } };
                }
                complaint = words.NoTunSeed(value);
                return this;
            default:
                complaint = words.NoTunKey(key);
                return this;
        }
    }

    private static bool TryReadShare(string text, out int permille)
    {
        permille = 0;
        if (!text.EndsWith('%')
            || !decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            || share is < 0 or > 100)
        {
            return false;
        }
        permille = (int)(share * 10);
        return permille == share * 10;
    }
}
