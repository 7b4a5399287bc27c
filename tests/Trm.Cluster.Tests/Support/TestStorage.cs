using System.Collections.Concurrent;
using Orleans.Serialization;
using Orleans.Storage;

namespace Trm.Cluster.Tests.Support;

/// <summary>Grain states that every silo shares and that outlive them, with the etags of a database.</summary>
internal sealed class TestStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), Row> rows = new();
    private readonly ConcurrentDictionary<string, Func<Task>> before = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<bool>> failsAfter = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Action<object>> watchers = new(StringComparer.Ordinal);
    private Serializer? known;

    /// <summary>Happens before each write of a grain's state, until disposed; may throw.</summary>
    public IDisposable When(string key, Func<Task> act)
    {
        before[key] = act;
        return new Ending(() => before.TryRemove(key, out _));
    }

    /// <summary>Throws after a write that was carried out, as a broken connection does, when it says so.</summary>
    public void FailAfterWrite(string key, Func<bool> fails) => failsAfter[key] = fails;

    /// <summary>Sees each state of a grain that is written.</summary>
    public void OnState<T>(string key, Action<T> see) => watchers[key] = state => see((T)state);

    /// <summary>Writes a grain's state as another activation does.</summary>
    public Task ChangeAsync<T>(string key, Action<T> change) => Eventually.TrueAsync(() =>
    {
        var (place, row) = rows.Single(r => r.Key.Grain.Key.ToString() == key);
        var state = known!.Deserialize<T>(row.Bytes)!;
        change(state);
        return rows.TryUpdate(place, new Row(known.SerializeToArray(state), Guid.NewGuid().ToString()), row);
    });

    /// <summary>The state of a grain is gone, as that of a silo's memory is.</summary>
    public void Forget(string key)
    {
        foreach (var place in rows.Keys.Where(r => r.Grain.Key.ToString() == key).ToList()) rows.TryRemove(place, out _);
    }

    public IGrainStorage For(Serializer serializer)
    {
        known = serializer;
        return new Storage(this, serializer);
    }

    private sealed record Row(byte[] Bytes, string ETag);

    private sealed class Storage(TestStorage shared, Serializer serializer) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var row = shared.rows.GetValueOrDefault((stateName, grainId));
            grainState.State = row is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(row.Bytes)!;
            (grainState.ETag, grainState.RecordExists) = (row?.ETag, row is not null);
            return Task.CompletedTask;
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var row = new Row(serializer.SerializeToArray(grainState.State), Guid.NewGuid().ToString());
            var (expected, key) = (grainState.ETag, grainId.Key.ToString()!);
            if (shared.watchers.TryGetValue(key, out var see)) see(grainState.State!);
            if (shared.before.TryGetValue(key, out var act)) await act();
            shared.rows.AddOrUpdate(
                (stateName, grainId),
                _ => expected is null ? row : throw new InconsistentStateException("the row is gone"),
                (_, stored) => stored.ETag == expected ? row : throw new InconsistentStateException($"stored {stored.ETag}, expected {expected}"));
            if (shared.failsAfter.TryGetValue(key, out var fails) && fails()) throw new TimeoutException("the connection broke");
            (grainState.ETag, grainState.RecordExists) = (row.ETag, true);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            shared.rows.TryRemove((stateName, grainId), out _);
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
            return Task.CompletedTask;
        }
    }
}
