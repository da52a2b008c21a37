using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Curl;

/// <summary>curl's progress meter: its table, the bar of <c>-#</c>, and the one line of <c>-Z</c> for all transfers together.</summary>
/// <remarks>
/// What a transfer had when it was over is always said; what it has meanwhile only where somebody looks on (a terminal), once a second. The numbers are read
/// from the transfers' own figures by a thread of its own, because a server that stalls lets nobody else draw.
/// </remarks>
internal sealed class CurlMeter : IDisposable
{
    // curl draws once a second, and the line for all transfers twice.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1), s_intervalOfAll = TimeSpan.FromMilliseconds(500);

    // curl: MAX_BARLENGTH, and the speed of the last five seconds.
    private const int MaxBar = 256, Samples = 6;

    private const string Unknown = "--:--:--";

    private readonly Action<string> _draw;
    private readonly Func<TimeSpan> _elapsed;
    private readonly CurlMeterKind _kind;
    private readonly int _columns;
    private readonly object _gate = new();
    private readonly List<CurlInfo> _transfers = [];
    private readonly Queue<(TimeSpan At, long Bytes)> _samples = new();
    private readonly Thread? _thread;
    private int _live;
    private bool _isOver;

    /// <summary>Begins to measure.</summary>
    /// <param name="kind">How it looks.</param>
    /// <param name="draw">Writes a text as it is.</param>
    /// <param name="elapsed">How long it has been going on.</param>
    /// <param name="columns">Columns of the terminal.</param>
    /// <param name="isWatched">Whether somebody looks on.</param>
    public CurlMeter(CurlMeterKind kind, Action<string> draw, Func<TimeSpan> elapsed, int columns, bool isWatched)
    {
        (_kind, _draw, _elapsed, _columns) = (kind, draw, elapsed, Math.Min(columns, MaxBar));
        _draw(kind switch
        {
            CurlMeterKind.Table => "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
                + "                                 Dload  Upload   Total   Spent    Left  Speed\n",
            CurlMeterKind.All => "DL% UL%  Dled  Uled  Xfers  Live Total     Current  Left    Speed\n",
            _ => "",
        });
        if (!isWatched) { return; }
        _thread = new Thread(DrawAgain, 256 * 1024) { IsBackground = true, Name = "meter" };
        _thread.Start();
    }

    /// <summary>A transfer begins, whose figures are read from now on.</summary>
    public void Begin(CurlInfo info)
    {
        lock (_gate)
        {
            _transfers.Add(info);
            _live++;
        }
    }

    /// <summary>A transfer is over.</summary>
    public void End()
    {
        lock (_gate) { _live--; }
    }

    /// <summary>Says how it ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver) { return; }
            _isOver = true;
            var line = Line();
            if (line.Length > 0) { _draw(line + "\n"); }
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
    }

    private void DrawAgain()
    {
        lock (_gate)
        {
            while (!_isOver)
            {
                _draw(Line());
                Monitor.Wait(_gate, _kind == CurlMeterKind.All ? s_intervalOfAll : s_interval);
            }
        }
    }

    private string Line()
    {
        long down = 0, up = 0, downTotal = 0, upTotal = 0;
        bool isDownKnown = true, isUpKnown = true;
        foreach (var one in _transfers)
        {
            down += one.Downloaded;
            up += one.Uploaded;
            downTotal += one.Expected ?? one.Downloaded;
            upTotal += one.ExpectedUpload ?? one.Uploaded;
            isDownKnown &= one.Expected is not null;
            isUpKnown &= one.ExpectedUpload is not null;
        }
        var spent = _elapsed();
        var (downSpeed, upSpeed) = (Speed(down, spent), Speed(up, spent));
        var current = Current(spent, down + up);
        // Whichever way takes longer.
        var total = Math.Max(isDownKnown && downSpeed > 0 ? downTotal / downSpeed : 0, isUpKnown && upSpeed > 0 ? upTotal / upSpeed : 0);
        var seconds = (long)spent.TotalSeconds;
        var left = total > seconds ? total - seconds : 0;
        return _kind switch
        {
            CurlMeterKind.Bar => Bar(down + up, Math.Max(downTotal + upTotal, down + up)),
            CurlMeterKind.All => string.Create(CultureInfo.InvariantCulture,
                $"\r{(isDownKnown ? Percent(down, downTotal) : "--"),-3} {(isUpKnown ? Percent(up, upTotal) : "--"),-3} {Amount(down)} {Amount(up)} ")
                + string.Create(CultureInfo.InvariantCulture,
                $"{_transfers.Count,5} {_live,5}  {Time(total)} {Time(seconds)} {Time(left)} {Amount(current)}     "),
            _ => string.Create(CultureInfo.InvariantCulture,
                $"\r{Percent(down + up, downTotal + upTotal),3} {Amount(downTotal + upTotal)}  ")
                + string.Create(CultureInfo.InvariantCulture, $"{(isDownKnown ? Percent(down, downTotal) : "0"),3} {Amount(down)}  ")
                + string.Create(CultureInfo.InvariantCulture, $"{(isUpKnown ? Percent(up, upTotal) : "0"),3} {Amount(up)}  {Amount(downSpeed)}  ")
                + $"{Amount(upSpeed)} {Time(total)} {Time(seconds)} {Time(left)} {Amount(current)}",
        };
    }

    private string Bar(long done, long total)
    {
        if (total == 0) { return ""; }
        var width = Math.Max(1, _columns - 7);
        var part = (double)done / total;
        var drawn = new StringBuilder().Append('#', (int)(width * part)).Append(' ', width - (int)(width * part));
        return string.Create(CultureInfo.InvariantCulture, $"\r{drawn} {part * 100,5:0.0}%");
    }

    private long Current(TimeSpan now, long bytes)
    {
        var (at, before) = _samples.Count == Samples ? _samples.Dequeue() : _samples.Count > 0 ? _samples.Peek() : default;
        _samples.Enqueue((now, bytes));
        return Speed(bytes - before, now - at);
    }

    private static long Speed(long bytes, TimeSpan time) => time > TimeSpan.Zero ? (long)Math.Min(long.MaxValue / 2, bytes / time.TotalSeconds) : bytes;

    private static string Percent(long part, long whole) =>
        (whole > 0 ? (long)((double)part / whole * 100) : 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of bytes in five columns, as curl rounds it.</summary>
    internal static string Amount(long bytes)
    {
        const long K = 1024;
        if (bytes < 100_000) { return string.Create(CultureInfo.InvariantCulture, $"{bytes,5}"); }
        if (bytes < 10_000 * K) { return string.Create(CultureInfo.InvariantCulture, $"{bytes / K,4}k"); }
        var unit = K * K;
        foreach (var letter in "MGT")
        {
            if (bytes < 100 * unit && letter != 'T')
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit,2}.{Math.Min(9, bytes % unit / (unit / 10))}{letter}");
            }
            if (bytes < 10_000 * unit) { return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit,4}{letter}"); }
            unit *= K;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit,4}P");
    }

    /// <summary>A number of seconds in eight columns, as curl writes it.</summary>
    internal static string Time(long seconds) => seconds switch
    {
        <= 0 => Unknown,
        < 100 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600,2}:{seconds / 60 % 60:00}:{seconds % 60:00}"),
        < 1000 * 86_400L => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400,3}d {seconds / 3600 % 24:00}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(seconds / 86_400, 9_999_999),7}d"),
    };
}

/// <summary>How a <see cref="CurlMeter"/> looks.</summary>
internal enum CurlMeterKind
{
    /// <summary>curl's table, one transfer a row.</summary>
    Table,

    /// <summary><c>-#</c>.</summary>
    Bar,

    /// <summary><c>-Z</c>: all transfers together.</summary>
    All,
}
