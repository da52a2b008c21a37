using Firstbyte.Tracing;

namespace Firstbyte.Codings;

/// <summary>The content codings of a body were taken off.</summary>
/// <param name="Codings">Their names, in the order in which they were put on.</param>
/// <param name="CodedBytes">Bytes of the body as it came.</param>
/// <param name="DecodedBytes">Bytes of the content.</param>
public sealed record ContentDecoded(string[] Codings, long CodedBytes, long DecodedBytes) : TraceEvent;
