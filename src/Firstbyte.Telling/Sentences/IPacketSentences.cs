using Firstbyte.Addressing;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>An opened packet: its layers, their fields, and why the element at hand did what it did, a sentence a layer.</summary>
public interface IPacketSentences
{
    string Layer(LayerKind layer);

    string Field(FieldName field);

    Phrase ForThisStation { get; }

    Phrase ForEverybody { get; }

    Phrase ForAGroup { get; }

    Phrase ForAnother { get; }

    Phrase NextStop { get; }

    Phrase HubReadsNothing { get; }

    Phrase SwitchReadsStation { get; }

    Phrase NotReadHere { get; }

    Phrase RouterReadsOnlyIp { get; }

    Phrase AsksNeighbor { get; }

    Phrase AnswersNeighbor { get; }

    Phrase OfferedToSocket { get; }

    Phrase MadeBySocket { get; }

    Phrase AsksName { get; }

    Phrase AnswersName { get; }

    Phrase ReportsTrouble { get; }

    Phrase CarriesProgram { get; }

    Phrase Sealed { get; }

    /// <summary>Where two ends agree on how to seal, what they say is in clear still.</summary>
    Phrase NotSealedYet { get; }

    Phrase HasAddress(IpAddress address);

    Phrase OnItsWay(IpAddress address);

    Phrase LeavesFor(IpAddress address);
}
