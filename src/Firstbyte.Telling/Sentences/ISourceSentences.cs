using Firstbyte.Dns.Zones;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>
/// Files that a person wrote in a format of the field or of ours, and what is wrong in them: the place, what was expected, what stands
/// there.
/// </summary>
public interface ISourceSentences
{
    /// <summary>A lab's file.</summary>
    Phrase LabFault(LabFileException fault);

    /// <summary>The same without its place: of an entry of one line.</summary>
    Phrase LabFaultAt(LabFileException fault);

    /// <summary>A zone file, or the zone that it makes.</summary>
    Phrase ZoneProblem(ZoneProblem problem);
}
