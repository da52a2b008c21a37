using Firstbyte.Http;
using Firstbyte.Measuring;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishMeasures : IMeasureSentences
{
    public Phrase Repeating(RepetitionStarted e) => e.KeepsConnection
        ? $"{e.Count} journeys over one connection, as far as it is kept"
        : $"{e.Count} journeys, each over a connection of its own (--keep shares one)";

    public Phrase Progress(int made, int count, long? median) =>
        median is { } time ? $"{made} of {count} · median {Amounts.Time(time):words}" : $"{made} of {count}";

    public IReadOnlyList<string> TimeHeads { get; } = ["ms", "median", "p95", "least", "most"];

    public string Step(MeasuredStep step) => step switch
    {
        MeasuredStep.Name => "name",
        MeasuredStep.Connect => "connect",
        MeasuredStep.Tls => "TLS",
        MeasuredStep.Wait => "wait",
        MeasuredStep.Read => "read",
        MeasuredStep.Total => "total",
    };

    public Phrase Answered(JourneysMeasured e)
    {
        var answers = e.Statuses.Select(static one => Phrase.Say($"{one.Count} × {Status(one.Status):words}"));
        return e.Failed > 0 ? Phrase.Join(" · ", answers.Append($"{e.Failed} failed")) : Phrase.Join(" · ", answers);
    }

    public IReadOnlyList<string> DifferenceHeads { get; } = ["ms", "A", "B", "B - A"];

    public Phrase Compared(string file, string href) => $"{file:name} · {href}";

    public Phrase Difference(JourneyDifference one) => $"{What(one):words}: {one.Left ?? "nothing"} → {one.Right ?? "nothing"}";

    public Phrase NoDifference => "nothing differs but the times";

    public Phrase Alone(string file, int count) =>
        count == 1 ? Say($"{file:name} has one journey more, with none beside it") : Say($"{file:name} has {count} journeys more, with none beside them");

    public Phrase NoJourney(string file) => $"'{file}' tells of no journey";

    private static string Status(int status) => status == 0 ? "without a status" : $"{status} {ReasonPhrase.Of(status)}".TrimEnd();

    private static string What(JourneyDifference one) => one.Kind switch
    {
        DifferenceKind.Url => "URL",
        DifferenceKind.Redirects => "redirects",
        DifferenceKind.Addresses => "addresses of the name",
        DifferenceKind.Address => "address",
        DifferenceKind.TlsVersion => "version of TLS",
        DifferenceKind.Suite => "cipher suite",
        DifferenceKind.Alpn => "protocol (ALPN)",
        DifferenceKind.Certificate => "certificate (SHA-256)",
        DifferenceKind.Issuer => "issuer of the certificate",
        DifferenceKind.CertificateEnd => "end of the certificate",
        DifferenceKind.HttpVersion => "version",
        DifferenceKind.Status => "status",
        DifferenceKind.Field => one.Name,
        DifferenceKind.HeadBytes => "bytes of the head",
        DifferenceKind.BodyBytes => "bytes of content",
        DifferenceKind.WireBytes => "bytes on the wire",
        DifferenceKind.Failure => "exit code of the failure",
    };
}
