namespace Firstbyte.Journeys;

/// <summary>Which news server is asked where a URL names none.</summary>
public sealed record NewsOptions
{
    /// <summary>RFC 3977 3.1</summary>
    public const int Port = 119;

    /// <summary>RFC 8143 2, with TLS from the first byte.</summary>
    public const int SecurePort = 563;

    /// <summary>The server that the user has named; null where none is.</summary>
    public string? Server { get; init; }

    /// <summary>Its port.</summary>
    public int ServerPort { get; init; } = Port;

    /// <summary>Who named it: an option or a variable.</summary>
    public string From { get; init; } = "";

    /// <summary>Who posts, as the From field has it; null where nobody has said.</summary>
    public string? Sender { get; init; }
}
