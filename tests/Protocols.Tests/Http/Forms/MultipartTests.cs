using System.Text;
using CsCheck;
using Firstbyte.Http;
using Firstbyte.Http.Forms;

namespace Firstbyte.Tests.Http.Forms;

public class MultipartTests
{
    private const string Boundary = "------------------------0123456789ABCDEFGHIJKL";

    // Names and contents that look like what stands around them.
    private static readonly Gen<string> s_name = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 8], OneOf("a\"b", "user[password]", "a;filename=\"x", "línea\r\nfin", "; name=\"q\"", "名前", ""));

    private static readonly Gen<byte[]> s_content = Gen.OneOf(
        Gen.Byte.Array[0, 300],
        OneOf("\r\n--", "--" + Boundary, "\r\n--" + Boundary[..^1], "\r\n\r\n--" + Boundary[..^1] + "X\r\n", "\r\n--" + Boundary[..10] + "\r\n--", "", "\r", "\r\n").Select(Encoding.Latin1.GetBytes));

    private static readonly Gen<(FormPartHead Head, byte[] Content)> s_part =
        from name in s_name
        from file in Gen.OneOf(Gen.Const((string?)null), s_name.Select(static file => (string?)file))
        from type in OneOf<string?>(null, "text/plain; charset=utf-8", "application/octet-stream")
        from field in OneOf<HttpField[]>([], [new HttpField("X-Part", "1; a=\"b\"")])
        from content in s_content
        select (new FormPartHead(name, file, type) { Fields = field }, content);

    /// <summary>Whatever goes into a form comes out of it, however its bytes are cut.</summary>
    [Fact]
    public void A_form_is_read_back_as_it_was_written() =>
        Gen.Select(s_part.Array[0, 4], Gen.Int[1, 80].Array[1, 6]).Sample((parts, cuts) =>
        {
            var read = Read(Write(parts), cuts);
            Assert.NotNull(read);
            Assert.Equal(parts.Select(Shown), read.Select(Shown));
        });

    [Fact]
    public void Any_bytes_end_without_an_exception_and_are_done_with() => Gen.Select(
        Gen.OneOf(Gen.Byte.Array[0, 200], s_part.Array[1, 3].SelectMany(parts => Gen.Int[0, 400].Select(Gen.Byte).Select((at, with) => Damaged(Write(parts), at, with)))),
        Gen.Int[1, 80].Array[1, 6]).Sample((bytes, cuts) =>
        {
            var whole = Read(bytes, [bytes.Length + 1]);
            var cut = Read(bytes, cuts);
            Assert.Equal(whole?.Select(Shown), cut?.Select(Shown));
        });

    [Fact]
    public void The_bytes_are_those_of_the_rfc()
    {
        var parts = new[]
        {
            (new FormPartHead("a\"b"), "1"u8.ToArray()),
            (new FormPartHead("f", "x.txt", "text/plain") { Fields = [new HttpField("X-A", "b")] }, "two"u8.ToArray()),
        };
        Assert.Equal(
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1"
            + $"\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\nX-A: b\r\n\r\ntwo"
            + $"\r\n--{Boundary}--\r\n",
            Encoding.UTF8.GetString(Write(parts)));
        Assert.Equal($"--{Boundary}--\r\n", Encoding.UTF8.GetString(Write([])));
    }

    [Fact]
    public void A_boundary_is_made_of_the_random_bytes_it_is_given()
    {
        var boundary = MultipartForm.Boundary(Enumerable.Range(0, MultipartForm.BoundaryBytes).Select(static i => (byte)i).ToArray());
        Assert.Equal("------------------------0123456789ABCDEFGHIJKL", boundary);
        Assert.Equal(boundary, MultipartReader.BoundaryOf(MultipartForm.TypeOf(boundary)));
    }

    [Theory]
    [InlineData("preamble\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\nepilogue", "a=x")]
    [InlineData("--b \t\r\ncontent-disposition:form-data;NAME=\"a\"\r\n\r\nx\r\n--b--", "a=x")]
    [InlineData("--b\r\nContent-Disposition: form-data; filename=\"name=z\"; name=\"a\"\r\n\r\n\r\n--b--", "a(name=z)=")]
    [InlineData("--b--", "")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", null)]
    [InlineData("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", null)]
    [InlineData("--b\r\n\r\nx\r\n--b--", null)]
    [InlineData("--b\r\nno colon\r\n\r\nx\r\n--b--", null)]
    [InlineData("--bx\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--", null)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", null)]
    [InlineData("", null)]
    public void What_is_no_form_is_told_from_what_is(string body, string? read)
    {
        var parts = Read(Encoding.Latin1.GetBytes(body), [1000], "b");
        Assert.Equal(
            read, parts is null ? null : string.Join(' ', parts.Select(static one => $"{one.Head.Name}{(one.Head.FileName is null ? "" : $"({one.Head.FileName})")}={Encoding.Latin1.GetString(one.Content)}")));
    }

    [Theory]
    [InlineData("a head")]
    [InlineData("a preamble")]
    [InlineData("whitespace")]
    public void Endless_bytes_are_not_taken_for_ever(string what)
    {
        var reader = new MultipartReader("b");
        var bytes = what switch
        {
            "a head" => "--b\r\nX: " + new string('a', 2 * MultipartReader.PartHead),
            "a preamble" => new string('a', 2 * MultipartReader.PartHead),
            _ => "--b" + new string(' ', 2 * MultipartReader.PartHead),
        };
        var rest = Encoding.Latin1.GetBytes(bytes).AsSpan();
        MultipartEvent next;
        do
        {
            next = reader.Read(rest, out var consumed);
            rest = rest[consumed..];
        }
        while (next.Kind == MultipartEventKind.Content);
        Assert.Equal(MultipartEventKind.Malformed, next.Kind);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", "abc")]
    [InlineData("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", "a b")]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/mixed; boundary=abc", null)]
    [InlineData(null, null)]
    public void A_boundary_is_found_in_a_content_type(string? type, string? boundary) => Assert.Equal(boundary, MultipartReader.BoundaryOf(type));

    [Theory]
    [InlineData("text/plain\r\nX: y", null, WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData(null, "a\0", WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData("text/plain", "a", WriteFault.None)]
    public void A_part_that_would_break_out_of_its_head_is_refused(string? type, string? value, WriteFault fault) =>
        Assert.Equal(fault, MultipartForm.Check(new FormPartHead("a", null, type) { Fields = value is null ? [] : [new HttpField("X-A", value)] }));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static byte[] Write((FormPartHead Head, byte[] Content)[] parts)
    {
        var form = new MemoryStream();
        for (var i = 0; i < parts.Length; i++)
        {
            form.Write(MultipartForm.Head(Boundary, parts[i].Head, isFirst: i == 0));
            form.Write(parts[i].Content);
        }
        form.Write(MultipartForm.End(Boundary, parts.Length > 0));
        return form.ToArray();
    }

    private static byte[] Damaged(byte[] form, int at, byte with)
    {
        if (form.Length > 0) { form[at % form.Length] = with; }
        return form;
    }

    // Null where it is no form, or not a whole one.
    private static List<(FormPartHead Head, byte[] Content)>? Read(byte[] form, int[] cuts, string boundary = Boundary)
    {
        var reader = new MultipartReader(boundary);
        var parts = new List<(FormPartHead, byte[])>();
        var content = new MemoryStream();
        var (start, end, cut) = (0, 0, 0);
        while (true)
        {
            var next = reader.Read(form.AsSpan(start, end - start), out var consumed);
            if (next.Kind == MultipartEventKind.Content) { content.Write(form.AsSpan(start + next.Start, next.Length)); }
            start += consumed;
            switch (next.Kind)
            {
                case MultipartEventKind.Part: content.SetLength(0); break;
                case MultipartEventKind.PartEnd: parts.Add((reader.Part!, content.ToArray())); break;
                case MultipartEventKind.End: return parts;
                case MultipartEventKind.Malformed: return null;
                case MultipartEventKind.NeedMore when end == form.Length: return null;
                case MultipartEventKind.NeedMore: end = Math.Min(form.Length, end + cuts[cut++ % cuts.Length]); break;
                default: break;
            }
        }
    }

    private static string Shown((FormPartHead Head, byte[] Content) part) =>
        $"{part.Head.Name}|{part.Head.FileName ?? "-"}|{part.Head.Type ?? "-"}|{string.Join(',', part.Head.Fields)}|{Convert.ToHexString(part.Content)}";
}
