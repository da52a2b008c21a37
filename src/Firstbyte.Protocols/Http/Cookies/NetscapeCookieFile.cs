using System.Globalization;
using System.Text;
using Firstbyte.Tracing;

namespace Firstbyte.Http.Cookies;

/// <summary>The file in which browsers and curl have kept cookies since Netscape: a line a cookie, seven fields between tabs.</summary>
/// <remarks>
/// <code>
///   [#HttpOnly_]domain  TRUE|FALSE (below it too)  path  TRUE|FALSE (secure)  expires, seconds since 1970, 0 for a session  name  value
/// </code>
/// SameSite has no field there: what was read from a file does not say it.
/// </remarks>
public static class NetscapeCookieFile
{
    private const string HttpOnly = "#HttpOnly_";

    /// <summary>Reads the lines that are cookies into a jar, and passes over those that are none.</summary>
    /// <returns>The numbers, from 1 on, of the lines that are neither cookies nor comments.</returns>
    public static IReadOnlyList<int> Read(string text, CookieJar jar, Instant now)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(jar);
        var (passed, taken, number) = (new List<int>(), 0, 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range).TrimEnd('\r');
            if (line.Trim().Length == 0 || (line[0] == '#' && !line.StartsWith(HttpOnly, StringComparison.Ordinal))) { continue; }
            if (taken < CookieLimits.Total && ReadLine(line) is { } cookie)
            {
                taken++;
                jar.Add(cookie, now);
            }
            else { passed.Add(number); }
        }
        return passed;
    }

    /// <summary>Whether a line of the file can hold a cookie: a tab, which a field may have inside (RFC 6265bis 5.6), would be read as its end.</summary>
    public static bool CanHold(Cookie cookie)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        return !cookie.Name.Contains('\t', StringComparison.Ordinal) && !cookie.Value.Contains('\t', StringComparison.Ordinal)
            && !cookie.Path.Contains('\t', StringComparison.Ordinal);
    }

    /// <summary>
    /// Writes what is kept, as curl does: also what lives until a session ends, with 0 for its end. What the file cannot hold
    /// (<see cref="CanHold"/>) is left out.
    /// </summary>
    public static string Write(CookieJar jar)
    {
        ArgumentNullException.ThrowIfNull(jar);
        var text = new StringBuilder("# Netscape HTTP Cookie File\n# Written by firstbyte; a line a cookie.\n\n");
        foreach (var cookie in jar.Cookies)
        {
            var expires = cookie.Expires is { } end ? Math.Max(1, end.Nanoseconds / 1_000_000_000) : 0;
            if (!CanHold(cookie)) { continue; }
            text.Append(CultureInfo.InvariantCulture,
                $"{(cookie.IsHttpOnly ? HttpOnly : "")}{(cookie.IsHostOnly ? "" : ".")}{cookie.Domain}\t{Word(!cookie.IsHostOnly)}\t")
                .Append(CultureInfo.InvariantCulture, $"{cookie.Path}\t{Word(cookie.IsSecure)}\t{expires}\t{cookie.Name}\t{cookie.Value}\n");
        }
        return text.ToString();
    }

    private static string Word(bool isTrue) => isTrue ? "TRUE" : "FALSE";

    private static Cookie? ReadLine(ReadOnlySpan<char> line)
    {
        if (line.Length > CookieLimits.FileLine) { return null; }
        var isHttpOnly = line.StartsWith(HttpOnly, StringComparison.Ordinal);
        var fields = line[(isHttpOnly ? HttpOnly.Length : 0)..].ToString().Split('\t');
        // An empty value may be missing with its tab.
        if (fields.Length is not (6 or 7) || fields[1] is not ("TRUE" or "FALSE") || fields[3] is not ("TRUE" or "FALSE")
            || !fields[2].StartsWith('/'))
        {
            return null;
        }
        if (!long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)) { return null; }
        var (name, value) = (fields[5], fields.Length == 7 ? fields[6] : "");
        if (line.ContainsAnyInRange('\0', '\x08') || line.ContainsAnyInRange('\x0B', '\x1F') || line.Contains('\x7F')
            || name.Length + value.Length == 0)
        {
            return null;
        }
        var domain = fields[0].TrimStart('.').ToLowerInvariant();
        if (domain.Length == 0 || Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) > CookieLimits.NameAndValue) { return null; }
        return new Cookie(name, value, domain, fields[1] == "FALSE", fields[2])
        {
            IsSecure = fields[3] == "TRUE",
            IsHttpOnly = isHttpOnly,
            // 253402300799 is the end of the year 9999; what lies beyond what an instant holds is cut to it.
            Expires = expires == 0 ? null : new Instant(expires > long.MaxValue / 1_000_000_000 ? long.MaxValue : expires * 1_000_000_000),
        };
    }
}
