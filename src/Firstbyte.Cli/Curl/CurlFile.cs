using System.Globalization;
using Firstbyte.Http;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>A transfer from or to a file of this host, as curl makes it (RFC 8089).</summary>
internal static class CurlFile
{
    private const int Piece = 64 * 1024;

    public static async Task RunAsync(CurlTransfer transfer)
    {
        var (order, task, info) = (transfer.Order, transfer.Task, transfer.Info);
        var path = OctetText.Of(CurlText.Unescape(transfer.Url.Path));
        if (path.Contains('\0', StringComparison.Ordinal)) { throw new CurlStop(CurlCode.UrlMalformat, "URL rejected: Malformed input to a URL function"); }
        if (order.IsUpload)
        {
            await StoreAsync(transfer, path);
            return;
        }
        if (order.Files.IsFolder(path))
        {
            foreach (var name in order.Files.List(path))
            {
                if (task.IsHead || name.StartsWith('.')) { continue; }
                order.Sink.Body(OctetText.Octets(name + "\n"));
            }
            return;
        }
        if (order.Files.OpenRead(path) is not var (content, length, written))
        {
            throw new CurlStop(CurlCode.FileCouldntReadFile, $"Couldn't open file {path}");
        }
        using (content)
        {
            info.FileTime = written.ToUnixTimeSeconds();
            if (task.IsHead)
            {
                Head(order.Sink, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));
                Head(order.Sink, "Accept-ranges: bytes\r\n");
                Head(order.Sink, $"Last-Modified: {CurlDate.Http(info.FileTime.Value)}\r\n");
                return;
            }
            if (task.TimeCondition != CurlTimeCondition.None && task.ConditionTime > 0
                && (task.TimeCondition == CurlTimeCondition.IfUnmodifiedSince ? info.FileTime > task.ConditionTime
                    : info.FileTime <= task.ConditionTime)) { return; }
            var (from, count) = Range(order, length);
            // What says that it is empty may have something all the same (a device, a file of proc(5)): it is read to its end.
            if (length == 0 && from == 0) { count = long.MaxValue; }
            else { info.Expected = count; }
            if (task.MaxFileSize is { } most && length > 0 && count > most) { throw new CurlStop(CurlCode.FilesizeExceeded, "Maximum file size exceeded"); }
            if (content.CanSeek) { content.Seek(from, SeekOrigin.Begin); }
            var piece = new byte[Piece];
            var turn = new FairTurn(transfer.Network.Host.Network.Time);
            while (count > 0 && content.Read(piece, 0, (int)Math.Min(Piece, count)) is > 0 and var read)
            {
                await turn.TakeAsync(transfer.Stop);
                info.Downloaded += read;
                info.Delivered += read;
                if (task.MaxFileSize is { } limit && info.Downloaded > limit)
                {
                    throw new CurlStop(CurlCode.FilesizeExceeded, "Exceeded the maximum allowed file size");
                }
                order.Sink.Body(piece.AsMemory(0, read));
                count -= read;
            }
        }
    }

    private static void Head(ICurlSink sink, string line) => sink.Header(OctetText.Octets(line), CurlHeader.Field);

    private static (long From, long Count) Range(CurlOrder order, long length)
    {
        var (from, count) = (order.ResumeFrom, length - order.ResumeFrom);
        if (order.Range is { } range && range.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash)
        {
            var isFirst = long.TryParse(range.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first);
            var isLast = long.TryParse(range.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last);
            if ((!isFirst && dash > 0) || (!isLast && dash + 1 < range.Length) || (!isFirst && !isLast) || (isFirst && isLast && first > last))
            {
                throw new CurlStop(CurlCode.RangeError, "Requested range was not delivered by the server");
            }
            (from, count) = !isFirst ? (length - last, last) : isLast ? (first, Math.Min(last - first + 1, length - first)) : (first, length - first);
            if (from < 0) { throw new CurlStop(CurlCode.BadDownloadResume, "failed to resume file:// transfer"); }
        }
        if (from < 0) { (from, count) = (length + from, -from); }
        return from <= length && from >= 0 ? (from, count) : throw new CurlStop(CurlCode.BadDownloadResume, "failed to resume file:// transfer");
    }

    private static async Task StoreAsync(CurlTransfer transfer, string path)
    {
        var order = transfer.Order;
        if (path.EndsWith('/')) { throw new CurlStop(CurlCode.FileCouldntReadFile, $"cannot open {path} for writing"); }
        var offset = order.ResumeFrom;
        using var file = order.Files.OpenWrite(path, transfer.Task.Append || offset != 0)
            ?? throw new CurlStop(CurlCode.WriteError, $"cannot open {path} for writing");
        if (offset < 0) { offset = file.CanSeek ? file.Length : 0; }
        var reader = transfer.Content!.Open();
        try
        {
            var piece = new byte[Piece];
            if (offset > 0 && !reader.TrySkip(offset))
            {
                for (var left = offset; left > 0 && await reader.ReadAsync(piece.AsMemory(0, (int)Math.Min(Piece, left)), transfer.Stop) is > 0 and var passed;)
                {
                    left -= passed;
                }
            }
            var turn = new FairTurn(transfer.Network.Host.Network.Time);
            while (await reader.ReadAsync(piece, transfer.Stop) is > 0 and var count)
            {
                await turn.TakeAsync(transfer.Stop);
                file.Write(piece, 0, count);
                transfer.Info.Uploaded += count;
            }
        }
        finally { reader.Close(); }
    }
}
