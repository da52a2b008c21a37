using System.Globalization;
using Firstbyte.Addressing;

namespace Firstbyte.Ftp;

// From the directory to the last byte of the file.
public sealed partial class FtpConversation
{
    // Commands for listings, the best first.
    private static readonly string[] s_listings = ["MLSD", "LIST"];

    private int _listing;
    private FtpReply? _final;
    private bool _abandoned;
    private FtpDataEnded? _ended;
    private long _offset;
    private long? _expected;
    private long? _most;
    private Endpoint _local;

    private FtpStep ChooseType()
    {
        _offset = _task.IsDownload ? _task.Offset : Math.Max(0, _task.Offset);
        _most = null;
        // A directory has neither size nor time: that it is there is what is known of it.
        if (_task.Operation == FtpOperation.Look && _task.Path.IsDirectory) { return Finish(FtpFault.None, null, mayReuse: true); }
        _listing = Features.MachineListing ? 0 : 1;
        // A listing is text, whatever the type of its files (RFC 959 4.1.3).
        var type = _task.Operation == FtpOperation.List ? FtpType.Ascii : _task.Path.Type;
        if (_type == type) { return AskSize(); }
        _type = null;
        return Send(Stage.Type, "TYPE", type == FtpType.Ascii ? "A" : "I");
    }

    private FtpStep AnswerAbout(FtpReply reply)
    {
        switch (_stage)
        {
            case Stage.Type:
                if (reply.Class != 2) { return Finish(FtpFault.TypeRefused, reply, mayReuse: true); }
                _type = _task.Operation == FtpOperation.List ? FtpType.Ascii : _task.Path.Type;
                return AskSize();
            case Stage.Size:
                if (reply.Code == 213
                    && long.TryParse(reply.Text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                {
                    Size = size;
                }
                return _task.Operation is FtpOperation.Retrieve or FtpOperation.Look && Features.ModifiedTime
                    ? Send(Stage.ModifiedTime, "MDTM", _task.Path.File) : WithSize(reply);
            default:
                if (reply.Code == 213 && FtpTimes.TryParse(reply.Text.AsSpan().Trim(), out var time)) { ModifiedTime = time; }
                return WithSize(reply);
        }
    }

    // In TYPE A a size would be that of the text as it is sent, which servers count wrongly or refuse (RFC 3659 4). Servers that do not name SIZE among their
    // features often know it, and what comes is then known to be whole; asked in vain it costs a reply.
    private FtpStep AskSize()
    {
        var resumesUpload = !_task.IsDownload && _task.Offset < 0;
        return _task.Operation == FtpOperation.Look || (_task.Operation == FtpOperation.Retrieve && _task.Path.Type == FtpType.Image) || resumesUpload
            ? Send(Stage.Size, "SIZE", _task.Path.File)
            : Place();
    }

    private FtpStep WithSize(FtpReply reply)
    {
        if (_task.Operation == FtpOperation.Look)
        {
            return Size is null && ModifiedTime is null ? Finish(AbsenceOf(reply), reply, mayReuse: true) : Finish(FtpFault.None, reply, mayReuse: true);
        }
        if (!_task.IsDownload && _task.Offset < 0)
        {
            _offset = Size ?? 0;
            if (_task.UploadLength is not { } length || _offset < length) { return Place(); }
            return Finish(_offset == length ? FtpFault.None : FtpFault.OffsetBeyondEnd, reply, mayReuse: true);
        }
        return _task is { IsDownload: true, Range: { } range } ? WithRange(range) : WithOffset();
    }

    private FtpStep WithOffset()
    {
        if (_offset == 0 || Size is not { } size || _offset < size) { return Place(); }
        // All of it is here.
        return Finish(_offset == size ? FtpFault.None : FtpFault.OffsetBeyondEnd, null, mayReuse: true);
    }

    private FtpStep WithRange(FtpRange range)
    {
        if (range.First is not { } first)
        {
            if (Size is not { } whole) { return Finish(FtpFault.LengthUnknown, null, mayReuse: true); }
            if (range.Last == 0) { return Finish(FtpFault.RangeBeyondEnd, null, mayReuse: true); }
            (_offset, _most) = (Math.Max(0, whole - range.Last!.Value), null);
            return Place();
        }
        if (first >= Size) { return Finish(FtpFault.RangeBeyondEnd, null, mayReuse: true); }
        _offset = first;
        // To the end of the file nothing is cut off, and the server's word that it is whole is waited for.
        _most = range.Last is { } last && last < (Size ?? long.MaxValue) - 1 ? last - first + 1 : null;
        return Place();
    }

    private FtpStep Place()
    {
        if (_task.IsActive)
        {
            _stage = Stage.Listening;
            return new FtpListenForData();
        }
        return _extendedRefused && !_task.IsV6 ? Send(Stage.Passive, "PASV") : Send(Stage.ExtendedPassive, "EPSV");
    }

    private FtpStep AnswerPlace(FtpReply reply)
    {
        switch (_stage)
        {
            case Stage.ExtendedPassive when reply.Code == 229 && FtpAddresses.TryReadExtendedPassive(reply.Text, out var port): return Connect(port, null);
            case Stage.ExtendedPassive when !_task.IsV6:
                _extendedRefused = true;
                return Send(Stage.Passive, "PASV");
            case Stage.ExtendedPassive: return Finish(reply.Class == 2 ? FtpFault.PassiveUnreadable : FtpFault.PassiveRefused, reply, mayReuse: true);
            case Stage.Passive when reply.Class != 2: return Finish(FtpFault.PassiveRefused, reply, mayReuse: true);
            case Stage.Passive:
                return FtpAddresses.TryReadPassive(reply.Text, out var told)
                ? Connect(told.Port, told.Address)
                : Finish(FtpFault.PassiveUnreadable, reply, mayReuse: true);
            case Stage.ExtendedPort or Stage.Port when reply.Class == 2: return BeginTransfer();
            case Stage.ExtendedPort when !_task.IsV6: return Send(Stage.Port, "PORT", FtpAddresses.Port(_local));
            default: return Finish(FtpFault.PortRefused, reply, mayReuse: true);
        }
    }

    private FtpConnectData Connect(ushort port, IpAddress? told)
    {
        _stage = Stage.Connecting;
        return new FtpConnectData(port, told);
    }

    // A firewall in between may know the ports of PASV and not those of EPSV.
    private FtpStep WithoutDataConnection()
    {
        if (_command != "EPSV" || _task.IsV6) { return Finish(FtpFault.DataUnconnected, null, mayReuse: false); }
        _extendedRefused = true;
        return Send(Stage.Passive, "PASV");
    }

    private FtpSendCommand TellPort(Endpoint local)
    {
        _local = local;
        return Send(Stage.ExtendedPort, "EPRT", FtpAddresses.ExtendedPort(local));
    }

    private FtpSendCommand BeginTransfer() => _task.IsDownload && _offset > 0 && _task.Operation == FtpOperation.Retrieve
        ? Send(Stage.Restart, "REST", _offset.ToString(CultureInfo.InvariantCulture))
        : AskTransfer();

    private FtpSendCommand AskTransfer() => _task.Operation switch
    {
        FtpOperation.Retrieve => Send(Stage.Transfer, "RETR", _task.Path.File),
        FtpOperation.List when _task.Path.ListsNames => Send(Stage.Transfer, "NLST", _task.Path.File),
        FtpOperation.List => Send(Stage.Transfer, s_listings[_listing], _task.Path.File),
        FtpOperation.Append => Send(Stage.Transfer, "APPE", _task.Path.File),
        _ => Send(Stage.Transfer, _offset > 0 ? "APPE" : "STOR", _task.Path.File),
    };

    private FtpStep AnswerTransfer(FtpReply reply)
    {
        switch (_stage)
        {
            case Stage.Restart: return reply.Class == 3 ? AskTransfer() : Finish(FtpFault.RestartRefused, reply, mayReuse: false);
            // Some servers are done before they say that they begin: what says so ends a transfer (RFC 959 5.4), and 200 does not.
            case Stage.Transfer when reply.Class == 1 || reply.Code is 226 or 250: return Move(reply);
            // A directory without files, as some servers tell it.
            case Stage.Transfer when _task.Operation == FtpOperation.List && reply.Code == 450: return Finish(FtpFault.None, reply, mayReuse: false);
            // It is in FEAT as MLST, and not there all the same.
            case Stage.Transfer when _command == "MLSD" && (reply.Code is 500 or 502):
                _listing = 1;
                return AskTransfer();
            case Stage.Transfer: return Finish(RefusalOf(reply), reply, mayReuse: false);
            // 426 or 451 ends the transfer, 225 or 226 the ABOR; a server that had sent all says 226 to both.
            case Stage.Abort when reply.Class == 4 && ++_preliminary < 2: return new FtpAwaitReply();
            case Stage.Abort: return Finish(_ended!.How == FtpDataEnd.Sufficient ? FtpFault.None : FtpFault.Abandoned, reply, mayReuse: false);
            case Stage.Completion: return Complete(reply);
            default: return Finish(FtpFault.ReplyUnknown, reply, mayReuse: false);
        }
    }

    private static FtpFault AbsenceOf(FtpReply reply) => reply.Code == 550 ? FtpFault.FileUnavailable : FtpFault.LengthUnknown;

    private FtpFault RefusalOf(FtpReply reply) => _task.IsDownload
        ? reply.Code == 550 ? FtpFault.FileUnavailable : reply.Class is 2 or 4 or 5 ? FtpFault.RetrieveRefused : FtpFault.ReplyUnknown
        : reply.Code is 452 or 552 ? FtpFault.NoRoom : reply.Class is 2 or 4 or 5 ? FtpFault.StoreRefused : FtpFault.ReplyUnknown;

    private FtpMoveData Move(FtpReply reply)
    {
        _stage = Stage.Moving;
        _final = reply.Class == 2 ? reply : null;
        _expected = _task.Operation != FtpOperation.Retrieve || _task.Path.Type == FtpType.Ascii ? null
            : Size is { } size ? size - _offset
            : _offset == 0 ? SizeIn(reply.Text) : null;
        if (_most < _expected) { _expected = _most; }
        return new FtpMoveData(_expected, _offset, _most);
    }

    private FtpStep EndData(FtpDataEnded ended)
    {
        _ended = ended;
        // Of what was wanted the end came in the middle of the file: the server is told, or it goes on sending to nobody.
        if (ended.How is FtpDataEnd.Abandoned or FtpDataEnd.Sufficient && !_abandoned)
        {
            _abandoned = true;
            _preliminary = 0;
            return Send(Stage.Abort, "ABOR");
        }
        _stage = Stage.Completion;
        return _final is { } final ? Complete(final) : new FtpAwaitReply();
    }

    private FtpFinish Complete(FtpReply reply)
    {
        var isShort = _ended!.How != FtpDataEnd.Whole || (_expected is { } expected && _ended.Bytes != expected);
        if (reply.Class == 2) { return Finish(isShort ? FtpFault.CutShort : FtpFault.None, reply, mayReuse: !isShort); }
        return Finish(_task.IsDownload ? FtpFault.CutShort : RefusalOf(reply), reply, mayReuse: false);
    }

    // "150 Opening BINARY mode data connection for file (1234 bytes)": no specification has it, every server writes it.
    private static long? SizeIn(string text)
    {
        var end = text.LastIndexOf(" bytes", StringComparison.OrdinalIgnoreCase);
        var open = end > 0 ? text.LastIndexOf('(', end) : -1;
        return open >= 0 && long.TryParse(text.AsSpan(open + 1, end - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }
}
