using Firstbyte.Web.Viewing;
using Microsoft.JSInterop;

namespace Firstbyte.Web.Components;

/// <summary>The browser's own decoders of the Encoding standard.</summary>
internal static class BrowserText
{
    /// <summary>Makes text by them.</summary>
    public static TextDecoding Decoding(IJSInProcessRuntime script) => (label, bytes, isCut) => script.Invoke<string?>("firstbyte.decode", label, bytes, isCut);
}
