using Firstbyte.Mail;

namespace Firstbyte.Journeys;

/// <summary>What becomes of the messages that mailto: URLs ask for.</summary>
public sealed record MailOptions
{
    /// <summary>Who sends them; null where nobody has said.</summary>
    public MailAddress? Sender { get; init; }

    /// <summary>Whether they are sent; else they are shown alone.</summary>
    public bool Sends { get; init; }

    /// <summary>The server that takes them for everybody; null has those asked that take mail for the recipients' domains.</summary>
    public string? Smarthost { get; init; }

    /// <summary>The smarthost's port: 587 (RFC 6409), 465 with TLS from the first byte (RFC 8314), or another.</summary>
    public int SmarthostPort { get; init; } = SubmissionPort;

    /// <summary>RFC 6409 3.1</summary>
    public const int SubmissionPort = 587;

    /// <summary>RFC 8314 3.3</summary>
    public const int SubmissionsPort = 465;

    /// <summary>RFC 5321 4.5.4.2</summary>
    public const int RelayPort = 25;
}
