using System.Globalization;
using System.Text;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>A fault in the words of a lab's file.</summary>
internal sealed class FaultText : IFaultWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>The word and what stands behind it.</summary>
    public static string Of(FaultDefinition fault)
    {
        var writer = new FaultText();
        writer._text.Append(fault.Description.Word);
        fault.Write(writer);
        return writer._text.ToString();
    }

    public void Keyword(string word) => Add(word);

    public void Name(string field, string value) => Add(value);

    public void Names(string field, IReadOnlyList<string> values) => Add($"{{ {string.Join(' ', values)} }}");

    public void Number(string field, long value) => Add(value.ToString(CultureInfo.InvariantCulture));

    public void Choice(string field, bool isFirst, string first, string second) => Add(isFirst ? first : second);

    public void Share(string field, int millionths) => Add(LabQuantity.Share(millionths));

    public void Rate(string field, long bitsPerSecond) => Add(LabQuantity.Rate(bitsPerSecond));

    public void Size(string field, long bytes) => Add(LabQuantity.Size(bytes));

    public void Time(string field, long nanoseconds) => Add(LabQuantity.Time(nanoseconds));

    public void SignedTime(string field, long nanoseconds) => Add((nanoseconds < 0 ? "-" : "") + LabQuantity.Time(Math.Abs(nanoseconds)));

    public void Drift(string field, int partsPerMillion) => Add(partsPerMillion.ToString(CultureInfo.InvariantCulture) + "ppm");

    public void Direction(string field, LinkDirection direction)
    {
        if (direction != LinkDirection.Both) { Add(direction == LinkDirection.Up ? "up" : "down"); }
    }

    public void Settings(string field, WireSettings settings) => Add(LabFileWriter.Settings(settings));

    private void Add(string word) => _text.Append(' ').Append(word);
}
