namespace Firstbyte.Fuzz.Running;

/// <summary>What is fuzzed: a check of one input, and well-formed inputs to begin with. Every class derived from it is a target; there is no list to add it to.</summary>
/// <remarks>
/// A check takes bytes, drives its subject with them and throws when something does not hold; whatever else escapes it is a finding too. It must
/// depend on nothing but its input: the same bytes take the same way through the code, or coverage means nothing. What it needs to choose
/// (how a stream is cut, which transport) it takes from the input's first bytes, by <see cref="FuzzChoices"/>.
/// </remarks>
internal abstract class FuzzTarget
{
    /// <summary>The target's name on the command line, and of its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>What is fuzzed and what must hold, in a sentence.</summary>
    public abstract string Holds { get; }

    /// <summary>Longer inputs are not bred.</summary>
    public virtual int MaximumLength => 4096;

    /// <summary>What one input may allocate before it counts as a finding: far more than any honest input of that length needs.</summary>
    public virtual long MaximumAllocation => 64 << 20;

    /// <summary>What one input may take, in processor time, before it counts as a finding.</summary>
    public virtual TimeSpan MaximumTime => TimeSpan.FromSeconds(1);

    /// <summary>Byte strings that are worth inserting.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>Well-formed inputs, each of another shape.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Takes one input; throws on a finding.</summary>
    public abstract void Check(byte[] input);

    /// <summary>Something that must hold.</summary>
    protected static void Require(bool holds, string what)
    {
        if (!holds) { throw new FuzzFindingException(what); }
    }

    /// <summary>Texts as tokens.</summary>
    protected static byte[][] Utf8(params IEnumerable<string> texts) => [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];
}

/// <summary>Something that must hold did not.</summary>
internal sealed class FuzzFindingException(string what) : Exception(what);
