namespace Firstbyte.Urls;

/// <summary>
/// What a parser tells when it is asked to: violations, changes, and where each part stood. Positions are those of the cleaned input until
/// <see cref="Map"/>.
/// </summary>
internal sealed class UrlParseLog
{
    public readonly List<UrlViolation> Violations = [];
    public readonly List<UrlChange> Changes = [];
    public readonly (int Start, int End, UrlPartSource Source)[] Parts = new (int, int, UrlPartSource)[8];

    public void Violate(UrlValidationError error, int position) => Violations.Add(new UrlViolation(error, position));

    public void Change(UrlPart? part, UrlChangeKind kind, int start, int end) => Changes.Add(new UrlChange(part, kind, start, end - start));

    public void Place(UrlPart part, int start, int end, UrlPartSource source = UrlPartSource.Input) => Parts[(int)part] = (start, end, source);

    /// <summary>Turns positions of the cleaned input into positions of the input as it was given.</summary>
    public void Map(CleanedInput input)
    {
        // Gathered once: a row of violations as long as the input must not cost its square.
        var places = input.Places();
        for (var i = 0; i < Violations.Count; i++) { Violations[i] = Violations[i] with { Position = places[Violations[i].Position] }; }
        for (var i = 0; i < Changes.Count; i++)
        {
            var start = places[Changes[i].InputStart];
            Changes[i] = Changes[i] with
            {
                InputStart = start,
                InputLength = EndOf(places, Changes[i].InputStart, Changes[i].InputStart + Changes[i].InputLength) - start
            };
        }
        for (var i = 0; i < Parts.Length; i++)
        {
            Parts[i] = (places[Parts[i].Start], EndOf(places, Parts[i].Start, Parts[i].End), Parts[i].Source);
        }
    }

    // The end of a range is behind its last character: a tab that follows is not part of it.
    private static int EndOf(int[] places, int start, int end) => end == start ? places[start] : places[end - 1] + 1;
}
