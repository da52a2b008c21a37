using System.Globalization;
using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>How long a server wants to be left alone (RFC 9110 10.2.3).</summary>
public static class RetryAfter
{
    /// <summary>The longest wait that is taken from a server: curl's 6 hours.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromHours(6);

    /// <summary>The wait that a Retry-After field asks for, at most <see cref="Maximum"/>; null when it says nothing that can be read.</summary>
    /// <param name="value">The field's value: seconds, or a date.</param>
    /// <param name="now">The present, for dates.</param>
    public static TimeSpan? Read(ReadOnlySpan<char> value, Instant now)
    {
        value = value.Trim(" \t");
        if (value.Length > 0 && value.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            // More digits than fit are more than the longest wait.
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < (long)Maximum.TotalSeconds
                ? TimeSpan.FromSeconds(seconds) : Maximum;
        }
        if (!HttpDate.TryRead(value, out var date)) { return null; }
        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Maximum ? Maximum : wait;
    }
}
