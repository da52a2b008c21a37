using System.Text.Json.Serialization;
using Firstbyte.Exports;
using Firstbyte.Simulation.Recording;

namespace Firstbyte.Cli.Drawing;

/// <summary>The JSON of the tables' rows: one object a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(InstantJsonConverter)])]
[JsonSerializable(typeof(RouteRow))]
[JsonSerializable(typeof(NeighborRow))]
[JsonSerializable(typeof(SocketRow))]
[JsonSerializable(typeof(CacheRow))]
[JsonSerializable(typeof(TranslationRow))]
[JsonSerializable(typeof(LinkRow))]
[JsonSerializable(typeof(MachineRow))]
[JsonSerializable(typeof(FaultRow))]
internal sealed partial class LabRowJson : JsonSerializerContext;
