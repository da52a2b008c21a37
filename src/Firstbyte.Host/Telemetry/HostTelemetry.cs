using System.Diagnostics;
using System.Diagnostics.Metrics;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Host.Settings;
using Firstbyte.Tracing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Firstbyte.Host.Telemetry;

/// <summary>What is exported over OTLP where somebody collects it: a span a journey with its stages, and counts. Off unless its endpoint is named.</summary>
/// <remarks>Everything else about the export is said by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME …).</remarks>
internal sealed class HostTelemetry : IDisposable
{
    /// <summary>The variable that names the collector (OpenTelemetry, "OTLP Exporter Configuration").</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "Firstbyte.Host";

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _journeys;
    private readonly TracerProvider _tracing;
    private readonly MeterProvider _metering;

    private HostTelemetry()
    {
        _journeys = _meter.CreateHistogram<double>("firstbyte.journey.duration", "s", "Time from a URL to the last byte of its response.");
        var resource = ResourceBuilder.CreateDefault().AddService("firstbyte-host", serviceVersion: HostArguments.Version).AddEnvironmentVariableDetector();
        _tracing = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Name).AddOtlpExporter().Build();
        _metering = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Name, "Microsoft.AspNetCore.Server.Kestrel").AddOtlpExporter().Build();
    }

    /// <summary>Begins to export; null where nobody collects.</summary>
    public static HostTelemetry? Start(Func<string, string?> variables) => variables(EndpointVariable) is { Length: > 0 } ? new HostTelemetry() : null;

    /// <summary>Exports what a server of names has counted.</summary>
    public void Observe(DnsServerCounters counters)
    {
        _meter.CreateObservableCounter("firstbyte.dns.queries", () => counters.Read().Queries(DnsTransport.Https), "{query}", "Queries over HTTPS.");
        _meter.CreateObservableCounter("firstbyte.dns.response.size", () => counters.Read().ResponseBytes(DnsTransport.Https), "By", "Bytes of responses over HTTPS.");
    }

    /// <summary>Makes a span of a journey, and passes its events on.</summary>
    public MeasuredJourney Measure(ITraceSink next) => new(next, _source, _journeys);

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _tracing.Dispose();
        _metering.Dispose();
        _meter.Dispose();
        _source.Dispose();
    }
}
