using System.Text;
using Firstbyte.Exports;

namespace Firstbyte.Tests.Exports;

public class SecretTests
{
    [Theory]
    [InlineData("http://user:hunter2@www.glasscom.com:80/dir/file1.htm", "http://user:********@www.glasscom.com:80/dir/file1.htm")]
    [InlineData("user:hunter2@host/path", "user:********@host/path")]
    [InlineData("http://h/?a=1&password=hunter2&b=2", "http://h/?a=1&password=********&b=2")]
    [InlineData("http://h/?access_token=hunter2#f", "http://h/?access_token=********#f")]
    [InlineData("http://h/mail@example.com:hunter", "http://h/mail@example.com:hunter")]
    [InlineData("http://user@h/", "http://user@h/")]
    [InlineData("http://ghp_0123456789abcdef@h/", "http://********@h/")]
    [InlineData("http://shpat_0@h/", "http://********@h/")]
    [InlineData("http://sk-proj-a@h/", "http://********@h/")]
    [InlineData("http://eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc@h/", "http://********@h/")]
    [InlineData("http://MARK77:x-oauth-basic@h/", "http://********:********@h/")]
    [InlineData("http://h/?PHPSESSID=hunter2&passwordConfirm=hunter2&assertion=hunter2", "http://h/?PHPSESSID=********&passwordConfirm=********&assertion=********")]
    [InlineData("http://h/?SAMLResponse=hunter2&ticket=hunter2&hmac=hunter2", "http://h/?SAMLResponse=********&ticket=********&hmac=********")]
    [InlineData("http://h/sk-SK/", "http://h/sk-SK/")]
    [InlineData("http://ghp_0123456789abcdef:x-oauth-basic@h/", "http://********:********@h/")]
    [InlineData("http://h/?pass%77ord=hunter2&x=1", "http://h/?pass%77ord=********&x=1")]
    [InlineData("http://h/?password[]=hunter2&user%5Bpassword%5D=hunter2", "http://h/?password[]=********&user%5Bpassword%5D=********")]
    [InlineData("http://h/?X-Amz-Credential=hunter2&X-Amz-Signature=hunter2&sig=hunter2", "http://h/?X-Amz-Credential=********&X-Amz-Signature=********&sig=********")]
    [InlineData("http://h/cb?code=hunter2&session=hunter2&state=1", "http://h/cb?code=********&session=********&state=1")]
    [InlineData("http://h/#access_token=hunter2&expires=1", "http://h/#access_token=********&expires=1")]
    [InlineData("http://h/?zip_code=12345&author=me&monkey=1", "http://h/?zip_code=12345&author=me&monkey=1")]
    // What the URL parser reads as credentials, however it is written.
    [InlineData("http://a>b:hunter2@h/", "http://a>b:********@h/")]
    [InlineData("http://us er:hun ter2@h/", "http://us er:********@h/")]
    [InlineData("http://a\"b:hunter2\"x@h/?q", "http://a\"b:********@h/?q")]
    [InlineData("http:/user:hunter2@h/", "http:/user:********@h/")]
    [InlineData("http:////user:hunter2@h/", "http:////user:********@h/")]
    [InlineData("http:\\\\user:hunter2@h/", "http:\\\\user:********@h/")]
    [InlineData("ht\ttp:/\t/user:hunter2@h/", "ht\ttp:/\t/user:********@h/")]
    [InlineData("//user:hunter2@h/", "//user:********@h/")]
    [InlineData("http://u:hun@ter2@h/", "http://u:********@h/")]
    [InlineData("http://u:@h/", "http://u:@h/")]
    [InlineData("http://user:hunter2@h/?to=http://u:hunter2@h2/", "http://user:********@h/?to=http://u:********@h2/")]
    [InlineData("http://localhost:8080", "http://localhost:8080")]
    [InlineData("localhost:8080/x", "localhost:8080/x")]
    // A scheme that names no host has no credentials, whoever it writes to.
    [InlineData("mailto:tone@glasscom.com", "mailto:tone@glasscom.com")]
    [InlineData("MAILTO:tone@glasscom.com?cc=a@b", "MAILTO:tone@glasscom.com?cc=a@b")]
    [InlineData("sip:tone:5060@glasscom.com", "sip:tone:5060@glasscom.com")]
    [InlineData("mailto:tone@glasscom.com?body=password=hunter2", "mailto:tone@glasscom.com?body=password=********")]
    [InlineData("mailto:\t//user:hunter2@h/", "mailto:\t//user:********@h/")]
    [InlineData("http:user:hunter2@h/", "http:********@h/")]
    [InlineData("http://h/?key=hunter2&pw=hunter2&keyword=x", "http://h/?key=********&pw=********&keyword=x")]
    [InlineData("http://h/?next=http%3A%2F%2Fh2%2F%3Ftoken%3Dhunter2%26page%3D2&x=1", "http://h/?next=http%3A%2F%2Fh2%2F%3Ftoken%3D********%26page%3D2&x=1")]
    [InlineData("http://deadbeefdeadbeefdeadbeefdeadbeefdeadbeef@h/", "http://********@h/")]
    public void Passwords_in_urls_are_covered(string url, string masked) => Assert.Equal(masked, SecretText.MaskUrl(url));

    /// <summary>However the bytes are cut into pieces, no secret shows, and every piece keeps its length.</summary>
    [Fact]
    public void Secrets_on_the_wire_are_covered_at_every_cut()
    {
        var message = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic hunter2\r\nX: y\r\ncookie: a=hunter2; b=hunter2\r\n\r\n");
        for (var cut = 0; cut <= message.Length; cut++)
        {
            var wire = new SecretWire();
            var masked = wire.Mask(message.AsSpan(0, cut)).Concat(wire.Mask(message.AsSpan(cut))).ToArray();
            var text = Encoding.ASCII.GetString(masked);
            Assert.Equal(message.Length, masked.Length);
            Assert.DoesNotContain("hunter2", text);
            Assert.Contains("Host: h\r\n", text);
            Assert.Contains("X: y\r\n", text);
        }
    }

    [Theory]
    [InlineData("fetch -H \"X-Api-Key: hunter2\" http://h/?password=hunter2", "fetch -H \"X-Api-Key: ********\" http://h/?password=********")]
    [InlineData("fetch -H 'Authorization: Bearer hunter2' http://h:80/", "fetch -H 'Authorization: ********' http://h:80/")]
    [InlineData("fetch -H X-Session-Id:hunter2 http://h/", "fetch -H X-Session-Id:******** http://h/")]
    [InlineData("fetch -H \"Accept: x\" http://h/", "fetch -H \"Accept: x\" http://h/")]
    public void Fields_of_a_command_line_are_covered(string line, string masked) => Assert.Equal(masked, SecretText.MaskCommand(line));

    /// <summary>A multipart form and JSON that come in pieces as small as segments may be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(236)]
    [InlineData(256)]
    public void Secrets_of_long_bodies_are_covered_in_pieces(int size)
    {
        var parts = string.Concat(((string[])["password", "user[pass]", "api_key"]).Select(static name =>
            $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\nX-Pad: {new string('p', 300)}\r\n\r\nhunter2hunter2\r\n")) + "--b--\r\n";
        foreach (var body in (string[])[parts, "{\"pass\\u0077ord\" : \"hunter2\",\"deep\":{\"client_secret\": \"\\\"hunter2\"},\"api_key\":[\"hunter2\", \"hunter2\"],\"kept\":\"x\"}"])
        {
            var wire = new SecretWire();
            var masked = string.Concat(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: h\r\n\r\n" + body).Chunk(size).Select(piece => Encoding.ASCII.GetString(wire.Mask(piece))));
            Assert.DoesNotContain("hunter2", masked);
            Assert.Equal(body.Contains("kept", StringComparison.Ordinal), masked.Contains("\"kept\":\"x\"", StringComparison.Ordinal));
        }
    }

    public static TheoryData<string> Messages =>
    [
        "GET /?password=SECRET&a=1 HTTP/1.1\r\nHost: h\r\nX-Api-Key: SECRET\r\nX-Auth-Token: SECRET\r\nX-Amz-Security-Token: SECRET\r\n\r\n",
        "HTTP/1.1 302 Found\r\nHost: h\r\nLocation: http://user:SECRET@h/\r\nLink: <https://u:SECRET@h/>; rel=next\r\nServer: kept\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nuser=a&pass%77ord=SECRET&password[]=SECRET&x=kept",
        "POST / HTTP/1.1\r\nHost: h\r\n\r\n{\"user\":\"kept\",\"password\": \"SECRET\",\"deep\":{\"access_token\":\"a\\\"SECRET\"},\"otp\":4711,\"code\":404}",
        "POST / HTTP/1.1\r\nHost: h\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nkept\r\n--b\r\nContent-Disposition: form-data; name=\"password\"\r\n"
            + "Content-Type: text/plain\r\n\r\nSECRET\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nkept\r\n--b--\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\n\r\n<a><user>kept</user><password>SECRET</password><s:Token Type=\"x\">SECRET</s:Token><l passwd=\"SECRET\" pwd='SECRET'/></a>",
        "POST / HTTP/1.1\r\nHost: h\r\nX-Auth: SECRET\r\nCookie2: SECRET\r\nDPoP: SECRET\r\nX-Hub-Signature-256: SECRET\r\n\r\n{\"api_key\":{\"v\":\"SECRET\",\"w\":[\"SECRET\"]},\"x\":\"kept\"}",
        "POST / HTTP/1.1\r\nHost: h\r\n\r\npass+word=SECRET&user+password=SECRET&a+b=kept",
    ];

    [Theory]
    [InlineData("http://h/bot/ghp_0123456789abcdef/send?x=1", "http://h/bot/********/send?x=1")]
    [InlineData("see xoxb-12345678-abcdefgh: it is gone", "see ********: it is gone")]
    [InlineData("hf_models and SG.1 are none", "hf_models and SG.1 are none")]
    [InlineData("<!-- > --><p>text</p>", "<!-- > --><p>text</p>")]
    public void Tokens_show_nowhere(string text, string masked) => Assert.Equal(masked, SecretText.Mask(text));

    /// <summary>However a message is cut in two, not one letter of a secret shows, and what is none does.</summary>
    [Theory]
    [MemberData(nameof(Messages))]
    public void Secrets_of_every_kind_are_covered_at_every_cut(string template)
    {
        // Letters that stand nowhere else: half a secret is found too.
        var message = Encoding.ASCII.GetBytes(template.Replace("SECRET", "~~~~~~", StringComparison.Ordinal));
        for (var cut = 0; cut <= message.Length; cut++)
        {
            var wire = new SecretWire();
            var masked = wire.Mask(message.AsSpan(0, cut)).Concat(wire.Mask(message.AsSpan(cut))).ToArray();
            var text = Encoding.ASCII.GetString(masked);
            Assert.Equal(message.Length, masked.Length);
            Assert.DoesNotContain("~", text);
            Assert.DoesNotContain("4711", text);
            Assert.Contains("Host: h\r\n", text);
            if (template.Contains("kept")) { Assert.Contains("kept", text); }
        }
    }

    [Fact]
    public void Passwords_in_forms_are_covered() =>
        Assert.Equal("user=a&password=*******&x=1", Encoding.ASCII.GetString(new SecretWire().Mask("user=a&password=hunter2&x=1"u8)));
}
