using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Http;

/// <summary>RFC 6797.</summary>
public sealed class HstsTests
{
    private static readonly Instant s_now = Instant.FromDateTimeOffset(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The examples of 6.2, and the rules of 6.1.</summary>
    [Theory]
    [InlineData("max-age=31536000", 31_536_000, false)]
    [InlineData("max-age=15768000 ; includeSubDomains", 15_768_000, true)]
    [InlineData("max-age=\"31536000\"", 31_536_000, false)]
    [InlineData("max-age=0", 0, false)]
    [InlineData("max-age=0; includeSubDomains", 0, true)]
    [InlineData("INCLUDESUBDOMAINS;MAX-AGE=5", 5, true)]
    [InlineData(";; max-age=5; preload; unknown=\"x\";", 5, false)]
    [InlineData("max-age=99999999999999999999", 3_153_600_000, false)]
    public void A_wish_is_read(string field, long seconds, bool covers)
    {
        Assert.True(StrictTransportSecurity.TryRead(field, out var wish));
        Assert.Equal(new StrictTransportSecurity(TimeSpan.FromSeconds(seconds), covers), wish);
    }

    [Theory]
    [InlineData("")]
    [InlineData("includeSubDomains")]
    [InlineData("max-age")]
    [InlineData("max-age=")]
    [InlineData("max-age=-1")]
    [InlineData("max-age=1.5")]
    [InlineData("max-age=5; max-age=5")]
    [InlineData("max-age=5; includeSubDomains; includeSubDomains")]
    [InlineData("max-age=5; includeSubDomains=yes")]
    [InlineData("max-age=\"5")]
    public void What_is_malformed_is_void(string field) => Assert.False(StrictTransportSecurity.TryRead(field, out _));

    /// <summary>8.2, with the names of its note.</summary>
    [Theory]
    [InlineData("example.com", true, "example.com", true)]
    [InlineData("example.com", true, "EXAMPLE.com.", true)]
    [InlineData("example.com", true, "foo.bar.example.com", true)]
    [InlineData("example.com", true, "badexample.com", false)]
    [InlineData("example.com", true, "com", false)]
    [InlineData("example.com", false, "foo.example.com", false)]
    [InlineData("foo.example.com", true, "example.com", false)]
    [InlineData("foo.example.com", true, "bar.example.com", false)]
    public void A_wish_covers_a_host_and_those_below_it_where_it_says_so(string host, bool covers, string asked, bool isCovered)
    {
        var store = new HstsStore();
        Assert.True(store.Note(host, covers ? "max-age=100; includeSubDomains" : "max-age=100", s_now));
        Assert.Equal(isCovered ? host : null, store.Find(asked, s_now));
        Assert.Null(store.Find(asked, s_now + TimeSpan.FromSeconds(100)));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("")]
    [InlineData("a..b")]
    public void An_address_is_no_host(string host)
    {
        var store = new HstsStore();
        Assert.False(store.Note(host, "max-age=100; includeSubDomains", s_now));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_host_takes_its_wish_back_and_changes_it()
    {
        var store = new HstsStore();
        store.Note("a.test", "max-age=100; includeSubDomains", s_now);
        store.Note("a.test", "nonsense", s_now);
        Assert.Equal("a.test", store.Find("b.a.test", s_now));
        store.Note("a.test", "max-age=100", s_now);
        Assert.Null(store.Find("b.a.test", s_now));
        store.Note("a.test", "max-age=0", s_now);
        Assert.Null(store.Find("a.test", s_now));
    }

    [Fact]
    public void The_file_is_curls()
    {
        const string File = "# Your HSTS cache. https://curl.se/docs/hsts.html\n.example.com \"20270102 03:04:05\"\nhost.test \"unlimited\"\nold.test \"20200101 00:00:00\"\n";
        var store = new HstsStore();
        Assert.Empty(store.Read(File, s_now));
        Assert.Equal(2, store.Count);
        Assert.Equal(("example.com", "host.test", null), (store.Find("www.example.com", s_now), store.Find("host.test", s_now), store.Find("x.host.test", s_now)));
        Assert.Equal("# HSTS hosts, in curl's format (RFC 6797).\n.example.com \"20270102 03:04:05\"\nhost.test \"unlimited\"\n", store.Write(s_now));
        Assert.Equal([1, 3], new HstsStore().Read("a.test\n\n192.0.2.1 \"unlimited\"\n", s_now));
        Assert.Equal([1, 2], new HstsStore().Read("a.test \"2027\"\na.test \"20271301 00:00:00\"\n", s_now));
    }

    [Fact]
    public void No_more_hosts_are_kept_than_the_limit()
    {
        var store = new HstsStore();
        for (var i = 0; i <= HstsStore.Maximum; i++) { store.Note($"h{i}.test", $"max-age={i + 100}", s_now); }
        Assert.Equal(HstsStore.Maximum, store.Count);
        Assert.Null(store.Find("h0.test", s_now));
        Assert.Equal("h1.test", store.Find("h1.test", s_now));
    }
}
