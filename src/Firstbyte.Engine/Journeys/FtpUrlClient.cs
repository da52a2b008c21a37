using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Ftp;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>
/// ftp and ftps: name, control connection, conversation, data connection. A URL that ends in '/' is a directory; with something to upload
/// the file goes there.
/// </summary>
internal sealed class FtpUrlClient(ClientContext context) : IUrlClient
{
    private readonly List<(Route Route, string User, string Password, FtpConnection Connection, FtpChannels Channels)> _idle = [];

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var upload = journey.Request.IsUpload ? journey.Request.Body : null;
        if (upload is { IsSpent: true }) { return journey.Fail(new BodyNotRepeatable(journey.Origin, upload.Origin, RepeatCause.NextUrl, 0)); }
        var fault = FtpPath.TryRead(journey.Url.Pathname, out var path);
        var (user, password) = CredentialsOf(journey);
        if (fault != FtpPathFault.None || HoldsLineEnd(user) || HoldsLineEnd(password))
        {
            return journey.Fail(new FtpPathUnusable(fault == FtpPathFault.None ? FtpPathFault.ControlCharacter : fault));
        }
        if (upload is not null && path!.IsDirectory) { return journey.Fail(new FtpPathUnusable(FtpPathFault.NoFile)); }
        var task = new FtpTask(
            upload is not null ? FtpOperation.Store
            : journey.Request.Method == "HEAD" ? FtpOperation.Look
            : path!.IsDirectory || path.ListsNames ? FtpOperation.List : FtpOperation.Retrieve,
            path!)
        {
            User = user,
            Password = password,
            Security = journey.Url.Scheme == "ftps" ? FtpSecurity.Implicit : context.Options.RequiresTls ? FtpSecurity.Explicit : FtpSecurity.None,
            Offset = journey.Request.ResumeAt,
            Range = journey.Request.ResumeAt == 0 && journey.Request.Range is { } range ? FtpRange.TryRead(range) : null,
            UploadLength = upload?.Length,
        };
        var (connection, channels, failed) = await OpenAsync(journey, task, cancellationToken);
        return failed is not null ? journey.Fail(failed) : await DoAsync(journey, task, upload, connection!, channels!, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, _, connection, _) in _idle) { connection.Dispose(); }
    }

    private async ValueTask<(FtpConnection? Connection, FtpChannels? Channels, JourneyFailure? Failure)> OpenAsync(
        Journey journey, FtpTask task, CancellationToken cancellationToken)
    {
        var index = _idle.FindIndex(one => one.Route == RouteOf(journey) && one.User == task.User && one.Password == task.Password);
        if (index >= 0)
        {
            var (_, _, _, kept, places) = _idle[index];
            _idle.RemoveAt(index);
            places.Journey = journey;
            return (kept, places, null);
        }
        var (addresses, noName) = await context.FindPeerAsync(journey, cancellationToken);
        if (noName is not null) { return (null, null, noName); }
        var (control, unreached) = await context.ConnectAsync(journey, journey.Origin, addresses, cancellationToken);
        if (control is null) { return (null, null, unreached); }
        var channels = new FtpChannels(context, journey, control);
        if (task.Security != FtpSecurity.Implicit) { return (new FtpConnection(control.Stream, channels, context.Network, control.Span), channels, null); }
        var stream = await channels.SecureControlAsync(cancellationToken);
        return stream is null ? (null, null, channels.Failure) : (new FtpConnection(stream, channels, context.Network, control.Span), channels, null);
    }

    private static Route RouteOf(Journey journey) => new(journey.Origin, journey.Proxy?.Address);

    private async ValueTask<JourneyResult> DoAsync(
        Journey journey, FtpTask task, IBodySource? upload, FtpConnection connection, FtpChannels channels, CancellationToken cancellationToken)
    {
        var isKept = false;
        try
        {
            FtpResult result;
            using (journey.Doing(JourneyStep.Read))
            {
                result = await connection.RunAsync(
                    task with { IsV6 = !channels.LocalAddress.IsV4 }, journey.Sink, upload, cancellationToken);
            }
            var end = new JourneyEnd(result.Reply?.Code ?? 0, result.Reply?.Text, result.Bytes);
            if (context.Options.KeepConnections && connection.MayReuse)
            {
                isKept = true;
                _idle.Add((RouteOf(journey), task.User, task.Password, connection, channels));
            }
            else if (result.ReplyFault == FtpReplyFault.None && result.Error == Errno.None && !result.IsInsecure)
            {
                await connection.QuitAsync(cancellationToken);
            }
            return result.Succeeded ? journey.Succeed(end) : journey.Fail(FailureOf(result, journey, channels), end);
        }
        finally
        {
            if (!isKept) { connection.Dispose(); }
        }
    }

    private static JourneyFailure FailureOf(FtpResult result, Journey journey, FtpChannels channels)
    {
        if (result.SourceError != Errno.None) { return new BodyUnreadable(journey.Request.Body!.Origin, result.SourceError, result.Bytes); }
        if (result.SinkError != Errno.None) { return new BodyUnsaved(result.SinkError, result.Bytes); }
        if (result.IsInsecure || (result.Fault == FtpFault.DataUnconnected && channels.Failure is not null)) { return channels.Failure!; }
        if ((result.ReplyFault != FtpReplyFault.None || result.Error != Errno.None) && channels.OfClientCertificate() is { } own)
        {
            return new HandshakeFailed(journey.Origin, own, [], channels.Session!.AlertSince(), null);
        }
        if (result.ReplyFault != FtpReplyFault.None) { return new FtpReplyUnreadable(journey.Origin, result.ReplyFault); }
        if (result.Error != Errno.None) { return new ResponseUnreceived(journey.Origin, result.Error, result.Bytes); }
        return new FtpRefused(journey.Origin, result.Fault, result.Command, result.Reply?.Code ?? 0, result.Reply?.Text ?? "");
    }

    private (string User, string Password) CredentialsOf(Journey journey) =>
        context.CredentialsOf(journey) is { Credentials: { User.Length: > 0 } known }
            ? (known.User, known.Password)
            : (FtpTask.Anonymous, FtpTask.AnonymousPassword);

    private static bool HoldsLineEnd(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;

    /// <summary>The connections of one control connection, made by the run's connector and told on its journey.</summary>
    private sealed class FtpChannels(ClientContext context, Journey journey, Connected control) : IFtpChannels
    {
        // curl: accepttimeout is 60 s.
        private static readonly TimeSpan s_accepting = TimeSpan.FromSeconds(60);

        // A stranger's connections are turned away; this many, and somebody is playing.
        private const int Strangers = 16;

        private Connected? _data;

        public Journey Journey { get; set; } = journey;

        public JourneyFailure? Failure { get; private set; }

        /// <summary>TLS on the control connection; null where there is none.</summary>
        public TlsSession? Session { get; private set; }

        public IpAddress LocalAddress => control.Socket.LocalEndpoint!.Value.Address;

        public async ValueTask<FtpDataConnection?> ConnectAsync(ushort port, CancellationToken cancellationToken)
        {
            var (data, failure) = await context.ConnectAsync(Journey, Journey.Origin with { Port = port }, [control.Remote.Address], cancellationToken);
            Failure = failure;
            _data = data;
            return data is null ? null : new FtpDataConnection(data.Socket.Descriptor, data.Socket.LocalEndpoint!.Value, data.Remote, data.Stream);
        }

        public ISocket? Listen()
        {
            // Nobody comes to this host by way of a proxy.
            if (Journey.Proxy is not null) { return null; }
            var socket = context.Network.CreateSocket(LocalAddress.Version, SocketKind.Stream);
            try
            {
                socket.Bind(new Endpoint(LocalAddress, 0));
                socket.Listen(1);
                return socket;
            }
            catch (NetworkException)
            {
                // That there is no place to listen at is what null says.
                socket.Close();
                return null;
            }
        }

        public async ValueTask<FtpDataConnection?> AcceptAsync(ISocket listener, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(s_accepting, context.Network.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                for (var strangers = 0; strangers < Strangers; strangers++)
                {
                    var socket = await listener.AcceptAsync(both.Token);
                    if (socket.RemoteEndpoint is { } remote && remote.Address == control.Remote.Address)
                    {
                        return new FtpDataConnection(socket.Descriptor, socket.LocalEndpoint!.Value, remote, new SocketByteStream(socket));
                    }
                    socket.Close();
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested) { /* Nobody came, which is what null says. */ }
            return null;
        }

        public async ValueTask<IByteStream?> SecureControlAsync(CancellationToken cancellationToken)
        {
            var (session, failure) = await context.SecureAsync(Journey, Journey.Origin, Journey.Host, control, [], cancellationToken);
            (Failure, Session) = (failure, session);
            return session?.Stream;
        }

        // In TLS 1.3 a server judges the client's certificate after the handshake (RFC 8446 section 4.4.2.4): its alert comes where a reply would.
        public TlsFailureReason? OfClientCertificate() =>
            Session is { } session ? TlsFailureReasons.OfClientCertificate(session.ClientCertificate, session.AlertSince()) : null;

        public async ValueTask<IByteStream?> SecureDataAsync(FtpDataConnection data, CancellationToken cancellationToken)
        {
            var socket = _data?.Stream == data.Stream ? _data.Socket : ((SocketByteStream)data.Stream).Socket;
            var (session, failure) = await context.SecureAsync(
                Journey, Journey.Origin, Journey.Host,
                new Connected(socket, data.Stream, data.Remote, control.Span, context.Network.Time.GetTimestamp()),
                [], cancellationToken);
            Failure = failure;
            return session?.Stream;
        }
    }
}
