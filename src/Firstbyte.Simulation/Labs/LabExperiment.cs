namespace Firstbyte.Labs;

/// <summary>For whom an experiment is.</summary>
public enum ExperimentShelf
{
    /// <summary>First steps.</summary>
    First,

    /// <summary>What somebody who runs a network meets.</summary>
    Useful,

    /// <summary>What ought not to be, and is.</summary>
    Strange,
}

/// <summary>What is asked before a step is done; the run answers it.</summary>
public enum LessonQuestion
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Whether the page comes.</summary>
    Works,

    /// <summary>How many questions of DNS are asked on the way.</summary>
    Asks,

    /// <summary>Which machine answers.</summary>
    Answers,

    /// <summary>On which cable something is lost.</summary>
    Loses,

    /// <summary>Who else hears it.</summary>
    Hears,
}

/// <summary>Something that is done in an experiment.</summary>
/// <param name="Kind">What: fetch, wait, zone, break, heal.</param>
/// <param name="Text">A URL, a time, a changed record, a fault, nothing.</param>
/// <param name="Question">What is asked before.</param>
public sealed record ExperimentStep(string Kind, string Text, LessonQuestion Question = LessonQuestion.None);

/// <summary>A lab as an experiment: what to do in it, one thing after the other; what to watch and what it teaches stands on its page.</summary>
/// <param name="Name">The lab.</param>
/// <param name="Shelf">For whom.</param>
/// <param name="Steps">What to do.</param>
public sealed record LabExperiment(string Name, ExperimentShelf Shelf, IReadOnlyList<ExperimentStep> Steps);
