using Orleans.Concurrency;
using Orleans.Runtime;

namespace Trm.Cluster.Tests.Sql;

[Reentrant]
internal sealed class NoteGrain([PersistentState("note", AdoNetSilo.Clears)] IPersistentState<Note> state) : Grain, INoteGrain, IRemindable
{
    private readonly TaskCompletionSource<string> reminded = new();

    public Task<string?> ReadAsync() => Task.FromResult(state.State.Text);

    public Task WriteAsync(string text)
    {
        state.State.Text = text;
        return state.WriteStateAsync();
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task ForgetAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<IReadOnlyList<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public async Task DismissAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task<string> RemindedAsync() => reminded.Task;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        reminded.TrySetResult(reminderName);
        return Task.CompletedTask;
    }
}
