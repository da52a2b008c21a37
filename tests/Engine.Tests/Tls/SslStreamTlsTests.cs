using System.Text;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

/// <summary>The platform's TLS against the seeded engine, over memory: two implementations that know nothing of each other, one vocabulary.</summary>
public class SslStreamTlsTests
{
    private const string Name = "www.lab.glasscom.com";

    // The platform's chain engine on some systems judges by the machine's clock what it can judge by nothing else: both hosts live today.
    private readonly QuietHost _client = new(seed: 1, DateTimeOffset.UtcNow);
    private readonly QuietHost _server = new(seed: 2, DateTimeOffset.UtcNow);
    private readonly LabCertificateAuthority _authority;
    private readonly MemoryPipe _pipe = new();

    public SslStreamTlsTests() => _authority = new LabCertificateAuthority(new CountedRandom(3), NetworkClock.Now(_client));

    private async Task<(TlsResult Client, TlsResult Server)> Shake(ITlsProvider client, ITlsProvider server, TlsClientOptions options, TlsServerOptions serverOptions, EventLog? log = null)
    {
        var serving = server.AuthenticateAsServerAsync(_pipe.Server, serverOptions, default).AsTask();
        var answer = await client.AuthenticateAsClientAsync(_pipe.Client, options, log?.Span(_client) ?? default);
        if (answer is TlsFailure) { _pipe.Client.Close(); }
        return (answer, await serving);
    }

    private TlsClientOptions Trusting => new(Name) { TrustAnchors = [_authority.RootCertificate] };

    [Theory]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_")]
    [InlineData(TlsVersion.Tls13, "TLS_AES_")]
    public async Task The_platforms_client_speaks_with_the_seeded_server(TlsVersion version, string suite)
    {
        var log = new EventLog();
        var (client, server) = await Shake(new SslStreamTlsProvider(_client), new BouncyCastleTlsProvider(_server),
            Trusting with { MaximumVersion = version, Alpn = ["http/1.1"] },
            new TlsServerOptions([_authority.Issue([Name])]) { Alpn = ["http/1.1"] }, log);
        await Converse(client, server, version, suite);
        var completed = Assert.Single(log.Events.OfType<TlsHandshakeCompleted>());
        Assert.Equal(["CN=www.lab.glasscom.com", "CN=Firstbyte Lab Root,O=Firstbyte"], completed.Chain.Select(certificate => certificate.Subject));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_")]
    [InlineData(TlsVersion.Tls13, "TLS_AES_")]
    public async Task The_seeded_client_speaks_with_the_platforms_server(TlsVersion version, string suite)
    {
        var (client, server) = await Shake(new BouncyCastleTlsProvider(_client), new SslStreamTlsProvider(_server),
            Trusting with { MaximumVersion = version, Alpn = ["http/1.1"] },
            new TlsServerOptions([_authority.Issue([Name])]) { Alpn = ["http/1.1"] });
        await Converse(client, server, version, suite);
    }

    /// <summary>The platform's client understands what the seeded server demands, and the platform's server takes and refuses what that one does.</summary>
    [Theory]
    [InlineData(TlsVersion.Tls12, false)]
    [InlineData(TlsVersion.Tls13, false)]
    [InlineData(TlsVersion.Tls12, true)]
    [InlineData(TlsVersion.Tls13, true)]
    public async Task A_certificate_of_a_client_is_shown_by_either_to_the_other(TlsVersion version, bool isServerThePlatforms)
    {
        ITlsProvider client = isServerThePlatforms ? new BouncyCastleTlsProvider(_client) : new SslStreamTlsProvider(_client);
        ITlsProvider server = isServerThePlatforms ? new SslStreamTlsProvider(_server) : new BouncyCastleTlsProvider(_server);
        var demand = new TlsServerOptions([_authority.Issue([Name])]) { ClientAnchors = [_authority.RootCertificate] };
        var shown = Trusting with { MaximumVersion = version, Certificate = _authority.IssueIdentity("nina", new CountedRandom(7)) };
        var (answer, other) = await Shake(client, server, shown, demand);
        Assert.Equal(ClientCertificateUse.Shown, Assert.IsType<TlsSession>(answer).ClientCertificate);
        Assert.IsType<TlsSession>(other);
    }

    [Theory]
    [InlineData(CertificateFlaw.Expired, CertificateFaultKind.Expired, 0)]
    [InlineData(CertificateFlaw.NotYetValid, CertificateFaultKind.NotYetValid, 0)]
    [InlineData(CertificateFlaw.WrongName, CertificateFaultKind.WrongName, 0)]
    [InlineData(CertificateFlaw.UnknownIssuer, CertificateFaultKind.UnknownIssuer, 0)]
    [InlineData(CertificateFlaw.SelfSigned, CertificateFaultKind.SelfSigned, 0)]
    [InlineData(CertificateFlaw.WeakSignature, CertificateFaultKind.WeakSignature, 0)]
    [InlineData(CertificateFlaw.BadUsage, CertificateFaultKind.BadUsage, 0)]
    public async Task The_platform_explains_a_fault_in_the_words_of_the_seeded_client(CertificateFlaw flaw, CertificateFaultKind kind, int position)
    {
        var (client, _) = await Shake(new SslStreamTlsProvider(_client), new BouncyCastleTlsProvider(_server),
            Trusting, new TlsServerOptions([_authority.Issue([Name], flaw)]));
        var failure = Assert.IsType<TlsFailure>(client);
        Assert.Equal(TlsFailureReason.CertificateRejected, failure.Reason);
        Assert.True(failure.Faults.Count == 1, string.Join(", ", failure.Faults.Select(fault => $"{fault.Kind} at {fault.Position}")));
        var fault = failure.Faults[0];
        Assert.Equal((kind, position, Name), (fault.Kind, fault.Position, fault.Wanted));
    }

    [Theory]
    [InlineData(CertificateFlaw.BadSignature)]
    [InlineData(CertificateFlaw.NotAnAuthority)]
    public async Task What_the_platforms_chain_engine_words_otherwise_is_rejected_all_the_same(CertificateFlaw flaw)
    {
        var (client, _) = await Shake(new SslStreamTlsProvider(_client), new BouncyCastleTlsProvider(_server),
            Trusting, new TlsServerOptions([_authority.Issue([Name], flaw)]));
        var failure = Assert.IsType<TlsFailure>(client);
        Assert.Equal(TlsFailureReason.CertificateRejected, failure.Reason);
        Assert.NotEmpty(failure.Faults);
    }

    [Fact]
    public async Task Faults_that_are_allowed_are_told_and_the_session_goes_on()
    {
        var (client, server) = await Shake(new SslStreamTlsProvider(_client), new BouncyCastleTlsProvider(_server),
            Trusting with { AllowFaults = true }, new TlsServerOptions([_authority.Issue([Name], CertificateFlaw.SelfSigned)]));
        Assert.Equal(CertificateFaultKind.SelfSigned, Assert.Single(Assert.IsType<TlsSession>(client).Faults).Kind);
        Assert.IsType<TlsSession>(server);
    }

    [Fact]
    public async Task Validity_is_judged_at_the_networks_clock()
    {
        var later = new QuietHost(seed: 1, DateTimeOffset.UtcNow.AddDays(200));
        var (client, _) = await Shake(new SslStreamTlsProvider(later), new BouncyCastleTlsProvider(_server), Trusting, new TlsServerOptions([_authority.Issue([Name])]));
        Assert.Equal(CertificateFaultKind.Expired, Assert.Single(Assert.IsType<TlsFailure>(client).Faults).Kind);
    }

    [Fact]
    public async Task The_servers_alert_is_read_from_its_record()
    {
        var (client, _) = await Shake(new SslStreamTlsProvider(_client), new BouncyCastleTlsProvider(_server),
            Trusting with { MaximumVersion = TlsVersion.Tls12 }, new TlsServerOptions([_authority.Issue([Name])]) { MinimumVersion = TlsVersion.Tls13 });
        var failure = Assert.IsType<TlsFailure>(client);
        Assert.Equal((TlsFailureReason.AlertReceived, TlsAlert.ProtocolVersion), (failure.Reason, failure.Alert));
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_a_protocol_error()
    {
        await _pipe.Server.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        var answer = await new SslStreamTlsProvider(_client).AuthenticateAsClientAsync(_pipe.Client, Trusting, default);
        Assert.Equal(TlsFailureReason.ProtocolError, Assert.IsType<TlsFailure>(answer).Reason);
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_handshake_is_told_as_ended()
    {
        _pipe.Server.Close();
        var answer = await new SslStreamTlsProvider(_client).AuthenticateAsClientAsync(_pipe.Client, Trusting, default);
        Assert.Equal(TlsFailureReason.ConnectionEnded, Assert.IsType<TlsFailure>(answer).Reason);
    }

    private static async Task Converse(TlsResult client, TlsResult server, TlsVersion version, string suite)
    {
        var (here, there) = (Assert.IsType<TlsSession>(client), Assert.IsType<TlsSession>(server));
        Assert.Equal((version, "http/1.1"), (here.Version, here.Alpn));
        Assert.Equal((here.Version, here.Suite, here.Alpn), (there.Version, there.Suite, there.Alpn));
        Assert.StartsWith(suite, here.Suite);
        Assert.Equal(Name, there.ServerName);
        var data = new byte[70_000];
        new CountedRandom(4).Fill(data);
        await here.Stream.SendAsync("question"u8.ToArray());
        Assert.Equal("question", Encoding.ASCII.GetString(await Read(there, 8)));
        await there.Stream.SendAsync(data);
        Assert.Equal(Convert.ToHexString(data), Convert.ToHexString(await Read(here, data.Length)));
        there.Stream.Close();
        Assert.Equal(0, await here.Stream.ReceiveAsync(new byte[1]));
        here.Stream.Close();
    }

    private static async Task<byte[]> Read(TlsSession session, int length)
    {
        var bytes = new byte[length];
        for (var have = 0; have < length;)
        {
            var count = await session.Stream.ReceiveAsync(bytes.AsMemory(have));
            Assert.True(count > 0, $"the stream ended after {have} of {length} bytes");
            have += count;
        }
        return bytes;
    }
}
