using Firstbyte.Addressing;
using Firstbyte.Tls;

namespace Firstbyte.Doctor;

/// <summary>What TLS shows: faults of the chain, its end, which version is spoken, and whether all addresses show the same.</summary>
internal sealed class CertificateExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        var secured = site.Hops.Where(static hop => hop.Tls is not null).ToArray();
        foreach (var faults in secured.SelectMany(static hop => hop.Faults.Select(fault => (fault, hop.Address)))
            .GroupBy(static one => (one.fault.Kind, one.fault.Position)))
        {
            site.Find(new CertificateFaulty(
                faults.First().fault, [.. faults.Select(static one => one.Address).OfType<IpAddress>().Distinct()]));
        }
        foreach (var hop in secured)
        {
            foreach (var certificate in hop.Tls!.Chain) { FindEnd(site, hop, certificate); }
        }
        if (secured.Length > 0 && secured.All(static hop => hop.Tls!.Version < TlsVersion.Tls13)) { site.Find(new TlsOld(secured[0].Tls!.Version)); }
        var looks = site.Looks.Where(static look => look.Seen.Last?.Tls is { Chain.Length: > 0 }).ToArray();
        foreach (var look in looks.Skip(1))
        {
            var (first, other) = (looks[0].Seen.Last!.Tls!.Chain[0], look.Seen.Last!.Tls!.Chain[0]);
            if (first.Sha256 != other.Sha256) { site.Find(new CertificatesDiffer(looks[0].Address, first.NotAfter, look.Address, other.NotAfter)); }
        }
    }

    // One that has ended already is a fault.
    private static void FindEnd(Examination site, Hop hop, CertificateSummary certificate)
    {
        var left = certificate.NotAfter - hop.Tls!.At;
        var quarter = (certificate.NotAfter - certificate.NotBefore) / 4;
        if (left > TimeSpan.Zero && left < (quarter < DoctorLimits.Expiry ? quarter : DoctorLimits.Expiry))
        {
            site.Find(new CertificateExpiring(certificate.Subject, certificate.NotAfter, (int)left.TotalDays));
        }
    }
}
