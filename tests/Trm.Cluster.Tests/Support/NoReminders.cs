namespace Trm.Cluster.Tests.Support;

/// <summary>A table that takes no reminder: whatever comes back without one was brought back by the silos.</summary>
internal sealed class NoReminders : IReminderTable
{
    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData());

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData());

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult<ReminderEntry?>(null);

    public Task<string?> UpsertRow(ReminderEntry entry) => throw new TimeoutException("no reminders here");

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(false);

    public Task TestOnlyClearTable() => Task.CompletedTask;
}
