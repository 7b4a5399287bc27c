using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Connections;

namespace Trm.Gateway.Tests.Connections;

public sealed class MessageBudgetTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_burst_passes_and_then_the_rate_holds()
    {
        var budget = new MessageBudget(perSecond: 2, burst: 3, time);
        Assert.Equal([true, true, true, false], Take(budget, 4));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([true, true, false], Take(budget, 3));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([true, true, true, false], Take(budget, 4));
    }

    [Fact]
    public void Being_out_of_budget_is_news_once_until_there_is_some_again()
    {
        var budget = new MessageBudget(perSecond: 1, burst: 1, time);
        budget.TryTake(out _);
        Assert.Equal([true, false, false], News(budget, 3));
        time.Advance(TimeSpan.FromSeconds(1));
        budget.TryTake(out _);
        Assert.Equal([true, false], News(budget, 2));
    }

    private static bool[] Take(MessageBudget budget, int count) => [.. Enumerable.Range(0, count).Select(_ => budget.TryTake(out var _))];

    private static bool[] News(MessageBudget budget, int count) => [.. Enumerable.Range(0, count).Select(_ => { budget.TryTake(out var first); return first; })];
}
