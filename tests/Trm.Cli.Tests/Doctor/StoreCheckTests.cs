using Microsoft.Data.Sqlite;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Hosting;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Cli.Tests.Support;
using Trm.Storage.Bars;
using Trm.Storage.Outcomes;
using Trm.Storage.Predictions;

namespace Trm.Cli.Tests.Doctor;

public sealed class StoreCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_and_not_made()
    {
        var found = await Look.AtOneAsync(new StoreCheck(folder["absent"]));

        Assert.StartsWith("Warn: ", found);
        Assert.Contains("'trm serve' and 'trm ingest' make it", found);
        Assert.False(Directory.Exists(folder["absent"]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a folder that nobody may write, root included, is in Linux' /proc");

        Assert.StartsWith("Fail: /proc/self cannot be written", await Look.AtOneAsync(new StoreCheck("/proc/self")));
    }

    [Fact]
    public async Task A_sound_store_is_ok_and_left_as_it_was()
    {
        await MakeAsync();
        var before = Files();

        var found = await Look.AtAsync(new StoreCheck(folder.Path));

        Assert.Equal(4, found.Length);
        Assert.EndsWith("can be written; no trm writes predictions there now", found[0]);
        Assert.Matches(@"^Ok: bars\.db \(\d+\.\d MiB, schema 1\) is sound$", found[1]);
        Assert.Matches(@"^Ok: predictions\.db \(\d+\.\d MiB, schema 1\) is sound$", found[2]);
        Assert.Matches(@"^Ok: outcomes\.db \(\d+\.\d MiB, schema 1\) is sound$", found[3]);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Who_writes_the_predictions_is_named()
    {
        await MakeAsync();
        using var taken = FolderLock.TryTake(folder.Path, FolderLock.OfPredictions);

        var found = await Look.AtAsync(new StoreCheck(folder.Path));

        Assert.Contains(OperatingSystem.IsLinux() ? $"(pid {Environment.ProcessId}) writes predictions there" : "another trm writes predictions there", found[0]);
        Assert.All(found, line => Assert.StartsWith("Ok: ", line));
    }

    [Fact]
    public async Task A_damaged_database_fails_and_says_what_to_do()
    {
        await MakeAsync();
        var bars = await File.ReadAllBytesAsync(folder["bars.db"]);
        bars.AsSpan(4096, 2048).Fill(0xAB); // The second page: a table's root.
        await File.WriteAllBytesAsync(folder["bars.db"], bars);

        var found = await Look.AtAsync(new StoreCheck(folder.Path));

        Assert.StartsWith("Fail: ", found[1]);
        Assert.Contains("bars.db", found[1]);
        Assert.EndsWith("move it away and ingest the bars again", found[1]);
        Assert.StartsWith("Ok: predictions.db", found[2]);
    }

    [Theory]
    [InlineData(99, "Fail", "use the trm that wrote it")]
    [InlineData(0, "Warn", "brings it to schema 1")]
    public async Task A_schema_of_another_version_is_told_and_left_as_it_is(int version, string verdict, string toDo)
    {
        await MakeAsync();
        Write($"PRAGMA user_version = {version}");

        var found = (await Look.AtAsync(new StoreCheck(folder.Path)))[2];

        Assert.StartsWith(verdict, found);
        Assert.Contains(toDo, found);
        Assert.Equal((long)version, Write("PRAGMA user_version"));
    }

    private async Task MakeAsync()
    {
        await (await SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System)).DisposeAsync();
        await (await SqlitePredictionLog.OpenAsync(folder.Path, TimeProvider.System)).DisposeAsync();
        await (await SqliteOutcomeLog.OpenAsync(folder.Path, TimeProvider.System)).DisposeAsync();
    }

    private string[] Files() => [.. Directory.GetFiles(folder.Path).Order().Select(f => $"{f} {new FileInfo(f).Length}")];

    private object? Write(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["predictions.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
