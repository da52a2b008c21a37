namespace Firstbyte.Urls;

/// <summary>
/// Why an input is not a URL: the input, the standard's name for the reason, and where (UTF-16 code units, or bytes for UTF-8 input, from
/// 0).
/// </summary>
public sealed record UrlError(string Input, UrlValidationError Reason, int Position)
{
    /// <summary>The reason as the standard names it, with the place and the input.</summary>
    public override string ToString() => $"{Reason.StandardName()} at {Position} of '{Input}'";
}

/// <summary>Thrown by the explicit <c>Url.Parse</c> only.</summary>
public sealed class UrlFormatException : FormatException
{
    /// <summary>An exception that says what was wrong, and where.</summary>
    public UrlFormatException(UrlError error) : base($"Not a URL: {error}")
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
    }

    /// <inheritdoc cref="UrlFormatException(UrlError)"/>
    public UrlFormatException() : this(new UrlError("", UrlValidationError.None, 0)) { }

    /// <inheritdoc cref="UrlFormatException(UrlError)"/>
    public UrlFormatException(string message) : base(message) => Error = new UrlError("", UrlValidationError.None, 0);

    /// <inheritdoc cref="UrlFormatException(UrlError)"/>
    public UrlFormatException(string message, Exception innerException) : base(message, innerException) => Error = new UrlError("", UrlValidationError.None, 0);

    /// <summary>The input, the reason and the position.</summary>
    public UrlError Error { get; }
}
