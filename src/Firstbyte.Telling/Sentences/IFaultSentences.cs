using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What goes wrong on purpose. All words of a language for faults stand in the one class that implements this.</summary>
public interface IFaultSentences
{
    /// <summary>
    /// What a fault of a lab does, without its times. One that the language has no words for is said in its own, or in those of the lab's file.
    /// </summary>
    Phrase What(FaultDefinition fault);

    /// <summary>What a kind of fault does, for whoever looks for one; its own words, or none, for one that the language has no words for.</summary>
    Phrase Meaning(FaultDescription kind);

    /// <summary>A way in which random worlds go wrong, by its name.</summary>
    string Kind(string name);
}
