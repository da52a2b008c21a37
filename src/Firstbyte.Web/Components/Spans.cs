using Firstbyte.Telling.Rows;
using Microsoft.AspNetCore.Components;

namespace Firstbyte.Web.Components;

/// <summary>A phrase as runs of text, each in the style of its role: no component, as a list has hundreds of them.</summary>
internal static class Spans
{
    /// <summary>The runs of a phrase.</summary>
    public static RenderFragment Of(Phrase text) => builder =>
    {
        foreach (var span in text.Spans)
        {
            if (span.Role is Role.Words)
            {
                builder.AddContent(0, span.Text);
                continue;
            }
            builder.OpenElement(1, "span");
            builder.AddAttribute(2, "class", Class(span.Role));
            builder.AddContent(3, span.Text);
            builder.CloseElement();
        }
    };

    /// <summary>The style of a role.</summary>
    public static string Class(Role role) => s_classes[(int)role];

    private static readonly string[] s_classes = [.. Enum.GetValues<Role>().Select(static role => "r-" + role.ToString().ToLowerInvariant())];
}
