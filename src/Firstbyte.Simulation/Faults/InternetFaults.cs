using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>The faults of an internet: its elements know only that a gate may object to a frame.</summary>
public static class InternetFaults
{
    extension(Internet internet)
    {
        /// <summary>What goes wrong on purpose.</summary>
        public FaultTable Faults
        {
            get
            {
                if (internet.FaultGate is FaultTable table) { return table; }
                table = new FaultTable(internet.Kernel, internet.Sink);
                internet.FaultGate = table;
                return table;
            }
        }
    }
}
