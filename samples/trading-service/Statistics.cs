using System.Text.Json;
using Trm.Samples.TradingService.Calls;

namespace Trm.Samples.TradingService;

/// <summary>The last line.</summary>
internal static class Statistics
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Json(TradingDesk desk, ClusterCalls calls) =>
        JsonSerializer.Serialize(new { Predictions = desk.Report(), Calls = calls.Report() }, Options);
}
