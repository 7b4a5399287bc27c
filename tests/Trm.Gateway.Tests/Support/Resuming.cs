namespace Trm.Gateway.Tests.Support;

/// <summary>What clients of market <c>m</c> say to resume, and what they expect.</summary>
internal static class Resuming
{
    /// <summary>The epoch of another log.</summary>
    public static readonly Guid Other = new("7c9e6679-7425-40de-944b-e07fc1f90ae7");

    public static string Subscribe(long since, string delivery = "all", string? epoch = null) =>
        $$$"""{"type":"subscribe","markets":["m"],"since":{"m":{"sequence":{{{since}}},"epoch":"{{{epoch ?? Samples.Epoch.ToString()}}}"}},"delivery":"{{{delivery}}}"}""";

    /// <summary>The sequences from one to another, both included.</summary>
    public static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(i => (long)i);
}
