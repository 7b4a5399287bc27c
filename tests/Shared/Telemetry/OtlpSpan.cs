namespace Trm.Tests.Telemetry;

/// <summary>A span as it arrived.</summary>
/// <param name="Service">Its program's <c>service.name</c>.</param>
/// <param name="Instance">Its process.</param>
/// <param name="Name">What was done.</param>
/// <param name="TraceId">32 hex digits.</param>
/// <param name="Id">16 hex digits.</param>
/// <param name="ParentId">The span it is part of; empty for a root.</param>
/// <param name="Started">Nanoseconds since 1970.</param>
/// <param name="Links">Traces it is linked to.</param>
internal sealed record OtlpSpan(
    string Service, string Instance, string Name, string TraceId, string Id, string ParentId, ulong Started, IReadOnlyList<string> Links)
{
    /// <summary>The name of each span's parent; empty for a root.</summary>
    public static IEnumerable<string> ParentsOf(IReadOnlyList<OtlpSpan> trace) =>
        trace.Select(span => trace.SingleOrDefault(other => other.Id == span.ParentId)?.Name ?? "");
}
