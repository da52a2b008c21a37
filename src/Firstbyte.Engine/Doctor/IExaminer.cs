namespace Firstbyte.Doctor;

/// <summary>Judges one side of a site by what the looks at it have shown; one that needs more asks by himself.</summary>
internal interface IExaminer
{
    /// <summary>Finds what there is to find (<see cref="Examination.Find"/>).</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask ExamineAsync(Examination site, CancellationToken cancellationToken);
}

/// <summary>An examiner who has to ask nobody.</summary>
internal abstract class Examiner : IExaminer
{
    /// <inheritdoc/>
    public ValueTask ExamineAsync(Examination site, CancellationToken cancellationToken)
    {
        Examine(site);
        return ValueTask.CompletedTask;
    }

    /// <summary>Finds what there is to find.</summary>
    protected abstract void Examine(Examination site);
}

/// <summary>Everybody who judges sites. One more is a file of its own, and a line here.</summary>
internal static class Examiners
{
    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<IExaminer> All { get; } =
    [
        new ReachExaminer(),
        new CertificateExaminer(),
        new SecurityExaminer(),
        new MessageExaminer(),
        new CachingExaminer(),
        new CodingExaminer(),
        new CookieExaminer(),
        new OfferExaminer(),
    ];
}
