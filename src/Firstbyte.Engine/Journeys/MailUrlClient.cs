using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Mail;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>mailto: writes the message that the URL asks for and shows it; sends it where the run says so.</summary>
/// <remarks>
/// Theory of operation. The message is the journey's content, sent or not. It is sent by the run's smarthost, once for all recipients; or without one, domain
/// by domain, to the hosts that take mail for it (RFC 5321 5.1): by MX records in the order of their preferences, those of one preference at random; the
/// domain's own address where there is no such record; nowhere where the domain takes no mail (RFC 7505). The next host is asked when one cannot be reached,
/// or puts the message off before it has said anything of a recipient. Between servers TLS is used where it is offered, whoever's certificate it is (RFC
/// 7435); a smarthost on a port of submission has to have it, with a certificate that stands. Proxies are not used.
/// </remarks>
internal sealed class MailUrlClient(ClientContext context) : IUrlClient
{
    private const int NonceBytes = 18;

    /// <inheritdoc/>
    public bool GoesByProxies => false;

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var options = context.Options.Mail;
        var fault = MailtoUrl.TryRead(journey.Url.Pathname, journey.Url.Search, out var url, out var part);
        if (fault != MailtoFault.None) { return journey.Fail(new MailtoUnusable(fault, part)); }
        using var message = new MailComposer(url!, options.Sender, context.Network);
        TellComposed(journey, url!, message);
        try
        {
            journey.Sink.Begin(new ContentDescription(message.SevenBit.Length, "message/rfc822"));
            await journey.Sink.WriteAsync(message.SevenBit, cancellationToken);
        }
        catch (IOException e) { return journey.Fail(new BodyUnsaved(IoErrors.ToErrno(e), 0)); }
        var end = new JourneyEnd(0, null, message.SevenBit.Length);
        if (!options.Sends) { return journey.Succeed(end); }
        if (options.Sender is null) { return journey.Fail(new MailtoUnusable(MailtoFault.NoSender, ""), end); }
        var delivery = new Delivery(context, journey, message, options, cancellationToken);
        MailAddress[] recipients = [.. url!.Recipients];
        if (options.Smarthost is not null) { await delivery.BySmarthostAsync(recipients); }
        else
        {
            // One domain's fault is not another's.
            foreach (var domain in recipients.GroupBy(static one => one.Domain, StringComparer.Ordinal))
            {
                await delivery.ToDomainAsync(domain.Key, [.. domain]);
            }
        }
        end = end with { Status = delivery.Last?.Code ?? 0, Reason = delivery.Last?.Text };
        return delivery.Failure is { } failure ? journey.Fail(failure, end) : journey.Succeed(end);
    }

    /// <inheritdoc/>
    public void Dispose() { /* A message's connection ends with it. */ }

    private void TellComposed(Journey journey, MailtoUrl url, MailComposer message)
    {
        if (!journey.Span.IsListening) { return; }
        journey.Span.Tell(new MailComposed(
            context.Options.Mail.Sender?.ToString() ?? "", Texts(url.To), Texts(url.Cc), Texts(url.Bcc), url.Subject ?? "", message.SevenBit.Length));
        foreach (var field in url.Ignored) { journey.Span.Tell(new MailFieldIgnored(field.Name, field.Reason)); }
    }

    private static string[] Texts(MailAddress[] addresses) => [.. addresses.Select(static one => one.ToString())];

    /// <summary>One message on its way to everybody.</summary>
    private sealed class Delivery(ClientContext context, Journey journey, MailComposer message, MailOptions options, CancellationToken cancellationToken)
    {
        /// <summary>What went wrong first; null while all has gone well.</summary>
        public JourneyFailure? Failure { get; private set; }

        /// <summary>What a server has said last of the message.</summary>
        public SmtpReply? Last { get; private set; }

        // Where nobody else demands it.
        private SmtpSecurity Unasked => context.Options.RequiresTls ? SmtpSecurity.Required : SmtpSecurity.Opportunistic;

        public async ValueTask BySmarthostAsync(MailAddress[] recipients)
        {
            var security = options.SmarthostPort switch
            {
                MailOptions.SubmissionsPort => SmtpSecurity.Implicit,
                MailOptions.SubmissionPort => SmtpSecurity.Required,
                _ => Unasked,
            };
            var credentials = context.Options.Mail.Sends && journey.Request.Credentials is { } who
                ? new SmtpCredentials(who.User, journey.Request.BearerToken is null ? who.Password : null, journey.Request.BearerToken) : null;
            Note(await HandOverAsync(new Origin("smtp", options.Smarthost!, options.SmarthostPort), security, credentials, recipients,
                // A password is for one server alone; without one, TLS that may be left out proves nothing.
                verifies: security != SmtpSecurity.Opportunistic || credentials is not null));
        }

        public async ValueTask ToDomainAsync(string domain, MailAddress[] recipients)
        {
            var (hosts, failure) = await ExchangersAsync(domain);
            for (var i = 0; i < hosts.Length; i++)
            {
                failure = await HandOverAsync(
                    new Origin("smtp", hosts[i], MailOptions.RelayPort), Unasked, null, recipients, verifies: context.Options.RequiresTls);
                if (!MayTryNext(failure)) { break; }
            }
            if (hosts.Length == 0) { TellAll(recipients, domain, isSent: false, 0, ""); }
            Note(failure);
        }

        // RFC 5321 5.1: the next one, when this one cannot be reached or is not ready now.
        private static bool MayTryNext(JourneyFailure? failure) =>
            failure is NotConnected or NameFailure or ResponseUnreceived or MailReplyUnreadable
                or MailRefused { Fault: SmtpFault.NotReady or SmtpFault.ServerCloses } or MailRefused { Fault: SmtpFault.HelloRefused };

        private void Note(JourneyFailure? failure) => Failure ??= failure;

        private async ValueTask<(string[] Hosts, JourneyFailure? Failure)> ExchangersAsync(string domain)
        {
            if (domain.StartsWith('[')) { return ([domain], null); }
            if (!DnsName.TryParse(domain, out var name)) { return ([], new NotADomainName(domain)); }
            using var _ = journey.Doing(JourneyStep.Name);
            var how = new ResolutionOptions { Fresh = context.Options.FreshNames, IsAbsolute = true };
            var outcome = await context.Resolver.ResolveAsync(name, RecordType.MX, how, journey.Span, cancellationToken);
            if (outcome is not ResolvedAnswer answer) { return ([], ClientContext.NameFailureOf(domain, outcome)); }
            if (answer.Code == ResponseCode.NameError) { return ([], ClientContext.NameFailureOf(domain, outcome)); }
            MxData[] records = [.. answer.Records.Where(static record => record.Type == RecordType.MX).Select(static record => record.Data).OfType<MxData>()];
            if (records.Length == 1 && records[0].Exchange.IsRoot) { return ([], new MailNotTaken(domain)); }
            var hosts = Ordered(records);
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(new MailExchangersFound(domain, hosts.Length > 0 ? hosts : [new MailExchanger(0, domain)], IsImplicit: hosts.Length == 0));
            }
            return (hosts.Length > 0 ? [.. hosts.Select(static one => one.Host)] : [domain], null);
        }

        // By preference, and at random among the same (RFC 5321 5.1).
        private MailExchanger[] Ordered(MxData[] records)
        {
            var lots = new byte[4 * records.Length];
            context.Network.Random.Fill(lots);
            return
            [
                .. records.Select((record, i) => (Record: record, Lot: BitConverter.ToUInt32(lots, 4 * i)))
                    .Where(static one => !one.Record.Exchange.IsRoot).OrderBy(static one => one.Record.Preference).ThenBy(static one => one.Lot)
                    .Select(static one => new MailExchanger(one.Record.Preference, one.Record.Exchange.ToHostString())).Take(MailLimits.Exchangers),
            ];
        }

        private async ValueTask<JourneyFailure?> HandOverAsync(
            Origin origin, SmtpSecurity security, SmtpCredentials? credentials, MailAddress[] recipients, bool verifies)
        {
            journey.Peer = origin;
            var host = origin.Host is ['[', .. var literal, ']'] ? literal.Replace("IPv6:", "", StringComparison.OrdinalIgnoreCase) : origin.Host;
            var (addresses, noName) = await context.FindAsync(journey, host, origin.Port, cancellationToken);
            if (noName is not null) { return Refused(noName); }
            var (connected, unreached) = await context.ReachAsync(journey, origin, host, addresses, cancellationToken);
            if (connected is null) { return Refused(unreached!); }
            JourneyFailure? insecure = null;
            async ValueTask<IByteStream?> SecureAsync(CancellationToken stop)
            {
                var (session, failure) = await context.SecureAsync(journey, origin, host, connected, [], stop, allowsFaults: !verifies);
                insecure = failure;
                return session?.Stream;
            }

            var stream = security == SmtpSecurity.Implicit ? await SecureAsync(cancellationToken) : connected.Stream;
            if (stream is null)
            {
                connected.Stream.Close();
                return Refused(insecure!);
            }
            var nonce = new byte[NonceBytes];
            context.Network.Random.Fill(nonce);
            var own = connected.Socket.LocalEndpoint!.Value.Address;
            var task = new SmtpTask(own.IsV4 ? $"[{own}]" : $"[IPv6:{own}]", options.Sender!, recipients, message.SevenBit.Length)
            {
                Security = security,
                Credentials = credentials,
                Nonce = Convert.ToBase64String(nonce),
                HasEightBit = message.HasEightBit,
            };
            using var connection = new SmtpConnection(stream, context.Network, connected.Span, SecureAsync);
            SmtpResult result;
            using (journey.Doing(JourneyStep.Write))
            {
                try { result = await connection.RunAsync(task, message, cancellationToken); }
                finally
                {
                    journey.IsUnconfirmed = connection.AwaitsVerdict;
                    if (connection.AwaitsVerdict) { journey.Step = JourneyStep.Read; }
                }
            }
            Last = result.Reply ?? Last;
            if (result is { ReplyFault: SmtpReplyFault.None, Error: Errno.None, IsInsecure: false }) { await connection.QuitAsync(cancellationToken); }
            var judged = Judge(origin, result, recipients, insecure);
            if (!journey.IsUnconfirmed) { return judged; }
            journey.IsUnconfirmed = false;
            return judged is null ? null : new MailUnconfirmed(origin, judged);

            JourneyFailure Refused(JourneyFailure failure)
            {
                TellAll(recipients, origin.ToString(), isSent: false, 0, "");
                return failure;
            }
        }

        private JourneyFailure? Judge(Origin origin, SmtpResult result, MailAddress[] recipients, JourneyFailure? insecure)
        {
            // A conversation that broke has no last word.
            var verdict = result is { ReplyFault: SmtpReplyFault.None, Error: Errno.None, IsInsecure: false } ? result.Reply : null;
            foreach (var one in result.Recipients)
            {
                var isSent = result.IsSent && one.IsAccepted;
                Tell(one.Address, origin.ToString(), isSent, one.IsAccepted ? verdict?.Code ?? 0 : one.Code,
                    one.IsAccepted ? verdict?.Text ?? "" : one.Text);
            }
            if (result.Recipients.Count < recipients.Length)
            {
                TellAll(recipients[result.Recipients.Count..], origin.ToString(), isSent: false, verdict?.Code ?? 0, verdict?.Text ?? "");
            }
            if (result.IsInsecure) { return insecure!; }
            if (result.ReplyFault != SmtpReplyFault.None) { return new MailReplyUnreadable(origin, result.ReplyFault); }
            if (result.Error != Errno.None) { return new ResponseUnreceived(origin, result.Error, 0); }
            if (result.Fault == SmtpFault.None) { return null; }
            var refused = result.Recipients.FirstOrDefault(static one => !one.IsAccepted);
            // What is said of the message does not tell why a recipient is refused.
            return result.Fault is SmtpFault.SomeRecipientsRefused or SmtpFault.RecipientsRefused && refused is not null
                ? new MailRefused(origin, result.Fault, "RCPT", refused.Code, refused.Text)
                : new MailRefused(origin, result.Fault, result.Command, result.Reply?.Code ?? 0, result.Reply?.Text ?? "");
        }

        private void TellAll(MailAddress[] recipients, string host, bool isSent, int code, string text)
        {
            foreach (var one in recipients) { Tell(one, host, isSent, code, text); }
        }

        private void Tell(MailAddress address, string host, bool isSent, int code, string text)
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new MailRecipientAnswered(address.ToString(), host, isSent, code, text)); }
        }
    }
}
