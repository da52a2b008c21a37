using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Zones;

public class ZoneFileReaderTests
{
    private static readonly DnsName Example = DnsName.Parse("example.");

    [Fact]
    public void Every_form_of_rfc_1035_section_5_is_read()
    {
        var file = Read(
            """
            ; a comment, then the times in every spelling
            $TTL 1h
            @       IN      SOA     ns1 hostmaster (
                                    2026010101 ; serial
                                    2h         ; refresh
                                    15M 2w1d   ; retry, expire
                                    300 )      ; minimum
                    NS      ns1
                    NS      ns.other.net.
            ns1     60 IN   A       192.0.2.53
                    IN 60   AAAA    2001:db8::53
            www     CNAME   ns1
            $ORIGIN sub.example.
            @       MX      10 mail
            mail    5       A 192.0.2.25
            txt     TXT     "two words" plain "a \"quote\" and \\ and \;" "\065\000"
            _s._tcp SRV     1 2 80 mail
            odd\.dot A      192.0.2.1
            $ORIGIN example.
            type    TYPE65280 \# 3 01 0203
            addr    A       \# 4 C0000201
            back    PTR     www.example.
            tree    DNAME   elsewhere.net.
            """);
        Assert.Empty(file.Problems);
        Assert.Equal(
            """
            example. 3600 IN SOA ns1.example. hostmaster.example. 2026010101 7200 900 1296000 300
            example. 3600 IN NS ns1.example.
            example. 3600 IN NS ns.other.net.
            ns1.example. 60 IN A 192.0.2.53
            ns1.example. 60 IN AAAA 2001:db8::53
            www.example. 3600 IN CNAME ns1.example.
            sub.example. 3600 IN MX 10 mail.sub.example.
            mail.sub.example. 5 IN A 192.0.2.25
            txt.sub.example. 3600 IN TXT "two words" "plain" "a \"quote\" and \\ and ;" "A\000"
            _s._tcp.sub.example. 3600 IN SRV 1 2 80 mail.sub.example.
            odd\.dot.sub.example. 3600 IN A 192.0.2.1
            type.example. 3600 IN TYPE65280 \# 3 010203
            addr.example. 3600 IN A 192.0.2.1
            back.example. 3600 IN PTR www.example.
            tree.example. 3600 IN DNAME elsewhere.net.
            """,
            string.Join('\n', file.Records));
    }

    [Fact]
    public void Without_dollar_ttl_the_last_ttl_holds_and_before_any_the_soas_minimum()
    {
        var file = Read("@ SOA ns h 1 2 3 4 77\n@ NS ns\nns 5 A 192.0.2.1\nb A 192.0.2.2\n");
        Assert.Empty(file.Problems);
        Assert.Equal([77u, 77u, 5u, 5u], file.Records.Select(record => record.Ttl.Seconds));
    }

    [Fact]
    public void Included_files_have_their_own_origin_and_leave_the_outer_one_alone()
    {
        var file = ZoneFileReader.Read("$TTL 9\na A 192.0.2.1\n$INCLUDE inner.db in\n A 192.0.2.2\nb A 192.0.2.3", "db", Example,
            name => name == "inner.db" ? "x A 192.0.2.9\n$ORIGIN deep\ny A 192.0.2.8" : null);
        Assert.Empty(file.Problems);
        Assert.Equal(
            ["a.example. 192.0.2.1", "x.in.example. 192.0.2.9", "y.deep.in.example. 192.0.2.8", "a.example. 192.0.2.2", "b.example. 192.0.2.3"],
            file.Records.Select(record => $"{record.Owner} {record.Data}"));
        Assert.Equal(["db:2:1", "inner.db:1:1", "inner.db:3:1", "db:4:2", "db:5:1"], file.Lines.Select(line => line.Place.ToString()));
    }

    [Fact]
    public void Files_that_include_each_other_end()
    {
        var circle = ZoneFileReader.Read("$INCLUDE b", "a", Example, name => name == "b" ? "$INCLUDE a" : "$INCLUDE b");
        Assert.Equal("b:1:10: expected IncludeDepth 20, found 'a'", Assert.Single(circle.Problems).ToString());
        var reads = 0;
        var endless = ZoneFileReader.Read("$INCLUDE f0", "start", Example, _ => $"$INCLUDE f{++reads}");
        Assert.Equal(ZoneFlaw.IncludeTooDeep, Assert.Single(endless.Problems).Flaw);
        Assert.Equal(ZoneFileReader.MaxIncludeDepth, reads);
        Assert.Equal(ZoneFlaw.IncludeMissing, Assert.Single(Read("$INCLUDE nowhere").Problems).Flaw);
    }

    [Theory]
    [InlineData("a 1 A 192.0.2.256", "db:1:7: expected IPv4Address, found '192.0.2.256'")]
    [InlineData("a 1 AAAA 192.0.2.1", "db:1:10: expected IPv6Address, found '192.0.2.1'")]
    [InlineData("a 1 A", "db:1:6: expected IPv4Address, found nothing")]
    [InlineData("a 1 A 192.0.2.1 192.0.2.2", "db:1:17: expected EndOfRecord A, found '192.0.2.2'")]
    [InlineData("a 1 MX 10 b..c", "db:1:13: expected MailExchange (EmptyLabel), found 'b..c'")]
    [InlineData("a 1 MX 99999 b", "db:1:8: expected Preference, found '99999'")]
    [InlineData("a 1 SRV 1 2 x b", "db:1:13: expected Port, found 'x'")]
    [InlineData("a 1 SOA b c 1 2 3 4", "db:1:20: expected MinimumTime, found nothing")]
    [InlineData("a A 192.0.2.1", "db:1:3: expected Ttl, found 'A'")]
    [InlineData(" A 192.0.2.1", "db:1:2: expected OwnerFirst, found 'A'")]
    [InlineData("a 1 IN", "db:1:7: expected RecordType, found nothing")]
    [InlineData("a 1 IN 2 A 192.0.2.1", "db:1:8: expected ClassOrType, found '2'")]
    [InlineData("a 1 BOGUS b", "db:1:5: expected ClassOrType, found 'BOGUS'")]
    [InlineData("a\\999 1 A 192.0.2.1", "db:1:2: expected OwnerName (BadEscape), found 'a\\999'")]
    [InlineData("a 1 TXT \"open", "db:1:9: expected ClosingQuote, found '\"'")]
    [InlineData("a 1 MX ( 10 b", "db:1:8: expected ClosingParenthesis, found '('")]
    [InlineData("a 1 A ( 192.0.2.1\nb 1 A 192.0.2.2\n\n", "db:1:7: expected ClosingParenthesis, found '('")]
    [InlineData("a 1 MX 10 b )", "db:1:13: expected OpenedParenthesis, found ')'")]
    [InlineData("$GENERATE 1-2 a$", "db:1:17: expected DirectiveArgument $GENERATE, found nothing")]
    [InlineData("$GENERATE 2-1 a$ A 192.0.2.$", "db:1:11: expected GenerateRange, found '2-1'")]
    [InlineData("$GENERATE 1-2/0 a$ A 192.0.2.$", "db:1:11: expected GenerateRange, found '1-2/0'")]
    [InlineData("$GENERATE 1-2 a${0,64} 1 A 192.0.2.$", "db:1:15: expected GenerateModifier, found 'a${0,64}'")]
    [InlineData("$GENERATE 1-2 a${-2} 1 A 192.0.2.$", "db:1:15: expected GenerateModifier, found 'a${-2}'")]
    [InlineData("$GENERATE 1-2 a${0,1,b} 1 A 192.0.2.$", "db:1:15: expected GenerateModifier, found 'a${0,1,b}'")]
    [InlineData("$GENERATE 250-300 a$ 1 A 192.0.2.$", "db:1:26: expected IPv4Address, found '192.0.2.256'")]
    [InlineData("$BOGUS 1", "db:1:1: expected Directive, found '$BOGUS'")]
    [InlineData("$TTL soon", "db:1:6: expected Time, found 'soon'")]
    [InlineData("$TTL 4294967296", "db:1:6: expected Time, found '4294967296'")]
    [InlineData("$ORIGIN", "db:1:8: expected DirectiveArgument $ORIGIN, found nothing")]
    [InlineData("a 1 TYPE65280 010203", "db:1:15: expected GenericData TYPE65280, found '010203'")]
    [InlineData("a 1 TYPE65280 \\# 4 010203", "db:1:20: expected HexadecimalBytes 4, found '010203'")]
    [InlineData("a 1 A \\# 3 010203", "db:1:12: expected DataOfType A, found '010203'")]
    public void What_is_wrong_is_told_with_its_place_and_what_was_expected(string text, string problem) =>
        Assert.Equal(problem, Assert.Single(Read(text).Problems).ToString());

    /// <summary>What is not read may have what is missing: one error is told where one was made.</summary>
    [Fact]
    public void A_zone_of_which_the_end_was_not_read_is_not_judged_further()
    {
        const string Text = "$TTL 60\n@ NS ns\n@ SOA ns h ( 1 2 3 4 5\nns A 192.0.2.1\n";
        Assert.False(Zone.TryLoad(Text, "db", Example, out _, out var problems));
        Assert.Equal("db:3:12: expected ClosingParenthesis, found '('", Assert.Single(problems).ToString());
        var many = string.Concat(Enumerable.Range(0, 2 * ZoneFileReader.MaxProblems).Select(static i => $"x{i} A\n"));
        Assert.False(Zone.TryLoad($"$TTL 60\n@ NS ns\n{many}@ SOA ns h 1 2 3 4 5\n", "db", Example, out _, out problems));
        Assert.DoesNotContain(problems, static problem => problem.Flaw is ZoneFlaw.SoaMissing or ZoneFlaw.GlueMissing);
    }

    [Fact]
    public void Generated_records_have_the_number_in_every_form()
    {
        var file = Read(
            """
            $TTL 60
            $GENERATE 9-11/2 host$ A 192.0.2.$
            $GENERATE 1-1 ${0,3}.${10,4,x}.${254,2,X}.${8,0,o} 5 CNAME a$$.b\$
            $GENERATE 10-10 ${0,7,n} IN PTR host-${-9}
            """);
        Assert.Empty(file.Problems);
        Assert.Equal(
            """
            host9.example. 60 IN A 192.0.2.9
            host11.example. 60 IN A 192.0.2.11
            001.000b.FF.11.example. 5 IN CNAME a\$.b\$.example.
            a.0.0.0.example. 60 IN PTR host-1.example.
            """, string.Join('\n', file.Records));
    }

    [Fact]
    public void Generating_ends_at_its_limit()
    {
        var file = Read("$TTL 60\n$GENERATE 0-2147483647 h A 192.0.2.1\n$GENERATE 0-2147483647 h A 192.0.2.1\n");
        Assert.Equal(ZoneFileReader.MaxGenerated, file.Lines.Count);
        Assert.Equal([(ZoneFlaw.TooManyGenerated, 2), (ZoneFlaw.TooManyGenerated, 3)], file.Problems.Select(problem => (problem.Flaw, problem.Place.Line)));
    }

    [Fact]
    public void Warnings_do_not_end_the_reading()
    {
        var file = Read(string.Concat(Enumerable.Repeat("é 4294967295 TXT x\n", ZoneFileReader.MaxProblems)) + "a 1 A x\n");
        Assert.Equal(ZoneFileReader.MaxProblems, file.Lines.Count);
        Assert.All(file.Records, record => Assert.Equal((@"\195\169.example.", 0u), (record.Owner.ToString(), record.Ttl.Seconds)));
        Assert.Equal(ZoneFileReader.MaxProblems + 1, file.Problems.Count);
        Assert.Equal(ZoneFlaw.DataShape, file.Problems[^1].Flaw);
        Assert.Equal(0u, Read("$TTL 3000000000\na A 192.0.2.1").Lines[0].Record.Ttl.Seconds);
    }

    [Fact]
    public void A_string_over_lines_keeps_the_places_of_what_follows()
    {
        var file = Read("a 1 TXT \"one\ntwo\" three\nb 1 A x\n");
        Assert.Equal(["db:1:9: expected StringOnOneLine, found 'one'", "db:3:7: expected IPv4Address, found 'x'"], file.Problems.Select(problem => problem.ToString()));
        Assert.Equal(@"""one\010two"" ""three""", Assert.Single(file.Records).Data.ToString());
        // Too far away for a string: it was never closed.
        Assert.Equal(ZoneFlaw.Unclosed, Read("a 1 TXT \"one\n" + new string(';', 1100) + "\"").Problems[0].Flaw);
    }

    [Fact]
    public void One_wrong_entry_does_not_hide_the_next()
    {
        var file = Read("$TTL 1\na A x\nb A 192.0.2.1\nc.. A 192.0.2.2\n A 192.0.2.3\nd MX ( 10\n q )\ne FOO\n");
        Assert.Equal([(2, 5), (4, 3), (8, 3)], file.Problems.Select(problem => (problem.Place.Line, problem.Place.Column)));
        Assert.Equal(["b.example.", "d.example."], file.Records.Select(record => record.Owner.ToString()));
    }

    [Fact]
    public void A_file_full_of_errors_is_given_up()
    {
        var file = Read(string.Concat(Enumerable.Repeat("a 1 A x\n", 1000)));
        Assert.Equal(ZoneFileReader.MaxProblems + 1, file.Problems.Count);
        Assert.Equal(ZoneFlaw.TooMany, file.Problems[^1].Flaw);
    }

    [Fact]
    public void What_records_write_is_read_back() => DnsGenerators.Record.Array[1, 20].Sample(records =>
    {
        var file = ZoneFileReader.Read(string.Join('\n', records.Select(record => record.ToString())), "db", DnsName.Root);
        Assert.Empty(file.Problems);
        Assert.Equal(records, file.Records);
    });

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Gen.Char["()\";\\\n\t $@.a1AMX\0é\uD800"].Array[0, 80].Sample(text => ZoneFileReader.Read(new string(text), "db", Example, _ => new string(text)), iter: Depth.Of(3000));

    private static ZoneFile Read(string text) => ZoneFileReader.Read(text, "db", Example);
}
