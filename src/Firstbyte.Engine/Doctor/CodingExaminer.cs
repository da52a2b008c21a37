using Firstbyte.Http;

namespace Firstbyte.Doctor;

/// <summary>Whether text comes compressed, and whether caches are told that it depends on who asks.</summary>
internal sealed class CodingExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        if (site.Page is not { Head: { Status: 200 } head } page) { return; }
        if (page.Field("Content-Encoding") is { } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            if (!Names(page.Field("Vary"), "Accept-Encoding")) { site.Find(new VaryMissing(coding)); }
            return;
        }
        var bytes = head.FramingLength ?? page.Body?.BodyBytes ?? 0;
        if (bytes >= DoctorLimits.UncodedBytes && MediaType.TryParse(page.Field("Content-Type"), out var type)
            && (type.IsText || type.Essence == "image/svg+xml"))
        {
            site.Find(new ContentUncoded(type.Essence, bytes));
        }
    }

    private static bool Names(string? list, string name)
    {
        foreach (var range in list.AsSpan().Split(','))
        {
            var member = list.AsSpan(range.Start.Value, range.End.Value - range.Start.Value).Trim(" \t");
            if (member.Equals("*", StringComparison.Ordinal) || member.Equals(name, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }
}
