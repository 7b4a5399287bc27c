using System.Globalization;
using System.Text.Json;
using Trm.Core;
using Trm.Core.Bars;

namespace Trm.Gateway.Bars;

/// <summary>Bars read from JSON: what could be read with its index, and what could not with the reason.</summary>
internal sealed record BarsJson(IReadOnlyList<Bar> Bars, IReadOnlyList<int> Indices, IReadOnlyList<RejectedBar> Rejected)
{
    /// <summary>Reads an array of bars, or an object with one under <c>bars</c>.</summary>
    /// <exception cref="InvalidBarsException">It is neither.</exception>
    public static BarsJson Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("bars", out var inner)) root = inner;
        if (root.ValueKind != JsonValueKind.Array) throw new InvalidBarsException("the body must be an array of bars, or an object with one under 'bars'");

        var (bars, indices, rejected) = (new List<Bar>(), new List<int>(), new List<RejectedBar>());
        var index = 0;
        foreach (var element in root.EnumerateArray())
        {
            if (Fault(element, out var bar) is { } reason) rejected.Add(new RejectedBar(index, reason));
            else
            {
                bars.Add(bar);
                indices.Add(index);
            }
            index++;
        }
        return new BarsJson(bars, indices, rejected);
    }

    /// <summary>The receiver's result for <see cref="Bars"/>, in terms of the indices that the client sent.</summary>
    public BarPushResult Complete(BarPushResult result) => result with
    {
        RejectedCount = Rejected.Count + result.RejectedCount,
        Rejected = [.. Rejected.Concat(result.Rejected.Select(r => r with { Position = Indices[r.Position] })).OrderBy(r => r.Position).Take(BarPushResult.RejectedLimit)],
    };

    private static string? Fault(JsonElement element, out Bar bar)
    {
        bar = default;
        if (element.ValueKind != JsonValueKind.Object) return "not an object";
        try
        {
            return Fill(element, ref bar);
        }
        catch (InvalidOperationException)
        {
            return "text that is not Unicode";
        }
    }

    private static string? Fill(JsonElement element, ref Bar bar)
    {
        if (!element.TryGetProperty("date", out var date) || date.ValueKind != JsonValueKind.String
            || !DateOnly.TryParseExact(date.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var session))
        {
            return "date must be a string like 2022-12-30";
        }
        if (!element.TryGetProperty("symbol", out var symbol) || symbol.ValueKind != JsonValueKind.String) return "symbol must be a string";

        Span<double> numbers = stackalloc double[Columns.Length];
        for (var i = 0; i < Columns.Length; i++)
        {
            if (!element.TryGetProperty(Columns[i], out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out numbers[i]))
                return $"{Columns[i]} must be a number";
        }
        bar = new Bar(symbol.GetString()!.Trim().ToUpperInvariant(), session, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        return null;
    }

    private static readonly string[] Columns = ["open", "high", "low", "close", "volume"];
}

/// <summary>A body that holds no bars.</summary>
/// <param name="message">What is wrong with it.</param>
public sealed class InvalidBarsException(string message) : TrmException("invalid_bars", message);
