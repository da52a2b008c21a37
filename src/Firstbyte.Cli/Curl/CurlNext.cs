namespace Firstbyte.Cli.Curl;

/// <summary>What comes after a hop: another request to the same URL, or another URL.</summary>
/// <param name="Location">Whereto; null for the same URL.</param>
/// <param name="Status">The status that said so.</param>
internal sealed record CurlNext(string? Location, int Status)
{
    public bool IsFollow => Location is not null;
}
