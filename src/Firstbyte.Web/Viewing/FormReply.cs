using Firstbyte.Labs;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Web.Viewing;

/// <summary>What stands below a box once what was entered has been tried.</summary>
/// <param name="Words">What came of it.</param>
/// <param name="IsFault">Whether it is wrong.</param>
/// <param name="Place">Where it is wrong.</param>
public sealed record FormReply(Phrase Words, bool IsFault, LabPlace? Place = null)
{
    /// <summary>Nothing has been tried.</summary>
    public static FormReply None { get; } = new(Phrase.Empty, false);
}
