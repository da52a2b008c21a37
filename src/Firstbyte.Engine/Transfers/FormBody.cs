using Firstbyte.Http;
using Firstbyte.Http.Forms;
using Firstbyte.Sockets;

namespace Firstbyte.Transfers;

/// <summary>A form whose parts may be files: multipart/form-data (RFC 7578). Its length is known where those of all parts are.</summary>
public sealed class FormBody : JoinedBody
{
    private readonly IReadOnlyList<FormPart> _parts;

    /// <summary>A form.</summary>
    /// <param name="parts">The parts, in their order.</param>
    /// <param name="random">Where its boundary comes from.</param>
    /// <exception cref="ArgumentException">A part's head would be malformed.</exception>
    public FormBody(IReadOnlyList<FormPart> parts, IRandomSource random)
        : this(parts, BoundaryFrom(random)) { }

    private FormBody(IReadOnlyList<FormPart> parts, string boundary)
        : base(Framed(parts, boundary), MultipartForm.TypeOf(boundary)) => _parts = parts;

    /// <inheritdoc/>
    public override BodyOrigin Origin => Once?.Origin ?? new BodyOrigin(BodyKind.Form);

    /// <summary>Its parts, without their content.</summary>
    public FormPartChosen[] Describe() =>
        [.. _parts.Select(static part => new FormPartChosen(
            part.Head.Name, part.Head.FileName, part.Head.Type, part.Content.Origin.Kind, part.Content.Length))];

    private static string BoundaryFrom(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[MultipartForm.BoundaryBytes];
        random.Fill(bytes);
        return MultipartForm.Boundary(bytes);
    }

    private static List<IBodySource> Framed(IReadOnlyList<FormPart> parts, string boundary)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var framed = new List<IBodySource>(2 * parts.Count + 1);
        foreach (var part in parts)
        {
            if (MultipartForm.Check(part.Head) is not WriteFault.None and var fault)
            {
                throw new ArgumentException($"{part.Head.Name}: {fault}", nameof(parts));
            }
            framed.Add(new BytesBody(MultipartForm.Head(boundary, part.Head, isFirst: framed.Count == 0)));
            framed.Add(part.Content);
        }
        framed.Add(new BytesBody(MultipartForm.End(boundary, parts.Count > 0)));
        return framed;
    }
}

/// <summary>A part of a form.</summary>
/// <param name="Head">What it is called.</param>
/// <param name="Content">What it holds.</param>
public sealed record FormPart(FormPartHead Head, IBodySource Content);
