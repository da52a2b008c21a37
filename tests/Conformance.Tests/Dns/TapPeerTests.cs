using System.Diagnostics;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Tapping;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Dns;

/// <summary>dnstap to the collector of the library that defines the form (fstrm).</summary>
public sealed class TapPeerTests
{
    [Fact]
    public async Task Fstrm_capture_takes_what_is_written_to_its_socket()
    {
        const string program = "/usr/bin/fstrm_capture";
        if (!File.Exists(program)) { Assert.Skip("there is no fstrm_capture (Debian's fstrm-bin)"); }
        var folder = Directory.CreateTempSubdirectory("firstbyte-tap-").FullName;
        try
        {
            var (socket, file) = (Path.Combine(folder, "s"), Path.Combine(folder, "f"));
            var command = new ProcessStartInfo(program, ["-t", DnstapFrame.ContentType, "-u", socket, "-w", file]);
            (command.UseShellExecute, command.RedirectStandardError) = (false, true);
            using var capture = Process.Start(command)!;
            try
            {
                var network = new OsNetwork();
                TapStream? collector = null;
                for (var i = 0; i < 200 && collector is null; i++)
                {
                    try { collector = new TapStream(network, () => LocalStream.Connect(socket, DnsTap.Patience)); }
                    catch (NetworkException) { await Task.Delay(25, TestContext.Current.CancellationToken); }
                }
                Assert.NotNull(collector);
                var (client, server) = (new Endpoint(IpAddress.LoopbackV4, 5353), new Endpoint(IpAddress.LoopbackV4, 53));
                var tap = new DnsTap(network, collector);
                for (var i = 0; i < 300; i++) { tap.TellClient(DnsTransport.Udp, client, server, tap.Now(), new byte[900], new byte[900]); }
                tap.Dispose();
                Assert.Equal((600, 0), (tap.Written, tap.Dropped));
            }
            finally
            {
                // What it has taken it writes in the end.
                using var stop = Process.Start("kill", $"{capture.Id}");
                await capture.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(DnstapFrame.Start, bytes[..DnstapFrame.Start.Length]);
            Assert.Equal(DnstapFrame.Stop, bytes[^DnstapFrame.Stop.Length..]);
            var frames = 0;
            for (var at = DnstapFrame.Start.Length; at < bytes.Length - DnstapFrame.Stop.Length; frames++)
            {
                at += sizeof(int) + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            }
            Assert.Equal(600, frames);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
