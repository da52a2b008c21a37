using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns;

/// <summary>A signed root, a signed zone below it and an unsigned one, asked in virtual time.</summary>
public sealed class ValidationTests
{
    [Fact]
    public void The_built_in_anchors_are_those_of_the_roots_two_keys()
    {
        // The root's DNSKEY records themselves (dns-root-data's root.key): their digests have to be those that are built in.
        string[] keys =
        [
            "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=",
            "AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=",
        ];
        var anchor = Assert.Single(TrustAnchors.Root.All);
        Assert.Equal(DnsName.Root, anchor.Zone);
        var signers = keys.Select(static key => new ZonePublicKey(DnsName.Root, 257, SigningAlgorithm.RsaSha256, Convert.FromBase64String(key)).ToDelegationSigner());
        Assert.Equal(signers.Select(static one => one.ToString()), anchor.Signers.Select(static one => one.ToString()));
    }

    [Theory]
    [InlineData("www.signed", "A", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("alias.signed", "A", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("x.wild.signed", "A", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("nothing.signed", "A", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("www.signed", "MX", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("nothing", "A", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("www.plain", "A", SecurityStatus.Insecure, ValidationFlaw.DelegationUnsigned)]
    [InlineData("nothing.plain", "A", SecurityStatus.Insecure, ValidationFlaw.DelegationUnsigned)]
    [InlineData("out.signed", "A", SecurityStatus.Insecure, ValidationFlaw.DelegationUnsigned)]
    public void An_answer_is_secure_or_proven_to_be_unsigned(string name, string type, SecurityStatus status, ValidationFlaw flaw)
    {
        using var lab = new SignedLab();
        var answer = Assert.IsType<ResolvedAnswer>(lab.Resolve(name, type));
        Assert.Equal((status, flaw), (answer.Status, answer.Flaw));
        Assert.Equal(TrustLinkKind.Anchor, answer.Trust[0].Kind);
        Assert.All(answer.Trust, link => Assert.True(link.Status == SecurityStatus.Secure || status == SecurityStatus.Insecure));
        // Asked again it is no less, and costs no message.
        var sent = lab.World.Events.OfType<QuerySent>().Count();
        Assert.Equal(status, Assert.IsType<ResolvedAnswer>(lab.Resolve(name, type)).Status);
        Assert.Equal(sent, lab.World.Events.OfType<QuerySent>().Count());
    }

    [Fact]
    public void What_lies_between_two_links_is_denied_without_asking()
    {
        using var lab = new SignedLab();
        Assert.Equal(ResponseCode.NameError, Assert.IsType<ResolvedAnswer>(lab.Resolve("nothing.signed", "A")).Code);
        var sent = lab.World.Events.OfType<QuerySent>().Count();
        var next = Assert.IsType<ResolvedAnswer>(lab.Resolve("nothing-else.signed", "A"));
        Assert.Equal((ResponseCode.NameError, SecurityStatus.Secure), (next.Code, next.Status));
        Assert.Equal(sent, lab.World.Events.OfType<QuerySent>().Count());
    }

    [Fact]
    public void A_forged_record_is_refused_with_the_link_that_breaks_and_given_to_who_checks_himself()
    {
        using var lab = new SignedLab(forge: static text => text.Replace("192.0.2.80", "192.0.2.66", StringComparison.Ordinal));
        var failure = Assert.IsType<ResolutionFailure>(lab.Resolve("www.signed", "A"));
        Assert.Equal((ResolutionFailureReason.Bogus, ValidationFlaw.SignatureWrong), (failure.Reason, failure.Flaw));
        Assert.Equal(("www.signed", SecurityStatus.Bogus), (failure.Trust[^1].Name, failure.Trust[^1].Status));
        Assert.Equal("192.0.2.66", Assert.Single(Assert.IsType<ResolvedAnswer>(lab.Resolve("www.signed", "A", new ResolutionOptions { Unchecked = true })).Addresses).ToString());
        // What is forged is not believed from the cache either.
        Assert.IsType<ResolutionFailure>(lab.Resolve("www.signed", "A"));
        Assert.Equal(SecurityStatus.Secure, Assert.IsType<ResolvedAnswer>(lab.Resolve("mail.signed", "A")).Status);
    }

    [Fact]
    public void Of_two_servers_the_one_that_lies_does_not_stop_the_other()
    {
        using var lab = new SignedLab(forge: static text => text.Replace("192.0.2.80", "192.0.2.66", StringComparison.Ordinal), hasHonestServer: true);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("192.0.2.80", Assert.Single(Assert.IsType<ResolvedAnswer>(lab.Resolve("www.signed", "A", new ResolutionOptions { Fresh = true })).Addresses).ToString());
        }
        Assert.Contains(lab.World.Events.OfType<QuerySent>(), sent => sent.Server.Address == IpAddress.Parse("192.0.3.53"));
    }

    [Fact]
    public void Signatures_hold_by_the_calendar_of_the_host()
    {
        using var lab = new SignedLab(days: 1);
        Assert.IsType<ResolvedAnswer>(lab.Resolve("www.signed", "A"));
        lab.World.Run(async () => { await Task.Delay(TimeSpan.FromDays(2), lab.World.Client.Time); return 0; });
        var failure = Assert.IsType<ResolutionFailure>(lab.Resolve("www.signed", "A"));
        Assert.Equal((ResolutionFailureReason.Bogus, ValidationFlaw.SignatureExpired), (failure.Reason, failure.Flaw));
    }

    [Fact]
    public void A_negative_anchor_takes_a_zone_out_of_checking()
    {
        using var lab = new SignedLab(forge: static text => text.Replace("192.0.2.80", "192.0.2.66", StringComparison.Ordinal), insecure: "signed");
        var answer = Assert.IsType<ResolvedAnswer>(lab.Resolve("www.signed", "A"));
        Assert.Equal((SecurityStatus.Insecure, ValidationFlaw.NegativeAnchor), (answer.Status, answer.Flaw));
    }

    [Fact]
    public void What_was_signed_with_a_withheld_address_does_not_hold_and_what_was_not_is_not_there()
    {
        using var lab = new SignedLab(privateAddresses: new PrivateAddresses([IpPrefix.Parse("192.0.2.80/28")], [DnsName.Parse("mail.signed")]));
        Assert.Equal(ResolutionFailureReason.Bogus, Assert.IsType<ResolutionFailure>(lab.Resolve("www.signed", "A")).Reason);
        Assert.Equal(SecurityStatus.Secure, Assert.IsType<ResolvedAnswer>(lab.Resolve("mail.signed", "A")).Status);
        var answer = Assert.IsType<ResolvedAnswer>(lab.Resolve("www.plain", "A"));
        Assert.Equal((ResponseCode.NoError, 0, SecurityStatus.Insecure), (answer.Code, answer.Records.Length, answer.Status));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void Ad_is_for_those_who_understand_it_and_signatures_for_those_who_ask(bool hasDo, bool hasAd, bool getsAd)
    {
        using var lab = new SignedLab();
        var answer = lab.Answer("www.signed", hasAd ? HeaderFlags.AuthenticData : HeaderFlags.None, hasDo);
        Assert.Equal(getsAd, answer.Flags.HasFlag(HeaderFlags.AuthenticData));
        Assert.Equal(hasDo ? 2 : 1, answer.Answers.Count);
    }

    [Fact]
    public void A_failure_says_which_with_its_extended_error_and_cd_gets_the_data()
    {
        using var lab = new SignedLab(forge: static text => text.Replace("192.0.2.80", "192.0.2.66", StringComparison.Ordinal));
        var answer = lab.Answer("www.signed", HeaderFlags.None, hasDo: true);
        Assert.Equal(ResponseCode.ServerFailure, answer.ResponseCode);
        Assert.Equal(6, Assert.Single(answer.Edns!.Options).Data[1]);
        var unchecked_ = lab.Answer("www.signed", HeaderFlags.CheckingDisabled, hasDo: true);
        Assert.Equal((ResponseCode.NoError, false), (unchecked_.ResponseCode, unchecked_.Flags.HasFlag(HeaderFlags.AuthenticData)));
        Assert.Equal(2, unchecked_.Answers.Count);
    }
}
