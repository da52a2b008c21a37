namespace Firstbyte.Exports;

/// <summary>What keeps a line from being an event, or a file from being whole.</summary>
public enum EventFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file is UTF-16, as a shell writes that takes a program's output for text of its own.</summary>
    Utf16,

    /// <summary>The file is an HTTP archive (HAR).</summary>
    Archive,

    /// <summary>The line is longer than any event.</summary>
    LineTooLong,

    /// <summary>The line is not JSON.</summary>
    NotJson,

    /// <summary>The line is JSON, but no object.</summary>
    NotAnObject,

    /// <summary>The object does not say what kind of event it is.</summary>
    NoName,

    /// <summary>There is no kind of that name in the file's version.</summary>
    UnknownName,

    /// <summary>The kind is one of a file with a first line that says the version, and there was none.</summary>
    NoVersion,

    /// <summary>A member has a value of another type or form.</summary>
    WrongValue,

    /// <summary>A member that every event of the kind has is missing.</summary>
    MissingMember,

    /// <summary>An event of an older version without a member that its kind has had since.</summary>
    OlderForm,

    /// <summary>The file is of a version that is younger than this program.</summary>
    NewerVersion,

    /// <summary>There is not one event in the file.</summary>
    Empty,

    /// <summary>The file ends within a line.</summary>
    CutLine,

    /// <summary>The file ends before the run does.</summary>
    Cut,

    /// <summary>The last line counts other events than the file holds.</summary>
    OtherCount,
}

/// <summary>Why a line is no event, or a file not whole.</summary>
/// <param name="Flaw">What is wrong.</param>
/// <param name="Name">The kind of event, as far as it is known; of a cut file the last one.</param>
/// <param name="Member">The member that is wrong or missing.</param>
/// <param name="Position">
/// The byte of the line where it stopped being JSON; of a newer file its version; of a wrong count what the last line says.
/// </param>
public readonly record struct EventFault(EventFlaw Flaw, string Name = "", string Member = "", long Position = 0);
