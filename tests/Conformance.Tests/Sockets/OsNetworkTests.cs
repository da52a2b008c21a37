using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Sockets;

public class OsNetworkTests
{
    [Fact]
    public void The_hosts_file_is_read_whole_and_an_absent_file_is_null()
    {
        var files = new OsNetwork().Files;
        Assert.Null(files.Read(Path.Combine(Path.GetTempPath(), "firstbyte-no-such-file")));
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Equal([1, 2, 3], files.Read(path));
        }
        finally { File.Delete(path); }
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        var failure = Assert.Throws<NetworkException>(() => new OsNetwork().Files.Read(Path.GetTempPath()));
        Assert.Equal(Errno.EISDIR, failure.Error);
    }

    [Fact]
    public void Two_draws_of_randomness_differ()
    {
        var network = new OsNetwork();
        var first = new byte[32];
        var second = new byte[32];
        network.Random.Fill(first);
        network.Random.Fill(second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Addresses_with_a_numeric_zone_survive_the_way_through_the_system()
    {
        using var socket = new OsNetwork().CreateSocket(IpVersion.V6, SocketKind.Datagram);
        Assert.True(IpAddress.TryParse("fe80::1%1", out var address));
        var failure = Assert.Throws<NetworkException>(() => socket.Bind(new Endpoint(address, 0)));
        Assert.Equal(Errno.EADDRNOTAVAIL, failure.Error);
        Assert.Equal("[fe80::1%1]:0", failure.Endpoint.ToString());
    }
}
