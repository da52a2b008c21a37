using System.Globalization;
using System.Text;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>A fault in the words of a lab's file.</summary>
internal sealed class FaultText : IFaultWriter
{
    private readonly StringBuilder _text = new();
    private readonly Internet? _internet;
    private string _name = "";

    private FaultText(Internet? internet) => _internet = internet;

    /// <summary>The word and what stands behind it.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="internet">Where it acts: then of a cable's settings only those that it changes are said.</param>
    public static string Of(FaultDefinition fault, Internet? internet = null)
    {
        var writer = new FaultText(internet);
        writer._text.Append(fault.Description.Word);
        fault.Write(writer);
        return writer._text.ToString();
    }

    public void Keyword(string word) => Add(word);

    public void Name(string field, string value) => Add(_name = value);

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

    public void Settings(string field, WireSettings settings) =>
        Add(LabFileWriter.Settings(settings, _internet?.FindWire(_name)?.A.Settings));

    private void Add(string word) => _text.Append(' ').Append(word);
}
