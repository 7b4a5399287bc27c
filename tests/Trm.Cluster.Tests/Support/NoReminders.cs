namespace Trm.Cluster.Tests.Support;

/// <summary>A table that takes no reminder: whatever comes back without one was brought back by the silos.</summary>
/// <param name="refusal">Completes when it refuses; null is at once.</param>
internal sealed class NoReminders(Task? refusal = null) : IReminderTable
{
    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData());

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData());

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult<ReminderEntry?>(null);

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        if (refusal is not null) await refusal;
        throw new TimeoutException("no reminders here");
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(false);

    public Task TestOnlyClearTable() => Task.CompletedTask;
}
