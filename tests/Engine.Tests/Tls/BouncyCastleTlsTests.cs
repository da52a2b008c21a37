using System.Text;
using Firstbyte.Errors;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

public class BouncyCastleTlsTests
{
    private const string Name = "www.lab.glasscom.com";

    private readonly QuietHost _client = new(seed: 1);
    private readonly QuietHost _server = new(seed: 2);
    private readonly LabCertificateAuthority _authority;
    private readonly MemoryPipe _pipe = new();

    public BouncyCastleTlsTests() => _authority = new LabCertificateAuthority(new CountedRandom(3), NetworkClock.Now(_client));

    private TlsClientOptions Trusting(string name = Name) => new(name) { TrustAnchors = [_authority.RootCertificate] };

    private async Task<(TlsResult Client, TlsResult Server)> Shake(TlsClientOptions client, TlsServerOptions server, EventLog? log = null, TlsKeyLog? keyLog = null)
    {
        var serving = new BouncyCastleTlsProvider(_server).AuthenticateAsServerAsync(_pipe.Server, server, default).AsTask();
        var answer = await new BouncyCastleTlsProvider(_client) { KeyLog = keyLog }
            .AuthenticateAsClientAsync(_pipe.Client, client, log?.Span(_client) ?? default);
        if (answer is TlsFailure) { _pipe.Client.Close(); }
        return (answer, await serving);
    }

    private async Task<(TlsSession Client, TlsSession Server)> Agree(TlsClientOptions client, TlsServerOptions server, EventLog? log = null, TlsKeyLog? keyLog = null)
    {
        var (answer, other) = await Shake(client, server, log, keyLog);
        return (Assert.IsType<TlsSession>(answer), Assert.IsType<TlsSession>(other));
    }

    private async Task<TlsFailure> Refuse(CertificateFlaw flaw, CertificateFaultKind expected, string name = Name)
    {
        var log = new EventLog();
        var (answer, other) = await Shake(Trusting(), new TlsServerOptions([_authority.Issue([name], flaw)]), log);
        var failure = Assert.IsType<TlsFailure>(answer);
        Assert.Equal(TlsFailureReason.CertificateRejected, failure.Reason);
        var fault = Assert.Single(failure.Faults);
        Assert.Equal(expected, fault.Kind);
        Assert.Equal(Name, fault.Wanted);
        Assert.Equal(failure.Alert, Assert.IsType<TlsFailure>(other).Alert);
        Assert.Equal(fault, Assert.Single(log.Events.OfType<CertificateFaultFound>()).Fault);
        Assert.Equal(TlsFailureReason.CertificateRejected, Assert.Single(log.Events.OfType<TlsHandshakeFailed>()).Reason);
        return failure;
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")]
    [InlineData(TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256")]
    public async Task Client_and_server_agree_and_bytes_go_both_ways(TlsVersion version, string suite)
    {
        var log = new EventLog();
        var (client, server) = await Agree(
            Trusting() with { Alpn = ["h2", "http/1.1"], MaximumVersion = version },
            new TlsServerOptions([_authority.Issue([Name, "192.0.2.226"])]) { Alpn = ["http/1.1"] }, log);
        Assert.Equal((version, suite, "http/1.1"), (client.Version, client.Suite, client.Alpn));
        Assert.Equal((version, suite, "http/1.1"), (server.Version, server.Suite, server.Alpn));
        Assert.Equal(Name, server.ServerName);
        Assert.Equal(["CN=www.lab.glasscom.com", "CN=Firstbyte Lab Root,O=Firstbyte"], client.Chain.Select(certificate => certificate.Subject));
        Assert.Equal([Name, "192.0.2.226"], client.Chain[0].Names);
        Assert.Equal("EC P-256", client.Chain[0].Key);
        await client.Stream.SendAsync("GET / HTTP/1.1"u8.ToArray());
        Assert.Equal("GET / HTTP/1.1", await Read(server, 14));
        await server.Stream.SendAsync("200 OK"u8.ToArray());
        Assert.Equal("200 OK", await Read(client, 6));
        Assert.DoesNotContain("GET /", Encoding.ASCII.GetString(_pipe.Up.Log.ToArray()));
        Assert.Equal(Name, Assert.Single(log.Events.OfType<TlsHandshakeStarted>()).ServerName);
        var completed = Assert.Single(log.Events.OfType<TlsHandshakeCompleted>());
        Assert.Equal((version, suite, 2), (completed.Version, completed.Suite, completed.Chain.Length));
    }

    /// <summary>What each flaw of a client's certificate is called (RFC 8446 section 6.2, RFC 5246 section 7.2.2).</summary>
    [Theory]
    [InlineData(CertificateFlaw.None, null)]
    [InlineData(CertificateFlaw.Expired, TlsAlert.CertificateExpired)]
    [InlineData(CertificateFlaw.NotYetValid, TlsAlert.CertificateExpired)]
    [InlineData(CertificateFlaw.UnknownIssuer, TlsAlert.UnknownCa)]
    [InlineData(CertificateFlaw.SelfSigned, TlsAlert.UnknownCa)]
    [InlineData(CertificateFlaw.BadUsage, TlsAlert.UnsupportedCertificate)]
    [InlineData(CertificateFlaw.BadSignature, TlsAlert.BadCertificate)]
    [InlineData(CertificateFlaw.WeakSignature, TlsAlert.BadCertificate)]
    [InlineData(CertificateFlaw.NotAnAuthority, TlsAlert.BadCertificate)]
    public async Task A_clients_certificate_is_judged_when_the_server_demands_one(CertificateFlaw flaw, TlsAlert? alert)
    {
        foreach (var version in (TlsVersion[])[TlsVersion.Tls12, TlsVersion.Tls13])
        {
            var shown = _authority.IssueIdentity("nina", new CountedRandom(7), flaw);
            Assert.Equal((ClientCertificateUse.Shown, alert), await Demand(Trusting() with { Certificate = shown, MaximumVersion = version }));
        }
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, TlsAlert.HandshakeFailure)]
    [InlineData(TlsVersion.Tls13, TlsAlert.CertificateRequired)]
    public async Task A_client_that_shows_nothing_is_told_that_a_certificate_is_required(TlsVersion version, TlsAlert alert) =>
        Assert.Equal((ClientCertificateUse.Missing, alert), await Demand(Trusting() with { MaximumVersion = version }));

    [Fact]
    public async Task A_certificate_is_not_shown_to_a_server_that_does_not_ask()
    {
        var (client, server) = await Agree(
            Trusting() with { Certificate = _authority.IssueIdentity("nina", new CountedRandom(7)) }, new TlsServerOptions([_authority.Issue([Name])]));
        Assert.Equal(ClientCertificateUse.NotAsked, client.ClientCertificate);
        Assert.Empty(server.Chain);
    }

    /// <summary>Who has a certificate issued changes nothing of what else the authority issues.</summary>
    [Fact]
    public void An_identity_is_the_same_whenever_it_is_issued_and_leaves_the_rest_as_it_is()
    {
        var other = new LabCertificateAuthority(new CountedRandom(3), NetworkClock.Now(_client));
        var early = other.IssueIdentity("nina", new CountedRandom(7));
        Assert.Equal(_authority.Issue([Name]).Chain[0], other.Issue([Name]).Chain[0]);
        var late = _authority.IssueIdentity("nina", new CountedRandom(7));
        Assert.Equal(early.Chain[0], late.Chain[0]);
        Assert.Equal(early.PrivateKey, late.PrivateKey);
    }

    // In version 1.3 the client has finished before the server has judged.
    private async Task<(ClientCertificateUse Use, TlsAlert? Alert)> Demand(TlsClientOptions options)
    {
        var pipe = new MemoryPipe();
        var demand = new TlsServerOptions([_authority.Issue([Name])]) { ClientAnchors = [_authority.RootCertificate] };
        var serving = new BouncyCastleTlsProvider(_server).AuthenticateAsServerAsync(pipe.Server, demand, default).AsTask();
        var answer = await new BouncyCastleTlsProvider(_client).AuthenticateAsClientAsync(pipe.Client, options, default);
        if (await serving is TlsFailure refusal)
        {
            Assert.Equal(TlsFailureReason.CertificateRejected, refusal.Reason);
            pipe.Server.Close();
            if (answer is TlsFailure { Reason: var reason, Alert: var early })
            {
                var use = reason == TlsFailureReason.ClientCertificateMissing ? ClientCertificateUse.Missing : ClientCertificateUse.Shown;
                return (use, early);
            }
            var session = Assert.IsType<TlsSession>(answer);
            await Assert.ThrowsAsync<NetworkException>(async () => await session.Stream.ReceiveAsync(new byte[1]));
            return (session.ClientCertificate, session.AlertSince());
        }
        return (Assert.IsType<TlsSession>(answer).ClientCertificate, null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task It_does_not_matter_where_the_transport_cuts(int pieceLength)
    {
        _pipe.Up.PieceLength = _pipe.Down.PieceLength = pieceLength;
        var (client, server) = await Agree(Trusting(), new TlsServerOptions([_authority.Issue([Name])]));
        var data = new byte[100_000];
        new CountedRandom(9).Fill(data);
        await server.Stream.SendAsync(data);
        server.Stream.Close();
        var received = new MemoryStream();
        var buffer = new byte[999];
        for (int count; (count = await client.Stream.ReceiveAsync(buffer)) > 0;) { received.Write(buffer, 0, count); }
        Assert.True(data.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public async Task The_same_seeds_give_the_same_bytes_and_the_same_secrets(TlsVersion version)
    {
        var (first, firstSecrets) = await Record(version, seed: 5);
        var (again, againSecrets) = await Record(version, seed: 5);
        var (other, _) = await Record(version, seed: 6);
        Assert.Equal(first, again);
        Assert.Equal(firstSecrets, againSecrets);
        Assert.NotEqual(first, other);
        Assert.Equal(version == TlsVersion.Tls13
            ? ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"]
            : ["CLIENT_RANDOM"], firstSecrets.Select(line => line.Split(' ')[0]));
        Assert.All(firstSecrets, line => Assert.Matches("^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$", line));
    }

    private static async Task<(string Bytes, IReadOnlyList<string> Secrets)> Record(TlsVersion version, long seed)
    {
        var client = new QuietHost(seed);
        var authority = new LabCertificateAuthority(new CountedRandom(seed), NetworkClock.Now(client));
        var pipe = new MemoryPipe();
        var secrets = new TlsKeyLog();
        var serving = new BouncyCastleTlsProvider(new QuietHost(seed + 100))
            .AuthenticateAsServerAsync(pipe.Server, new TlsServerOptions([authority.Issue([Name])]), default).AsTask();
        var options = new TlsClientOptions(Name) { TrustAnchors = [authority.RootCertificate], MaximumVersion = version };
        var session = Assert.IsType<TlsSession>(await new BouncyCastleTlsProvider(client) { KeyLog = secrets }.AuthenticateAsClientAsync(pipe.Client, options, default));
        await session.Stream.SendAsync("hello"u8.ToArray());
        session.Stream.Close();
        await serving;
        return (Convert.ToHexString(pipe.Up.Log.ToArray()) + "|" + Convert.ToHexString(pipe.Down.Log.ToArray()), secrets.Lines);
    }

    [Fact]
    public async Task An_expired_certificate_is_told_with_its_dates()
    {
        var failure = await Refuse(CertificateFlaw.Expired, CertificateFaultKind.Expired);
        Assert.Equal(TlsAlert.CertificateExpired, failure.Alert);
        Assert.True(failure.Faults[0].NotAfter < failure.Faults[0].JudgedAt);
        Assert.Equal(NetworkClock.Now(_client), failure.Faults[0].JudgedAt);
    }

    [Fact]
    public async Task A_certificate_from_the_future_is_not_valid_yet()
    {
        var failure = await Refuse(CertificateFlaw.NotYetValid, CertificateFaultKind.NotYetValid);
        Assert.True(failure.Faults[0].NotBefore > failure.Faults[0].JudgedAt);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_told_with_its_names()
    {
        var failure = await Refuse(CertificateFlaw.WrongName, CertificateFaultKind.WrongName);
        Assert.Equal(["elsewhere.invalid"], failure.Faults[0].Names);
    }

    [Fact]
    public async Task An_unknown_issuer_is_named()
    {
        var failure = await Refuse(CertificateFlaw.UnknownIssuer, CertificateFaultKind.UnknownIssuer);
        Assert.Equal("CN=Nobody's Root,O=Firstbyte", failure.Faults[0].Issuer);
        Assert.Equal(TlsAlert.UnknownCa, failure.Alert);
    }

    [Fact]
    public async Task A_certificate_that_vouches_for_itself_is_self_signed()
    {
        var failure = await Refuse(CertificateFlaw.SelfSigned, CertificateFaultKind.SelfSigned);
        Assert.Equal(failure.Faults[0].Subject, failure.Faults[0].Issuer);
    }

    [Fact]
    public async Task A_forged_signature_is_bad() => await Refuse(CertificateFlaw.BadSignature, CertificateFaultKind.BadSignature);

    [Fact]
    public async Task A_signature_over_SHA_1_is_weak() => await Refuse(CertificateFlaw.WeakSignature, CertificateFaultKind.WeakSignature);

    [Fact]
    public async Task A_key_for_mail_may_not_serve() => await Refuse(CertificateFlaw.BadUsage, CertificateFaultKind.BadUsage);

    [Fact]
    public async Task A_server_is_no_authority()
    {
        var failure = await Refuse(CertificateFlaw.NotAnAuthority, CertificateFaultKind.NotAnAuthority);
        Assert.Equal((1, "CN=server.invalid"), (failure.Faults[0].Position, failure.Faults[0].Subject));
    }

    [Fact]
    public async Task A_certificate_that_is_an_anchor_itself_may_be_self_signed()
    {
        var own = _authority.Issue([Name], CertificateFlaw.SelfSigned);
        var (client, _) = await Agree(new TlsClientOptions(Name) { TrustAnchors = [own.Chain[0]] }, new TlsServerOptions([own]));
        Assert.Empty(client.Faults);
    }

    [Fact]
    public async Task Faults_that_are_allowed_are_told_and_the_session_goes_on()
    {
        var log = new EventLog();
        var (client, server) = await Agree(Trusting() with { AllowFaults = true }, new TlsServerOptions([_authority.Issue([Name], CertificateFlaw.Expired)]), log);
        Assert.Equal(CertificateFaultKind.Expired, Assert.Single(client.Faults).Kind);
        Assert.True(Assert.Single(log.Events.OfType<CertificateFaultFound>()).Allowed);
        await client.Stream.SendAsync("still"u8.ToArray());
        Assert.Equal("still", await Read(server, 5));
    }

    [Fact]
    public async Task The_roots_of_the_hosts_file_are_trusted_when_the_client_names_none()
    {
        _client.Documents[BouncyCastleTlsProvider.TrustedRoots] = [.. "# roots of this host\n"u8, .. _authority.RootCertificateFile];
        var (client, _) = await Agree(new TlsClientOptions(Name), new TlsServerOptions([_authority.Issue([Name])]));
        Assert.Equal(2, client.Chain.Count);
    }

    [Fact]
    public async Task Without_any_root_nobody_is_trusted()
    {
        var (client, _) = await Shake(new TlsClientOptions(Name), new TlsServerOptions([_authority.Issue([Name])]));
        Assert.Equal(CertificateFaultKind.UnknownIssuer, Assert.Single(Assert.IsType<TlsFailure>(client).Faults).Kind);
    }

    [Fact]
    public async Task A_server_shows_the_certificate_of_the_name_that_was_asked()
    {
        var (client, _) = await Agree(Trusting("b.example.test"), new TlsServerOptions([_authority.Issue(["a.example.test"]), _authority.Issue(["*.example.test"])]));
        Assert.Equal(["*.example.test"], client.Chain[0].Names);
    }

    [Fact]
    public async Task An_address_is_matched_and_not_sent_as_a_name()
    {
        var (client, server) = await Agree(Trusting("192.0.2.226"), new TlsServerOptions([_authority.Issue([Name, "192.0.2.226"])]));
        Assert.Null(server.ServerName);
        Assert.Empty(client.Faults);
    }

    [Fact]
    public async Task Without_a_common_version_the_server_says_so()
    {
        var (client, server) = await Shake(
            Trusting() with { MaximumVersion = TlsVersion.Tls12 },
            new TlsServerOptions([_authority.Issue([Name])]) { MinimumVersion = TlsVersion.Tls13 });
        var failure = Assert.IsType<TlsFailure>(client);
        Assert.Equal((TlsFailureReason.AlertReceived, TlsAlert.ProtocolVersion), (failure.Reason, failure.Alert));
        Assert.Equal(TlsAlert.ProtocolVersion, Assert.IsType<TlsFailure>(server).Alert);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_a_protocol_error()
    {
        await _pipe.Server.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        var answer = await new BouncyCastleTlsProvider(_client).AuthenticateAsClientAsync(_pipe.Client, Trusting(), default);
        Assert.Equal(TlsFailureReason.ProtocolError, Assert.IsType<TlsFailure>(answer).Reason);
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_handshake_is_told_as_ended()
    {
        _pipe.Server.Close();
        var answer = await new BouncyCastleTlsProvider(_client).AuthenticateAsClientAsync(_pipe.Client, Trusting(), default);
        Assert.Equal(TlsFailureReason.ConnectionEnded, Assert.IsType<TlsFailure>(answer).Reason);
    }

    [Fact]
    public async Task A_transport_that_is_closed_is_told_with_its_errno()
    {
        _pipe.Client.Close();
        var answer = await new BouncyCastleTlsProvider(_client).AuthenticateAsClientAsync(_pipe.Client, Trusting(), default);
        var failure = Assert.IsType<TlsFailure>(answer);
        Assert.Equal((TlsFailureReason.TransportFailed, Errno.EPIPE), (failure.Reason, failure.Error));
    }

    [Fact]
    public async Task A_byte_that_was_changed_on_the_way_ends_the_session()
    {
        var (client, server) = await Agree(Trusting(), new TlsServerOptions([_authority.Issue([Name])]));
        _pipe.Down.OnTheWay = bytes =>
        {
            bytes[^1] ^= 1;
            return bytes;
        };
        await server.Stream.SendAsync("secret"u8.ToArray());
        var failure = await Assert.ThrowsAsync<Firstbyte.Sockets.NetworkException>(async () => await client.Stream.ReceiveAsync(new byte[10]));
        Assert.Equal(Errno.ECONNABORTED, failure.Error);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public async Task Each_direction_ends_on_its_own(TlsVersion version)
    {
        var (client, server) = await Agree(Trusting() with { MaximumVersion = version }, new TlsServerOptions([_authority.Issue([Name])]));
        await client.Stream.SendAsync("all I have"u8.ToArray());
        client.Stream.ShutdownSend();
        Assert.Equal("all I have", await Read(server, 10));
        Assert.Equal(0, await server.Stream.ReceiveAsync(new byte[1]));
        await server.Stream.SendAsync("and the answer"u8.ToArray());
        server.Stream.Close();
        Assert.Equal("and the answer", await Read(client, 14));
        Assert.Equal(0, await client.Stream.ReceiveAsync(new byte[1]));
        Assert.True(_pipe.Down.Ended);
    }

    private static async Task<string> Read(TlsSession session, int length)
    {
        var bytes = new byte[length];
        for (var have = 0; have < length;)
        {
            var count = await session.Stream.ReceiveAsync(bytes.AsMemory(have));
            Assert.True(count > 0, $"the stream ended after {have} of {length} bytes");
            have += count;
        }
        return Encoding.ASCII.GetString(bytes);
    }
}
