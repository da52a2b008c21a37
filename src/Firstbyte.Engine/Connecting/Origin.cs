namespace Firstbyte.Connecting;

/// <summary>Who serves a URL: its scheme, host and port. What is asked of one origin may share connections (RFC 6454 4, RFC 9110 4.3.1).</summary>
/// <param name="Scheme">The URL's scheme, such as "https" or "ftp".</param>
/// <param name="Host">The host as the URL serialises it.</param>
/// <param name="Port">The port.</param>
public readonly record struct Origin(string Scheme, string Host, int Port)
{
    /// <summary>"host:port", as a connection is named.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
