namespace Firstbyte.Simulation.Faults;

/// <summary>
/// A kind of fault: everything that lab files, the prompt, exports and random worlds know about it. Each has a file of its own, and one
/// place in <see cref="FaultRegistry"/>.
/// </summary>
/// <remarks>
/// Theory of operation. Three things belong together and stand in one file: what is written (a <see cref="FaultDefinition"/>), what it
/// does in a world (a <see cref="NetworkFault"/>), and this description, which reads the one and says by what word it is known. The word
/// is the lab file's, and everywhere the same: in the prompt, in the JSON, in the event that tells of it.
/// </remarks>
/// <param name="word">The word that begins it.</param>
/// <param name="syntax">What stands behind the word, for people.</param>
/// <param name="examples">Some of its kind, see <see cref="Examples"/>.</param>
public abstract class FaultDescription(string word, string syntax, params string[] examples)
{
    /// <summary>The word that begins it.</summary>
    public string Word { get; } = word;

    /// <summary>What stands behind the word, for people: <c>LINK [up | down]</c>.</summary>
    public string Syntax { get; } = syntax;

    /// <summary>
    /// Some of its kind as lab files write them behind <c>at T</c>, in the lab of docs/labs/README.md: with all of its fields, and without those that may
    /// be left out. The page shows them, and the schema of the export is made of what they write.
    /// </summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>
    /// What a kind of it does, for whoever looks for one, in the words that it brings along: those of faults that languages have no words for.
    /// </summary>
    /// <param name="language">The language's tag: <c>en</c>, <c>zh</c>.</param>
    /// <returns>Null when it brings none in that language.</returns>
    public virtual string? MeaningIn(string language) => null;

    /// <summary>In which ways random worlds suffer from it; none when they do not.</summary>
    public virtual IReadOnlyList<RandomFault> Random => [];

    /// <summary>Reads what stands behind the word.</summary>
    public abstract FaultDefinition Read(IFaultReader reader);
}
