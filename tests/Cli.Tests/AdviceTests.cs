using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Telling;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests;

/// <summary>Advice is tested: each is taken out of the output of a run with a planted fault and followed, and has to cure the fault, or to show what it promises; where the cure is somebody else's, the output says whose.</summary>
public sealed partial class AdviceTests : IDisposable
{
    private const string Lab = """
        lab "advice" seed 1 client client
        subnet lan 10.1.0.0/24
        subnet wan 192.0.2.0/24
        router gate on lan .1, wan .1
        host client on lan .2 gateway gate nameserver 10.1.0.3
        host dns on lan .3 gateway gate serves resolver
        # Holds a zone of its own, from which www is missing, and answers for nothing else.
        host old on lan .9 gateway gate serves dns zone "test" {
          @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60
          @ 300 IN NS ns
          ns 300 IN A 192.0.2.53
        }
        host root on wan .11 198.41.0.4 gateway gate serves dns zone "." {
          @ 300 IN SOA a.root-servers.net. hostmaster.test. 1 7200 900 1209600 300
          @ 300 IN NS a.root-servers.net.
          a.root-servers.net. 300 IN A 198.41.0.4
          test. 300 IN NS ns.test.
          ns.test. 300 IN A 192.0.2.53
          example. 300 IN NS ns.test.
        }
        host ns on wan .53 gateway gate serves dns zone "test" {
          @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60
          @ 300 IN NS ns
          ns 300 IN A 192.0.2.53
          www 300 IN A 192.0.2.80
          mail 300 IN MX 10 www
          mail.www 300 IN A 192.0.2.80
          bad 300 IN NS ns.bad
          ns.bad 300 IN A 192.0.2.80
        }
        host proxy on wan .90 gateway gate nameserver 10.1.0.3
          serves proxy
          serves proxy port 3129 account "user" "password"
          serves socks
          serves socks port 1081 account "user" "password"
        host www on wan .80 gateway gate
          serves http port 8080 "You are here."
          serves mail for www.test
          serves news { a.b "hello" }
          serves news port 1119 account "tone" "secret" for www.test { a.b "hello" }
          serves news port 563 account "tone" "secret" for www.test { a.b "hello" }
          serves mail port 587 account "tone" "secret" for www.test
          serves mail port 465 account "tone" "secret" for www.test
          serves ftp account "tone" "secret" { /dir/page.txt "You are here." }
          serves http port 8081 { /1 redirect "/2" /2 redirect "/3" /3 "You are here." }
          serves http port 8082 { /guestbook form }
          serves http, https for www.test "You are here."
          serves https port 444 for other.test "You are here."
          serves https port 445 for www.test certificate not-yet-valid "You are here."
          serves https port 446 for www.test certificate expired "You are here."
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The sentence of each advice as it is given in the shell, in the shell for a lab and at a lab's prompt, and the test that follows it.
    private static readonly Dictionary<string, string> s_tested = new()
    {
        ["firstbyte url '…' shows where the text stops being a URL"] = nameof(A_text_that_is_no_url),
        ["a URL that begins with http://, https://, ftp:// or ftps://"] = nameof(A_scheme_without_a_client),
        ["-H 'Name: value', the name in one word of letters, digits and hyphens"] = nameof(A_field_name_of_two_words),
        ["check the spelling: between two dots there is a part"] = nameof(A_name_with_an_empty_part),
        ["-v shows each Location; a cookie may be what the server waits for: -b ''"] = nameof(Redirects_in_a_circle),
        ["whether the network cards of this host are up and have addresses: ip address"] = nameof(An_address_without_a_card),
        ["a method in one word, such as -X PROPFIND, or none: GET is asked for then"] = nameof(A_method_that_is_none),
        ["without -d, -F and -T, or another method, such as POST"] = nameof(A_TRACE_with_content),
        ["the URL without its path: a tunnel leads to the host"] = nameof(A_tunnel_to_a_page),
        ["another name: this one is reserved, and nobody can register it"] = nameof(A_reserved_name),
        ["check the spelling; --iterative asks from the root servers down, past any cache"] = nameof(A_name_that_does_not_exist),
        ["check the spelling; firstbyte lab show LAB shows which names there are"] = nameof(A_name_in_a_lab_without_roots),
        ["firstbyte lab show LAB shows which server knows which names"] = nameof(A_name_in_a_lab_without_roots),
        ["another name: those under .local are looked up by multicast DNS (RFC 6762), which is not spoken here"] = nameof(A_name_that_nobody_can_register),
        ["check the spelling"] = nameof(A_name_that_does_not_exist),
        ["firstbyte resolve NAME MX (or another type) to see what the name has"] = nameof(A_name_without_an_address),
        ["firstbyte resolve --lab=LAB NAME MX (or another type) to see what the name has"] = nameof(A_name_without_an_address),
        ["resolve NAME MX (or another type) to see what the name has"] = nameof(A_name_without_an_address),
        ["firstbyte resolve NAME A to see whether the name has an IPv4 address; then this host needs one too, and a route"] = nameof(A_name_that_has_no_address_of_this_hosts_version),
        ["firstbyte resolve --lab=LAB NAME A to see whether the name has an IPv4 address; then this host needs one too, and a route"] = nameof(A_name_that_has_no_address_of_this_hosts_version),
        ["resolve NAME A to see whether the name has an IPv4 address; then this host needs one too, and a route"] = nameof(A_name_that_has_no_address_of_this_hosts_version),
        ["a nameserver line in /etc/resolv.conf, or --server ADDR"] = nameof(No_resolver),
        ["a nameserver of the host in the lab's file"] = nameof(No_resolver),
        ["the host's routes and its network cable"] = nameof(No_way_to_a_server),
        ["the host's routes and its network cable (firstbyte lab routes LAB, firstbyte lab links LAB)"] = nameof(No_way_to_a_server),
        ["the host's routes and its network cable ('routes', 'links')"] = nameof(No_way_to_a_server),
        ["firstbyte traceroute ADDRESS shows who says so"] = nameof(An_address_that_no_network_has),
        ["firstbyte traceroute --lab=LAB ADDRESS shows who says so"] = nameof(An_address_that_no_network_has),
        ["traceroute ADDRESS shows who says so"] = nameof(An_address_that_no_network_has),
        ["'links' and 'faults' show what is out; traceroute ADDRESS shows which router says so"] = nameof(An_address_behind_a_cable_that_is_out),
        ["the DHCP server of its network: 'hosts' shows who has addresses and power, 'links' which cables are out"] = nameof(A_host_that_nobody_lends_an_address),
        ["the DHCP server of its network, or an address of its own"] = nameof(A_host_that_nobody_lends_an_address),
        ["'faults' shows what has no power, and 'heal down' gives it back"] = nameof(A_host_that_loses_its_power_on_the_way),
        ["firstbyte traceroute ADDRESS shows who says so; the host may be off, or its cable out"] = nameof(An_address_that_nobody_answers_for),
        ["firstbyte traceroute --lab=LAB ADDRESS shows who says so; the host may be off, or its cable out"] = nameof(An_address_that_nobody_answers_for),
        ["traceroute ADDRESS shows who says so; the host may be off, or its cable out"] = nameof(An_address_that_nobody_answers_for),
        ["plug the network cable in, or switch the card on"] = nameof(A_host_whose_cable_is_out),
        ["firstbyte lab show LAB shows which fault of the lab pulls the cable"] = nameof(A_host_whose_cable_is_out),
        ["'links' shows which cable is out, 'mend LINK' plugs it in again"] = nameof(A_host_whose_cable_is_out),
        ["firstbyte resolve NAME --iterative -v shows which server fails, and how"] = nameof(A_zone_whose_servers_fail),
        ["firstbyte resolve --lab=LAB NAME --iterative -v shows which server fails, and how"] = nameof(A_zone_whose_servers_fail),
        ["firstbyte resolve NAME --explain shows where the chain of trust breaks"] = nameof(A_chain_of_trust_that_breaks),
        ["firstbyte resolve --lab=LAB NAME --explain shows where the chain of trust breaks"] = nameof(A_chain_of_trust_that_breaks),
        ["--iterative to ask from the root servers down, or --server ADDR to ask another resolver"] = nameof(A_resolver_that_refuses),
        ["firstbyte resolve --lab=LAB NAME --iterative asks from the root servers down"] = nameof(A_resolver_that_refuses),
        ["another port (http://host:8080/), or start the server"] = nameof(A_port_that_nobody_serves),
        ["another port: firstbyte lab show LAB says what each host serves"] = nameof(A_port_that_nobody_serves),
        ["another port: 'sockets HOST' shows at which ones a host listens"] = nameof(A_port_that_nobody_serves),
        ["a firewall may drop the packets; --connect-timeout changes how long to wait"] = nameof(A_connection_that_takes_longer_than_its_limit),
        ["'links' and 'faults' show what may swallow the packets"] = nameof(A_host_that_falls_silent),
        ["this host's clock, if it is wrong; -k goes on in spite of the certificate"] = nameof(A_certificate_of_tomorrow),
        ["a name that the certificate is for; -k goes on in spite of it"] = nameof(A_certificate_for_another_name),
        ["-k goes on in spite of the certificate, if you know why it fails the check"] = nameof(A_certificate_that_fails_its_check),
        ["http:// instead of https://: the server may speak it without TLS on that port"] = nameof(A_port_without_tls),
        ["the server's settings: TLS 1.2 and 1.3 are spoken here, unless --tlsv1.3, --tls-max or --ciphers leave some out"] = nameof(A_server_that_speaks_another_tls),
        ["https:// instead of http:// (or the reverse): the server may speak the other"] = nameof(A_port_with_tls),
        ["-v shows the bytes; another protocol may live on that port"] = nameof(Another_protocol),
        ["another user or password in the URL (ftp://USER:PASSWORD@host/)"] = nameof(A_user_whom_an_FTP_server_does_not_let_in),
        ["firstbyte url '…' shows its parts"] = nameof(A_url_that_holds_its_content),
        ["http:// instead of ws://, https:// instead of wss://: the same server, asked for a page"] = nameof(A_url_of_a_WebSocket),
        ["--news-server HOST, or the server in the URL: news://HOST/GROUP"] = nameof(A_group_of_no_server),
        ["a line 'Subject: …' at the file's head, and --mail-from ADDRESS"] = nameof(An_article_without_a_subject),
        ["'news:*' lists the server's groups, news:GROUP what there is in one"] = nameof(A_group_that_a_news_server_does_not_have),
        ["-u USER:PASSWORD, with a user whom the server knows"] = nameof(A_news_server_that_wants_to_know_who_asks),
        ["nntps://, if the server speaks TLS on port 563"] = nameof(A_news_server_without_TLS),
        ["--mail-from ADDRESS says who sends it"] = nameof(A_message_that_nobody_sends),
        ["mailto:name@example.com"] = nameof(A_message_for_nobody),
        ["the same later: a code that begins with 4 may pass"] = nameof(A_recipient_who_is_put_off),
        ["another user or password with -u USER:PASSWORD"] = nameof(A_user_whom_a_mail_server_does_not_let_in),
        ["check the addresses; a server that wants to know who sends is a --smarthost with -u USER:PASSWORD"] = nameof(A_recipient_whom_a_mail_server_does_not_have),
        ["--smarthost HOST:465, if the server speaks TLS from the first byte"] = nameof(A_mail_server_without_STARTTLS),
        ["the directory above it, with a / at its end, shows what is there"] = nameof(A_file_that_this_host_does_not_have),
        ["--allow-file-write lets -T write a file of this host"] = nameof(A_file_that_may_not_be_written),
        ["-I shows how long the file is"] = nameof(A_range_behind_the_end_of_a_file),
        ["file:///PATH for a file of this host, or the scheme by which that host serves it (https:, ftp:)"] = nameof(A_file_of_another_host),
        ["the directory with a / at its end shows what is there"] = nameof(A_file_that_an_FTP_server_does_not_have),
        ["--cacert FILE, if you have the root that vouches for the server; -k goes on in spite of the certificate"] = nameof(A_root_that_nobody_here_trusts),
        ["--cert FILE and --key FILE, with a certificate that the server takes"] = nameof(A_certificate_of_the_client),
        ["another certificate with --cert and --key"] = nameof(A_certificate_of_the_client_with_a_fault),
        ["a certificate whose time has begun and is not over, from its issuer"] = nameof(A_certificate_of_the_client_with_a_fault),
        ["a certificate that is meant for clients (extended key usage clientAuth)"] = nameof(A_certificate_of_the_client_with_a_fault),
        ["a certificate from an authority that the server trusts; the file of --cert may hold the issuers between the two, behind the own one"] = nameof(A_certificate_of_the_client),
        ["--pinnedpubkey 'PIN', if you know from elsewhere that the key is the server's"] = nameof(A_key_that_is_not_pinned),
        ["--max-filesize changes how much may come"] = nameof(Content_that_is_larger_than_its_limit),
        ["--speed-limit and --speed-time change how slow a transfer may be"] = nameof(A_transfer_that_is_slower_than_its_limit),
        ["all of it, without -C"] = nameof(A_part_of_something_else),
        ["--max-redirs changes how many are followed"] = nameof(A_chain_of_redirects_that_is_longer_than_its_limit),
        ["--connect-timeout changes how long connecting may take, TLS included; or http:// instead of https://: the server may wait for words without TLS"] =
            nameof(A_handshake_that_takes_longer_than_its_limit),
        ["--max-time changes how long the whole journey may take; or http:// instead of https://: the server may wait for words without TLS"] =
            nameof(A_port_that_waits_for_words_without_tls),
        ["the address of one host"] = nameof(An_address_of_many),
        ["--max-time changes how long the whole journey may take"] = nameof(A_journey_that_takes_longer_than_its_limit),
        ["without --compressed the server may send it as it is"] = nameof(Content_that_cannot_be_decoded),
        ["-v shows the bytes on the wire"] = nameof(A_response_that_breaks),
        ["firstbyte lab run LAB -v shows the bytes on the wire"] = nameof(A_response_that_breaks),
        ["the content from a file, which can be read again: -T FILE, -d @FILE"] = nameof(Content_that_can_be_read_only_once),
        ["without --http1.0, or the content from a file"] = nameof(Content_of_unknown_length_for_an_old_server),
        ["user and password before the proxy's host: -x http://USER:PASSWORD@HOST:PORT, or with the scheme that it has"] = nameof(A_proxy_that_wants_to_know_who_asks),
        ["-U USER:PASSWORD tells the proxy; --proxy-anyauth allows every way that it offers"] = nameof(A_proxy_that_wants_to_know_who_asks),
        ["-U USER:PASSWORD tells the proxy"] = nameof(A_proxy_that_wants_to_know_who_asks),
        ["-x http://NAME, if it is an HTTP proxy"] = nameof(A_proxy_of_another_kind),
        ["-x socks5h://NAME, if it is a SOCKS proxy"] = nameof(A_proxy_of_another_kind),
        ["-x http://NAME: the proxy may be spoken to without TLS"] = nameof(A_proxy_of_another_kind),
        ["-x socks5h://NAME, which has the proxy look the name up"] = nameof(A_name_that_only_a_proxy_can_look_up),
        ["-vv shows the last packet that came, and what became of those after it; --max-time ends such a wait sooner"] = nameof(A_peer_that_vanishes),
        ["'sockets HOST' shows whether the other side still knows of the connection, 'links' which cable is out"] = nameof(A_peer_that_vanishes),
        ["--socks5-hostname instead, if the proxy speaks it"] = nameof(An_address_that_a_proxy_does_not_know),
        ["another proxy with -x, or none with --noproxy '*', where the server can be reached without one"] = nameof(A_proxy_that_is_not_there),
        ["the server's name instead of its address: here a session is kept by name alone (--resolve gives an address a name)"] = nameof(A_session_that_is_kept_by_name),
        ["without -4, which asks for IPv4 alone"] = nameof(A_family_that_is_asked_for_alone),
        ["without -6, which asks for IPv6 alone"] = nameof(A_family_that_is_asked_for_alone),
        ["another file with -o FILE"] = nameof(A_file_that_cannot_be_written),
        ["make room, or -o FILE on another disk"] = nameof(A_disk_that_is_full),
        ["a reader at the pipe's other end before the journey starts, or -o with a regular file"] = nameof(A_pipe_that_nobody_reads),
    };

    [Fact]
    public void A_chain_of_trust_that_breaks()
    {
        var advice = Advice(nameof(A_chain_of_trust_that_breaks), Command.Run("--lab=signed-zones", "http://www.changed.test/"));
        Assert.Contains("www.changed.test A: the signature is not that of these records", Follow(advice).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_advice_has_its_test()
    {
        var advice = FailureSentenceTests.All
            .SelectMany(static failure => FailureSentenceTests.Standpoints.Select(at => Languages.English.Failures.Try(failure, at)?.ToString()))
            .OfType<string>().Select(static text => Kind(text["Try: ".Length..])).Distinct();
        Assert.Equal(advice.Order(StringComparer.Ordinal), s_tested.Keys.Order(StringComparer.Ordinal));
        Assert.All(s_tested.Values, static name => Assert.NotEmpty(typeof(AdviceTests).GetMethod(name)!.GetCustomAttributes(typeof(FactAttribute), inherit: false)));
    }

    // An advice without the names of what it is about.
    private static string Kind(string advice) => Address().Replace(
        advice.Replace("www.example.test:443", "NAME", StringComparison.Ordinal).Replace("www.example.test", "NAME", StringComparison.Ordinal).Replace("x.lab", "LAB", StringComparison.Ordinal)
            .Replace("sha256//AAAA", "PIN", StringComparison.Ordinal), "ADDRESS");

    /// <summary>No word of an advice stands for another one that the program knows.</summary>
    [Fact]
    public void Advice_names_the_name_and_the_lab()
    {
        Assert.Contains("Try: firstbyte resolve --lab=advice.lab mail.test MX (or another type)", Run("http://mail.test/").Output, StringComparison.Ordinal);
        Assert.Contains("Try: resolve mail.test MX (or another type)", Prompt("fetch http://mail.test/").Output, StringComparison.Ordinal);
        Assert.All(FailureSentenceTests.All.SelectMany(static failure => Languages.All.SelectMany(language =>
            FailureSentenceTests.Standpoints.Select(at => language.Failures.Try(failure, at)?.ToString()).OfType<string>())), static advice =>
            Assert.DoesNotMatch(@"\bNAME\b|\bURL\.|\bLAB\b", advice));
    }

    [Fact]
    public void A_TRACE_with_content()
    {
        const string Url = "http://www.test:8082/guestbook";
        Advice(nameof(A_TRACE_with_content), Run("-X", "TRACE", "-d", "a", Url));
        Cured("-X", "TRACE", Url);
        Cured("-X", "POST", "-d", "a", Url);
    }

    [Fact]
    public void A_tunnel_to_a_page()
    {
        Advice(nameof(A_tunnel_to_a_page), Run("-X", "CONNECT", "http://www.test:8082/guestbook"));
        Cured("-X", "CONNECT", "http://www.test:8082");
    }

    [Fact]
    public void Content_that_can_be_read_only_once()
    {
        const string Url = "http://www.test:8082/guestbook";
        var much = new string('a', 2 * 1024 * 1024);
        Advice(nameof(Content_that_can_be_read_only_once), RunWith(much, "--data-binary", "@-", Url, Url));
        File.WriteAllText(Path.Combine(_folder.Path, "FILE"), "content");
        Cured("-X", "POST", "-T", "FILE", Url, Url);
        Cured("-d", "@FILE", Url, Url);
    }

    [Fact]
    public void Content_of_unknown_length_for_an_old_server()
    {
        string[] words = ["-X", "POST", "-T", "-", "http://www.test:8082/guestbook"];
        Advice(nameof(Content_of_unknown_length_for_an_old_server), Run(["--http1.0", .. words]));
        Cured(words);
        File.WriteAllText(Path.Combine(_folder.Path, "FILE"), "content");
        Cured("--http1.0", "-T", "FILE", "-X", "POST", words[^1]);
    }

    [Fact]
    public void A_text_that_is_no_url()
    {
        var advice = Advice(nameof(A_text_that_is_no_url), Run("http://a^b/"));
        var words = advice[..advice.IndexOf(" shows", StringComparison.Ordinal)].Split(' ');
        var shown = Command.Run([.. words[1..].Select(static word => word == "'…'" ? "http://a^b/" : word)]);
        Assert.Contains("character 9 '^'", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheme_without_a_client()
    {
        Assert.Contains("http://", Advice(nameof(A_scheme_without_a_client), Run("gopher://www.test/")), StringComparison.Ordinal);
        Cured("http://www.test/");
    }

    [Fact]
    public void A_method_that_is_none()
    {
        Advice(nameof(A_method_that_is_none), Run("-X", "GET ME", "http://www.test/"));
        Cured("-X", "PUT", "http://www.test/");
        Cured("http://www.test/");
    }

    [Fact]
    public void A_field_name_of_two_words()
    {
        Advice(nameof(A_field_name_of_two_words), Run("-H", "Bad field: x", "http://www.test/"));
        Cured("-H", "Bad-field: x", "http://www.test/");
    }

    [Fact]
    public void A_name_with_an_empty_part()
    {
        Advice(nameof(A_name_with_an_empty_part), Run("http://www..test/"));
        Cured("http://www.test/");
    }

    [Fact]
    public void Redirects_in_a_circle()
    {
        using var server = new RawServer(static connection =>
        {
            var isKnown = connection.ReadHead().Contains("seen=1", StringComparison.Ordinal);
            connection.Send(isKnown ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        Advice(nameof(Redirects_in_a_circle), Run("-L", server.Url));
        Assert.Contains("Location: /", Run("-L", "-v", server.Url).Output, StringComparison.Ordinal);
        Cured("-L", "-b", "", server.Url);
    }

    [Fact]
    public void An_address_without_a_card()
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        NetworkNamespace.Run(() =>
        {
            // A namespace begins without a card that is up.
            NetworkNamespace.Ip("link set lo down");
            Advice(nameof(An_address_without_a_card), Command.Run("http://[::1]:9/"));
            NetworkNamespace.Ip("link set lo up");
            Assert.Contains("nothing listens on that port", Command.Run("http://[::1]:9/").Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_chain_of_redirects_that_is_longer_than_its_limit()
    {
        Advice(nameof(A_chain_of_redirects_that_is_longer_than_its_limit), Run("-L", "--max-redirs", "1", "http://www.test:8081/1"));
        Cured("-L", "--max-redirs", "2", "http://www.test:8081/1");
    }

    [Fact]
    public void Content_that_is_larger_than_its_limit()
    {
        Advice(nameof(Content_that_is_larger_than_its_limit), Run("--max-filesize", "5", "http://www.test/"));
        Cured("--max-filesize", "1k", "http://www.test/");
    }

    [Fact]
    public void A_transfer_that_is_slower_than_its_limit()
    {
        Add("host slow on wan .81 gateway gate serves http pace 1kB { / size 10kB }");
        Advice(nameof(A_transfer_that_is_slower_than_its_limit), Run("--speed-limit", "2k", "--speed-time", "3", "http://192.0.2.81/"));
        Cured("--speed-limit", "500", "--speed-time", "3", "http://192.0.2.81/");
    }

    [Fact]
    public void A_part_of_something_else()
    {
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nYou are here.");
        });
        File.WriteAllText(Path.Combine(_folder.Path, "page"), "another");
        Advice(nameof(A_part_of_something_else), Command.RunIn(_folder.Path, "-C", "-", "-o", "page", server.Url));
        Assert.Equal(0, Command.RunIn(_folder.Path, "-o", "page", server.Url).ExitCode);
        Assert.Equal("You are here.", File.ReadAllText(Path.Combine(_folder.Path, "page")));
    }

    [Fact]
    public void A_family_that_is_asked_for_alone()
    {
        Advice(nameof(A_family_that_is_asked_for_alone), Run("-6", "http://www.test/"));
        Cured("http://www.test/");
        // Of the other family this lab has no network.
        Advice(nameof(A_family_that_is_asked_for_alone), Run("-4", "--resolve", "six.test:80:2001:db8::80", "http://six.test/"));
    }

    [Fact]
    public void A_user_whom_an_FTP_server_does_not_let_in()
    {
        Advice(nameof(A_user_whom_an_FTP_server_does_not_let_in), Run("ftp://tone:wrong@www.test/dir/page.txt"));
        Cured("ftp://tone:secret@www.test/dir/page.txt");
    }

    /// <summary>As vsftpd refuses a file where its data connection brings no session; that the name cures it is seen beside vsftpd.</summary>
    [Fact]
    public void A_session_that_is_kept_by_name()
    {
        using var data = new RawServer(static _ => { });
        using var server = new RawServer(connection =>
        {
            connection.Send("220 ready\r\n");
            while (true)
            {
                connection.Send(connection.ReadLine().Split(' ', '\r')[0] switch
                {
                    "USER" => "331 password\r\n",
                    "PASS" => "230 in\r\n",
                    "EPSV" => $"229 here (|||{data.Port}|)\r\n",
                    "RETR" => "150 coming\r\n522 SSL connection failed: session reuse required\r\n",
                    _ => "200 so be it\r\n",
                });
            }
        });
        Advice(nameof(A_session_that_is_kept_by_name), Command.Run(server.Url.Replace("http:", "ftp:", StringComparison.Ordinal) + "file.txt"));
    }

    [Fact]
    public void A_file_that_an_FTP_server_does_not_have()
    {
        Advice(nameof(A_file_that_an_FTP_server_does_not_have), Run("ftp://tone:secret@www.test/dir/pages.txt"));
        var shown = Run("ftp://tone:secret@www.test/dir/");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("page.txt", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_that_holds_its_content()
    {
        Advice(nameof(A_url_that_holds_its_content), Run("data:text/plain,hello"));
        Assert.Contains("text/plain,hello", Command.Run("url", "data:text/plain,hello").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_of_a_WebSocket()
    {
        Advice(nameof(A_url_of_a_WebSocket), Run("ws://www.test/"));
        Cured("http://www.test/");
        Cured("https://www.test/");
    }

    [Fact]
    public void A_group_of_no_server()
    {
        Advice(nameof(A_group_of_no_server), Run("news:a.b"));
        Cured("news://www.test/a.b");
        Cured("--news-server", "www.test", "news:a.b");
    }

    [Fact]
    public void An_article_without_a_subject()
    {
        var file = Path.Combine(_folder.Path, "article");
        File.WriteAllText(file, "X-Field: x\n\nhello\n");
        Advice(nameof(An_article_without_a_subject), Run("-T", file, "news://www.test/a.b"));
        File.WriteAllText(file, "Subject: hello\n\nhello\n");
        Assert.Equal(0, Run("--mail-from", "ada@www.test", "-T", file, "news://www.test/a.b").ExitCode);
    }

    [Fact]
    public void A_group_that_a_news_server_does_not_have()
    {
        Advice(nameof(A_group_that_a_news_server_does_not_have), Run("news://www.test/a.c"));
        Assert.Contains("a.b", Run("news://www.test/*").Output, StringComparison.Ordinal);
        Assert.Contains("hello", Run("news://www.test/a.b").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_news_server_that_wants_to_know_who_asks()
    {
        Advice(nameof(A_news_server_that_wants_to_know_who_asks), Run("news://www.test:1119/a.b"));
        Assert.Equal(0, Run("-u", "tone:secret", "news://www.test:1119/a.b").ExitCode);
    }

    [Fact]
    public void A_news_server_without_TLS()
    {
        Advice(nameof(A_news_server_without_TLS), Run("-u", "tone:secret", "nntp://www.test/a.b"));
        Assert.Equal(0, Run("-u", "tone:secret", "nntps://www.test/a.b").ExitCode);
    }

    [Fact]
    public void A_message_that_nobody_sends()
    {
        Advice(nameof(A_message_that_nobody_sends), Run("--send", "mailto:tone@www.test"));
        Cured("--send", "--mail-from", "ada@www.test", "mailto:tone@www.test");
    }

    [Fact]
    public void A_message_for_nobody()
    {
        Advice(nameof(A_message_for_nobody), Run("mailto:tone"));
        Assert.Equal(0, Run("mailto:tone@www.test").ExitCode);
    }

    [Fact]
    public void A_recipient_who_is_put_off()
    {
        var tries = 0;
        using var server = new RawServer(connection => MailTalk.Serve(connection, _ => tries++ == 0 ? "450 4.2.0 Greylisted" : "250 2.1.5 Ok"));
        string[] words = ["--send", "--mail-from", "ada@www.test", "--smarthost", $"127.0.0.1:{server.Port}", "mailto:tone@www.test"];
        Advice(nameof(A_recipient_who_is_put_off), Command.Run(words));
        Assert.Equal(0, Command.Run(words).ExitCode);
    }

    [Fact]
    public void A_user_whom_a_mail_server_does_not_let_in()
    {
        string[] words = ["--send", "--mail-from", "ada@www.test", "--smarthost", "mail.www.test:465", "-k", "mailto:tone@www.test"];
        Advice(nameof(A_user_whom_a_mail_server_does_not_let_in), Run(["-u", "tone:wrong", .. words]));
        Cured(["-u", "tone:secret", .. words]);
    }

    [Fact]
    public void A_recipient_whom_a_mail_server_does_not_have()
    {
        Advice(nameof(A_recipient_whom_a_mail_server_does_not_have), Run("--send", "--mail-from", "ada@www.test", "mailto:tone@mail.test"));
        Cured("--send", "--mail-from", "ada@www.test", "--smarthost", "mail.www.test:465", "-u", "tone:secret", "mailto:tone@www.test");
    }

    [Fact]
    public void A_mail_server_without_STARTTLS()
    {
        using var server = new RawServer(static connection => MailTalk.Serve(connection, static _ => "250 ok", null, "AUTH PLAIN"));
        Advice(nameof(A_mail_server_without_STARTTLS), Command.Run(
            "--send", "--mail-from", "ada@www.test", "--smarthost", $"127.0.0.1:{server.Port}", "-u", "tone:secret", "mailto:tone@www.test"));
        Cured("--send", "--mail-from", "ada@www.test", "--smarthost", "mail.www.test:465", "-u", "tone:secret", "mailto:tone@www.test");
    }

    [Fact]
    public void A_file_that_this_host_does_not_have()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "page.txt"), "You are here.");
        Advice(nameof(A_file_that_this_host_does_not_have), Command.Run($"file://{_folder.Path}/pages.txt"));
        Assert.Contains("page.txt", Command.Run($"file://{_folder.Path}/").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_written()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "page.txt"), "You are here.");
        string[] words = ["-T", Path.Combine(_folder.Path, "page.txt"), $"file://{_folder.Path}/copy.txt"];
        Advice(nameof(A_file_that_may_not_be_written), Command.Run(words));
        Assert.Equal(0, Command.Run(["--allow-file-write", .. words]).ExitCode);
        Assert.Equal("You are here.", File.ReadAllText(Path.Combine(_folder.Path, "copy.txt")));
    }

    [Fact]
    public void A_range_behind_the_end_of_a_file()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "page.txt"), "You are here.");
        Advice(nameof(A_range_behind_the_end_of_a_file), Command.Run("-r", "13-", $"file://{_folder.Path}/page.txt"));
        Assert.Contains("13 bytes", Command.Run("-I", $"file://{_folder.Path}/page.txt").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_host()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "page.txt"), "You are here.");
        Advice(nameof(A_file_of_another_host), Command.Run($"file://www.test{_folder.Path}/page.txt"));
        Assert.Equal(0, Command.Run($"file://{_folder.Path}/page.txt").ExitCode);
    }

    [Fact]
    public void Another_protocol()
    {
        using var server = new RawServer(static connection => connection.Send("220 mail.example ESMTP\r\n"));
        Advice(nameof(Another_protocol), Run(server.Url));
        Assert.Contains("220 mail.exampl", Command.Run("-v", server.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journey_that_takes_longer_than_its_limit()
    {
        Add("link www-wan latency 1s");
        Advice(nameof(A_journey_that_takes_longer_than_its_limit), Run("--max-time", "3", "http://192.0.2.80/"));
        Cured("--max-time", "30", "http://192.0.2.80/");
    }

    [Fact]
    public void A_response_that_breaks()
    {
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe half");
        });
        Advice(nameof(A_response_that_breaks), Run(server.Url));
        Assert.Contains("the half", Bytes().Replace(Command.Run("-v", server.Url).Output, "the half"), StringComparison.Ordinal);
        Add("at 0s break www 80 after 100 by end");
        Advice(nameof(A_response_that_breaks), Prompt("fetch http://192.0.2.80/") with { ExitCode = 18 });
        Assert.Contains("HTTP/1.1 200 OK", Bytes().Replace(Command.RunIn(_folder.Path, new MemoryStream("fetch http://192.0.2.80/\n"u8.ToArray()), "lab", "run", "advice.lab", "-v").Output, ""), StringComparison.Ordinal);
        Assert.Matches("74 68 65 20 68 61 6c", Command.Run("-v", server.Url).Output.Replace("  ", " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Content_that_cannot_be_decoded()
    {
        using var server = new RawServer(static connection => connection.Send(
            connection.ReadHead().Contains("Accept-Encoding: deflate, gzip, br, zstd", StringComparison.Ordinal)
                ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nno gzip\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        var refused = Run("--compressed", server.Url);
        Advice(nameof(Content_that_cannot_be_decoded), refused);
        Assert.Equal(61, refused.ExitCode);
        Assert.Equal(0, Command.Run(server.Url).ExitCode);
    }

    [Fact]
    public void A_file_that_cannot_be_written()
    {
        Advice(nameof(A_file_that_cannot_be_written), Run("-o", "nowhere/page", "http://www.test/"));
        Cured("-o", "page", "http://www.test/");
        Assert.Equal("You are here.\n", File.ReadAllText(Path.Combine(_folder.Path, "page")));
    }

    [Fact]
    public void A_disk_that_is_full()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        Advice(nameof(A_disk_that_is_full), Run("-o", "/dev/full", "http://www.test/"));
        Cured("-o", "page", "http://www.test/");
    }

    [Fact]
    public void A_pipe_that_nobody_reads()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        var pipe = Path.Combine(_folder.Path, "pipe");
        using (var make = Process.Start("mkfifo", [pipe])) { make.WaitForExit(); }
        Advice(nameof(A_pipe_that_nobody_reads), Run("-m", "1", "-o", pipe, "http://www.test/"));
        using (var reader = Process.Start(new ProcessStartInfo("cat", [pipe]) { RedirectStandardOutput = true, UseShellExecute = false })!)
        {
            Cured("-m", "20", "-o", pipe, "http://www.test/");
            Assert.Equal("You are here.\n", reader.StandardOutput.ReadToEnd());
            reader.WaitForExit();
        }
        Cured("-m", "1", "-o", "page", "http://www.test/");
    }

    private string _lab = Lab;

    private void Change(string from, string to)
    {
        Assert.Contains(from, _lab, StringComparison.Ordinal);
        _lab = _lab.Replace(from, to, StringComparison.Ordinal);
    }

    private void Add(string line) => _lab += "\n" + line + "\n";

    private CommandRun Run(params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "advice.lab"), _lab);
        // A server of the test's own is on this machine's loopback.
        return arguments[^1].Contains("127.0.0.1", StringComparison.Ordinal) ? Command.RunIn(_folder.Path, arguments) : Command.RunIn(_folder.Path, ["--lab=advice.lab", .. arguments]);
    }

    private CommandRun RunWith(string input, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "advice.lab"), _lab);
        return Command.RunIn(_folder.Path, new MemoryStream(Encoding.UTF8.GetBytes(input)), ["--lab=advice.lab", .. arguments]);
    }

    private CommandRun Prompt(params string[] commands)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "advice.lab"), _lab);
        return Command.RunIn(_folder.Path, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', commands) + "\n")), "lab", "run", "advice.lab");
    }

    // The command that stands in an advice, as it stands there.
    private CommandRun Follow(string advice)
    {
        var command = Shell().Match(advice).Groups["command"].Value;
        Assert.NotEqual("", command);
        return Command.RunIn(_folder.Path, command.Split(' '));
    }

    private CommandRun FollowAtPrompt(string advice) => Prompt(AtPrompt().Match(advice).Groups["command"].Value);

    private void Cured(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} does not cure it:\n{run.Output}{run.Errors}");
    }

    /// <summary>The advice that the run gave, which has to be the one of this test.</summary>
    private static string Advice(string test, CommandRun run)
    {
        Assert.NotEqual(0, run.ExitCode);
        var text = string.Join(' ', run.Output.Split('\n').Select(static line => line.Trim()));
        var given = s_tested.Keys.Select(advice => (Test: s_tested[advice], Text: Pattern(advice).Match(text) is { Success: true } found ? found.Groups[1].Value : null))
            .Where(static one => one.Text is not null).MaxBy(static one => one.Text!.Length);
        Assert.True(given.Text is not null && given.Test == test, $"another advice, or none:\n{run.Output}{run.Errors}");
        return given.Text;
    }

    private static Regex Pattern(string advice) => new(
        "Try: (" + Names().Replace(Regex.Escape(advice), @"[\w.:/+=-]+") + ")", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\b(NAME|LAB|ADDRESS|PIN)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\.\d+\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"firstbyte (?<command>.+?)( \(| to see| shows| says| asks)", RegexOptions.ExplicitCapture)]
    private static partial Regex Shell();

    [GeneratedRegex(@"^(?<command>.+?)( \(| to see| shows)", RegexOptions.ExplicitCapture)]
    private static partial Regex AtPrompt();

    [GeneratedRegex(@"is for ([a-z.]+)")]
    private static partial Regex CertificateName();

    [GeneratedRegex(@"the ha\S*")]
    private static partial Regex Bytes();
}
