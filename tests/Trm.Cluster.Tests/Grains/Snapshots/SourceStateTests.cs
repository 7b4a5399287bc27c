using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;
using Trm.Grains.Snapshots;

namespace Trm.Cluster.Tests.Grains.Snapshots;

public sealed class SourceStateTests
{
    private static readonly Guid Epoch = Guid.NewGuid();

    [Fact]
    public void A_snapshot_that_is_added_is_kept_and_is_where_the_next_reading_goes_on()
    {
        var state = With(1, 2);
        Assert.Equal([1, 2], Sequences(state));
        Assert.Equal(new SnapshotCursor(2, Make.Noon.AddDays(2), SnapshotOrigin.Replay), state.Cursor);
    }

    [Fact]
    public void An_empty_state_starts_at_the_beginning() => Assert.Equal(new SnapshotCursor(0), new SourceState().Cursor);

    [Theory]
    [InlineData(0, new long[] { 1, 2, 3 })]
    [InlineData(2, new long[] { 3 })]
    [InlineData(3, new long[] { })]
    [InlineData(99, new long[] { })]
    public void What_the_log_holds_is_forgotten_and_the_place_stays(long acknowledged, long[] kept)
    {
        var state = With(1, 2, 3);
        state.Acknowledge(acknowledged);
        Assert.Equal(kept, Sequences(state));
        Assert.Equal(3, state.LastSequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Those_behind_a_dropped_snapshot_take_the_numbers_from_its_own_on(long dropped)
    {
        var state = With(1, 2, 3);
        var numbering = state.Numbering;
        Assert.True(state.Reject(dropped));
        Assert.Equal([1, 2], Sequences(state));
        Assert.Equal(new long[] { 1, 2, 3 }.Where(s => s != dropped).Select(s => Make.Noon.AddDays(s)), state.Pending.Select(s => s.AsOf));
        Assert.Equal(2, state.LastSequence);
        Assert.NotEqual(numbering, state.Numbering);
        // A replay does not read the dropped session again.
        Assert.Equal(Make.Noon.AddDays(3), state.Cursor.AsOf);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_snapshot_that_is_not_kept_cannot_be_dropped(long dropped)
    {
        var state = With(1, 2, 3);
        state.Acknowledge(1);
        var numbering = state.Numbering;
        Assert.False(state.Reject(dropped));
        Assert.Equal([2, 3], Sequences(state));
        Assert.Equal((3, numbering), (state.LastSequence, state.Numbering));
    }

    [Theory]
    [InlineData(0, new long[] { 1, 2, 3 })]
    [InlineData(1, new long[] { 2, 3 })]
    [InlineData(3, new long[] { })]
    public void What_follows_on_the_log_without_a_hole_is_kept_as_it_is(long logged, long[] kept)
    {
        var state = With(1, 2, 3);
        var numbering = state.Numbering;
        Assert.False(state.Align(Epoch, logged, Make.Noon, SnapshotOrigin.Replay));
        Assert.Equal(kept, Sequences(state));
        Assert.Equal((3, numbering, Make.Noon.AddDays(3)), (state.LastSequence, state.Numbering, state.LastAsOf));
    }

    [Fact]
    public void A_log_that_lacks_what_is_kept_no_more_is_where_it_starts_from()
    {
        var state = With(1, 2, 3);
        state.Acknowledge(2);
        AssertStartsFromLog(state, Epoch, sequence: 1);
    }

    [Fact]
    public void A_log_that_is_ahead_is_where_it_starts_from() => AssertStartsFromLog(With(1, 2, 3), Epoch, sequence: 4);

    [Fact]
    public void Another_log_is_where_it_starts_from_whatever_its_sequence() => AssertStartsFromLog(With(1, 2, 3), Guid.NewGuid(), sequence: 3);

    [Fact]
    public void A_new_source_takes_the_logs_place_and_epoch() => AssertStartsFromLog(new SourceState(), Epoch, sequence: 7);

    [Fact]
    public void An_empty_log_starts_at_one()
    {
        var state = With(1, 2);
        Assert.True(state.Align(Guid.NewGuid(), 0, null, null));
        Assert.Equal(new SnapshotCursor(0), state.Cursor);
        Assert.Empty(state.Pending);
    }

    private static void AssertStartsFromLog(SourceState state, Guid epoch, long sequence)
    {
        var numbering = state.Numbering;
        Assert.True(state.Align(epoch, sequence, Make.Noon, SnapshotOrigin.Live));
        Assert.Empty(state.Pending);
        Assert.Equal(new SnapshotCursor(sequence, Make.Noon, SnapshotOrigin.Live), state.Cursor);
        Assert.Equal(epoch, state.Epoch);
        Assert.NotEqual(numbering, state.Numbering);
    }

    private static SourceState With(params long[] sequences)
    {
        var state = new SourceState { Epoch = Epoch, Numbering = Guid.NewGuid() };
        foreach (var sequence in sequences) state.Add(Make.Snapshot(sequence));
        return state;
    }

    private static IEnumerable<long> Sequences(SourceState state) => state.Pending.Select(s => s.Sequence);
}
