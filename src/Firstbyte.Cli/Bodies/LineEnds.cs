namespace Firstbyte.Cli.Bodies;

/// <summary>Makes CR LF one line end, also where a piece ends between both; a CR alone stays, and is escaped like any control character.</summary>
internal sealed class LineEnds
{
    private bool _endsInReturn;

    /// <summary>The next of the text; the last call is made with nothing.</summary>
    public string Of(string text)
    {
        var whole = _endsInReturn ? "\r" + text : text;
        _endsInReturn = text.Length > 0 && whole.EndsWith('\r');
        return (_endsInReturn ? whole[..^1] : whole).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
