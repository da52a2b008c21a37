using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Labs;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Simulation;

/// <summary>The lab of the chapter, asked by hand.</summary>
public class ChapterLabTests
{
    private static readonly LabDefinition Lab = LabCatalog.Load("glasscom")!;

    [Fact]
    public void The_client_and_its_DNS_server_are_where_the_chapter_says()
    {
        var world = LabWorld.Build(Lab);
        Assert.Equal(IpAddress.Parse("10.11.12.13"), world.Client.Interfaces[0].Addresses[0]);
        Assert.Equal("nameserver 10.11.12.2\n", Encoding.UTF8.GetString(world.Client.Files.Read("/etc/resolv.conf")!));
        Assert.Equal(IpAddress.Parse("192.0.2.226"), world.Internet.FindHost("www")!.Interfaces[0].Addresses[0]);
        Assert.Equal(IpAddress.Parse("192.0.2.227"), world.Internet.FindHost("mail")!.Interfaces[0].Addresses[0]);
    }

    [Theory]
    [InlineData("/", "200 OK", "The laboratory of glasscom")]
    [InlineData("/dir1/file1.html", "200 OK", "You have arrived")]
    [InlineData("/dir1/", "200 OK", "file2.html")]
    [InlineData("/old.html", "301 ", "/dir1/file1.html")]
    [InlineData("/nowhere", "404 ", "Not Found")]
    public void The_web_server_answers_over_http(string path, string status, string content)
    {
        var world = LabWorld.Build(Lab);
        var response = world.Run("fetch", () => Fetch(world, 80, path, static (_, stream) => Task.FromResult(stream)));
        Assert.StartsWith("HTTP/1.1 " + status, response, StringComparison.Ordinal);
        Assert.Contains(content, response, StringComparison.Ordinal);
        Assert.Equal(0, world.Kernel.ForeignEntries);
    }

    [Fact]
    public void The_web_server_answers_over_https_with_the_same_bytes_for_a_seed()
    {
        static (string, ulong) Visit(ulong seed)
        {
            var world = LabWorld.Build(Lab, seed);
            var response = world.Run("fetch", () => Fetch(world, 443, "/", static async (host, stream) =>
                Assert.IsType<TlsSession>(await new BouncyCastleTlsProvider(host).AuthenticateAsClientAsync(stream, new TlsClientOptions("www.lab.glasscom.com"), default)).Stream));
            return (response, world.Kernel.Trace.Value);
        }

        var (response, trace) = Visit(1);
        Assert.Contains("The laboratory of glasscom", response, StringComparison.Ordinal);
        Assert.Equal(trace, Visit(1).Item2);
        Assert.NotEqual(trace, Visit(2).Item2);
    }

    private static async Task<string> Fetch(LabWorld world, ushort port, string path, Func<INetwork, IByteStream, Task<IByteStream>> secure)
    {
        var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), port));
        using var stream = await secure(world.Client, new SocketByteStream(socket));
        await stream.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: www.lab.glasscom.com\r\nConnection: close\r\n\r\n"));
        var all = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await stream.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
