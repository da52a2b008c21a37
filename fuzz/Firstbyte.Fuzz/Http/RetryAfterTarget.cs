using System.Globalization;
using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Http;

/// <summary>Retry-After: the lines of the input are values of the field.</summary>
internal sealed class RetryAfterTarget : FuzzTarget
{
    private static readonly Instant[] s_now =
    [
        default, Instant.SimulationEpoch, Instant.FromDateTimeOffset(new DateTimeOffset(1999, 12, 31, 23, 59, 0, TimeSpan.Zero)),
        Instant.FromDateTimeOffset(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero)),
    ];

    public override string Name => "retry-after";

    public override string Holds => "no wait is less than none or more than the longest; a date asks for the same wait as the seconds until then";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "Fri, 31 Dec 1999 23:59:59 GMT", "Friday, 31-Dec-99 23:59:59 GMT", "Fri Dec 31 23:59:59 1999", "120", "21599", "21600",
            "9223372036854775808", " ",
            "\n", "GMT", "9999", "0001" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "120\nFri, 31 Dec 1999 23:59:59 GMT", "Friday, 31-Dec-99 23:59:59 GMT\nFri Dec 31 23:59:59 1999", "Thu, 01 Jan 2026 00:00:59 GMT\n 0 ",
    }.Select(static text => FuzzChoices.Before(Encoding.UTF8.GetBytes(text)));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        foreach (var line in Encoding.Latin1.GetString(rest).Split('\n').Take(50))
        {
            foreach (var now in s_now)
            {
                if (RetryAfter.Read(line, now) is not { } wait) { continue; }
                Require(wait >= TimeSpan.Zero && wait <= RetryAfter.Maximum, "a wait that nobody would wait");
                var until = now.ToDateTimeOffset() + wait;
                // A date has whole seconds, and so has every present here.
                var date = RetryAfter.Read(until.ToString("r", CultureInfo.InvariantCulture), now);
                Require(date == wait, "the date at which a wait ends asks for another wait");
                Require(RetryAfter.Read($"{(long)wait.TotalSeconds}", now) == wait, "the seconds of a wait ask for another wait");
            }
        }
    }
}
