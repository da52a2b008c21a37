using System.Globalization;

namespace Firstbyte.Mail;

/// <summary>What an SMTP server can, by its reply to EHLO (RFC 5321 4.1.1.1).</summary>
public sealed record SmtpFeatures
{
    /// <summary>RFC 3207</summary>
    public bool StartTls { get; init; }

    /// <summary>RFC 2920: several commands go out at once.</summary>
    public bool Pipelining { get; init; }

    /// <summary>RFC 6152</summary>
    public bool EightBitMime { get; init; }

    /// <summary>RFC 6531</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>RFC 1870: it wants to be told how long a message is.</summary>
    public bool Size { get; init; }

    /// <summary>The longest message that it takes; null where it does not say.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>RFC 4954: how a client may say who it is, in capitals.</summary>
    public string[] Mechanisms { get; init; } = [];

    /// <summary>Nothing is known to be there.</summary>
    public static SmtpFeatures None { get; } = new();

    /// <summary>Reads a reply to EHLO; its first line is a greeting.</summary>
    public static SmtpFeatures Of(SmtpReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var features = None;
        foreach (var line in reply.Lines.Skip(1))
        {
            // "AUTH=" is what some wrote before there was a standard.
            var words = line.Replace("AUTH=", "AUTH ", StringComparison.OrdinalIgnoreCase).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) { continue; }
            features = words[0].ToUpperInvariant() switch
            {
                "STARTTLS" => features with { StartTls = true },
                "PIPELINING" => features with { Pipelining = true },
                "8BITMIME" => features with { EightBitMime = true },
                "SMTPUTF8" => features with { SmtpUtf8 = true },
                // 0 means that there is no limit (RFC 1870 4).
                "SIZE" => features with
                {
                    Size = true,
                    MaximumSize = words.Length > 1 && IsNumber(words[1], out var size) && size > 0 ? size : null,
                },
                "AUTH" => features with { Mechanisms = [.. features.Mechanisms.Concat(words.Skip(1).Select(Upper)).Distinct()] },
                _ => features,
            };
        }
        return features;
    }

    private static string Upper(string word) => word.ToUpperInvariant();

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
