namespace Firstbyte.Tests;

// Proxies that refuse, ask, are of another kind or are not there.
public sealed partial class AdviceTests
{
    [Fact]
    public void A_proxy_that_wants_to_know_who_asks()
    {
        string[] http = ["-p", "-x", "http://192.0.2.90:3129", "http://www.test/"];
        Advice(nameof(A_proxy_that_wants_to_know_who_asks), Run(http));
        Cured(["-U", "user:password", .. http]);
        Cured(["-U", "user:password", "--proxy-anyauth", .. http]);
        string[] socks = ["--socks5", "192.0.2.90:1081", "http://www.test/"];
        Advice(nameof(A_proxy_that_wants_to_know_who_asks), Run(socks));
        Advice(nameof(A_proxy_that_wants_to_know_who_asks), Run(["-U", "user:wrong", .. socks]));
        Cured(["-U", "user:password", .. socks]);
        Advice(nameof(A_proxy_that_wants_to_know_who_asks), Prompt("fetch --socks5 192.0.2.90:1081 http://www.test/"));
        Assert.Equal(0, Prompt("fetch -x socks5://user:password@192.0.2.90:1081 http://www.test/").ExitCode);
    }

    [Fact]
    public void A_proxy_of_another_kind()
    {
        foreach (var wrong in (string[])["socks5h://192.0.2.90:3128", "http://192.0.2.90:1080", "https://192.0.2.90:3128"])
        {
            var advice = Advice(nameof(A_proxy_of_another_kind), Run("-x", wrong, "http://www.test/"));
            Cured("-x", advice.Split(' ')[1].TrimEnd(',', ':'), "http://www.test/");
        }
    }

    [Fact]
    public void A_name_that_only_a_proxy_can_look_up()
    {
        Change("host client on lan .2 gateway gate nameserver 10.1.0.3", "host client on lan .2 gateway gate nameserver 10.1.0.9");
        Advice(nameof(A_name_that_only_a_proxy_can_look_up), Run("-x", "socks5://192.0.2.90", "http://www.test/"));
        Cured("-x", "socks5h://192.0.2.90", "http://www.test/");
    }

    [Fact]
    public void An_address_that_a_proxy_does_not_know()
    {
        Change("subnet wan 192.0.2.0/24", "subnet wan 192.0.2.0/24 2001:db8:2::/64");
        Change("host proxy on wan .90", "host proxy on wan .90 2001:db8:2::90");
        Change("host www on wan .80", "host www on wan .80 2001:db8:2::80");
        Advice(nameof(An_address_that_a_proxy_does_not_know), Run("--socks4", "192.0.2.90", "http://[2001:db8:2::80]/"));
        Cured("--socks5-hostname", "192.0.2.90", "http://[2001:db8:2::80]/");
    }

    [Fact]
    public void A_proxy_that_is_not_there()
    {
        Advice(nameof(A_proxy_that_is_not_there), Run("-x", "192.0.2.90:9", "http://www.test/"));
        Cured("-x", "http://192.0.2.90:3128", "http://www.test/");
        Cured("-x", "192.0.2.90:9", "--noproxy", "*", "http://www.test/");
        Advice(nameof(A_proxy_that_is_not_there), Run("--socks5-hostname", "192.0.2.90", "http://www.test:9/"));
    }
}
