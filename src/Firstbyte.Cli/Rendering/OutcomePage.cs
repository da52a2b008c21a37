using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;

namespace Firstbyte.Cli.Rendering;

/// <summary>Prints what a resolution came to: the records, or why there are none.</summary>
internal static class OutcomePage
{
    public static void Show(Page page, ResolutionOutcome outcome)
    {
        page.Gap();
        switch (outcome)
        {
            case ResolvedAnswer answer:
                foreach (var record in answer.Records) { page.Full(Printable.Text(record.ToString())); }
                if (answer.IsDenial) { page.Full(answer.Code == ResponseCode.NameError ? "NXDOMAIN: the name does not exist" : "NODATA: the name has no records of this type", Ink.Warning); }
                page.Full(Words.Of(answer.Source), Ink.Faint);
                break;
            case ResolutionFailure failure:
                page.Full("✗ Not resolved: " + Words.Of(failure.Reason) + ".", Ink.Bad);
                foreach (var evidence in failure.Evidence)
                {
                    page.Paragraph($"{Printable.Text(evidence.ServerName)} {evidence.Server}: {Words.Of(evidence.Outcome)}{(evidence.Detail.Length > 0 ? " (" + Printable.Text(evidence.Detail) + ")" : "")}, {Amounts.Count(evidence.Tries, "try", "tries")}");
                }
                break;
        }
        page.Flush();
    }
}
