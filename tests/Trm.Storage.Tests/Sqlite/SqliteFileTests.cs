using Microsoft.Data.Sqlite;
using Trm.Storage.Bars;
using Trm.Storage.Predictions;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_missing_folder_is_made()
    {
        var deep = folder.File("a/b/c");
        await using var store = await SqliteBarStore.OpenAsync(deep, TimeProvider.System);
        Assert.True(File.Exists(Path.Combine(deep, "bars.db")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named_with_what_to_do()
    {
        await File.WriteAllTextAsync(folder.File("taken"), "a file, not a folder");
        var path = folder.File("taken/data");
        var e = await Assert.ThrowsAsync<StorageException>(() => SqliteBarStore.OpenAsync(path, TimeProvider.System));
        Assert.Equal("storage_unavailable", e.Code);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("TRM_DATA", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_where_no_file_can_be_opened_is_named()
    {
        Directory.CreateDirectory(folder.File("bars.db"));
        var e = await Assert.ThrowsAsync<StorageException>(() => SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System));
        Assert.Equal("storage_unavailable", e.Code);
        Assert.Contains(folder.File("bars.db"), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_named_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("these are not the bytes of a database\n", 200));
        await File.WriteAllTextAsync(folder.File("predictions.db"), text);
        var e = await Assert.ThrowsAsync<StorageException>(() => SqlitePredictionLog.OpenAsync(folder.Path, TimeProvider.System));
        Assert.Equal("storage_corrupt", e.Code);
        Assert.Contains(folder.File("predictions.db"), e.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(folder.File("predictions.db")));
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_refused_unchanged()
    {
        await (await SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System)).DisposeAsync();
        Raw("PRAGMA user_version = 999");
        var e = await Assert.ThrowsAsync<StorageException>(() => SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System));
        Assert.Equal("storage_too_new", e.Code);
        Assert.Contains("999", e.Message, StringComparison.Ordinal);
        Assert.Equal(999L, Raw("PRAGMA user_version"));
    }

    [Fact]
    public async Task Many_openers_of_a_new_file_all_succeed()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System))));
        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal("wal", Raw("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Predictions_survive_a_loss_of_power_and_bars_are_fast()
    {
        Assert.Equal(2, await Synchronous(DatabaseKind.Predictions));
        Assert.Equal(1, await Synchronous(DatabaseKind.Bars));
    }

    [Fact]
    public async Task A_reader_is_not_held_up_by_a_write_in_progress()
    {
        await using var file = await SqliteFile.OpenAsync(folder.Path, DatabaseKind.Bars, CancellationToken.None);
        var seen = await file.WriteAsync(
            writer =>
            {
                writer.Execute("INSERT INTO revisions VALUES ('m', 1, 0)");
                return file.Read(reader => reader.Integer("SELECT COUNT(*) FROM revisions"), CancellationToken.None);
            },
            CancellationToken.None);
        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task Readers_cannot_write()
    {
        await using var file = await SqliteFile.OpenAsync(folder.Path, DatabaseKind.Bars, CancellationToken.None);
        Assert.Throws<StorageException>(() => file.Read(reader => reader.Execute("DELETE FROM bars"), CancellationToken.None));
    }

    [Fact]
    public async Task A_closed_file_says_so()
    {
        var store = await SqliteBarStore.OpenAsync(folder.Path, TimeProvider.System);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.RangeAsync("m"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.UpsertAsync("m", []));
    }

    private async Task<long?> Synchronous(DatabaseKind kind)
    {
        await using var file = await SqliteFile.OpenAsync(folder.Path, kind, CancellationToken.None);
        return await file.WriteAsync(writer => writer.Integer("PRAGMA synchronous"), CancellationToken.None);
    }

    private object? Raw(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("bars.db")};Pooling=False");
        connection.Open();
        return connection.Statement(sql).ExecuteScalar();
    }
}
