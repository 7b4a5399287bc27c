using Trm.Bench.Chaos.Clients;

namespace Trm.Cluster.Tests.Chaos;

public sealed class ClientLedgerTests
{
    private const int Market = 1;

    private static readonly Guid Epoch = Guid.NewGuid();

    private readonly List<string> faults = [];
    private readonly ClientLedger ledger;

    public ClientLedgerTests() => ledger = new ClientLedger(markets: 3, wanted: [Market], faults.Add);

    [Fact]
    public void What_comes_before_subscribed_does_not_count()
    {
        Assert.False(Predict(7));
        Subscribe(9);
        Assert.True(Predict(10));
        Assert.Equal(1, ledger.Counts.Received);
        AssertClean();
    }

    [Fact]
    public void A_client_that_begins_may_get_the_newest_itself_once()
    {
        Subscribe(9);
        Assert.False(Predict(9));
        Assert.True(Predict(10));
        AssertClean();

        Predict(9);
        Assert.Equal(1, ledger.Counts.Twice);
    }

    [Fact]
    public void A_client_that_resumes_must_not_get_its_last_one_again()
    {
        Follow(9, 10, 11);
        ledger.Connected();
        Subscribe(14);
        Predict(11);
        Assert.Equal(1, ledger.Counts.Twice);
    }

    [Fact]
    public void A_client_that_resumes_gets_what_it_missed_and_nothing_else()
    {
        Follow(9, 10, 11);
        Assert.Equal(new LogPlace(Epoch, 11), ledger.Since(Market));

        ledger.Connected();
        Predict(14); // The latest, which every new connection gets.
        Subscribe(14);
        for (var sequence = 12; sequence <= 15; sequence++) Assert.True(Predict(sequence));
        AssertClean();
    }

    [Fact]
    public void A_sequence_that_never_comes_is_a_hole()
    {
        Follow(9, 10, 13);
        Assert.Equal(2, ledger.Counts.Holes);
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_sequence_that_comes_late_is_out_of_order_and_no_hole()
    {
        Follow(9, 10, 12, 11);
        Assert.Equal((0, 1), (ledger.Counts.Holes, ledger.Counts.OutOfOrder));
    }

    [Fact]
    public void What_the_log_has_beyond_the_last_one_is_missing()
    {
        Follow(9, 10);
        ledger.Close(Market, 12);
        Assert.Equal(2, ledger.Counts.Holes);
    }

    [Fact]
    public void A_log_that_ends_where_the_client_is_lacks_nothing()
    {
        Follow(9, 10);
        ledger.Close(Market, 10);
        AssertClean();
    }

    [Fact]
    public void A_market_that_was_never_subscribed_is_a_fault()
    {
        ledger.Close(Market, 0);
        Assert.False(ledger.Counts.IsClean);
    }

    [Fact]
    public void A_resync_is_a_fault_and_the_client_goes_on_from_there()
    {
        Follow(9, 10);
        ledger.Resync(Market, "gap_too_large", new LogPlace(Epoch, 20));
        Predict(20);
        Predict(21);
        Assert.Equal((1, 0, 0), (ledger.Counts.Resyncs, ledger.Counts.Holes, ledger.Counts.Twice));
    }

    [Fact]
    public void A_prediction_of_another_epoch_or_of_a_market_not_wanted_is_a_fault()
    {
        Follow(9, 10);
        ledger.Predicted(Market, new LogPlace(Guid.NewGuid(), 11));
        ledger.Predicted(Market + 1, new LogPlace(Epoch, 11));
        ledger.Predicted(-1, new LogPlace(Epoch, 11));
        Assert.Equal(3, ledger.Counts.Strangers);
    }

    private void Follow(long head, params long[] sequences)
    {
        Subscribe(head);
        foreach (var sequence in sequences) Predict(sequence);
    }

    private void Subscribe(long head) => ledger.Subscribed(Market, new LogPlace(Epoch, head), now: 0);

    private bool Predict(long sequence) => ledger.Predicted(Market, new LogPlace(Epoch, sequence));

    private void AssertClean()
    {
        Assert.Empty(faults);
        Assert.True(ledger.Counts.IsClean);
    }
}
