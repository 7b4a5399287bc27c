using System.Buffers.Binary;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// Another runtime with the same model: a process for each number of threads, which are that runtime's own.
/// </summary>
internal sealed class PeerContestant(string name, WeightFormat format, IReadOnlyDictionary<int, PeerProcess> processes) : IContestant
{
    public string Name => name;

    public string Version { get; } = string.Join(' ', processes.Values.Take(1).Select(p => $"{p.Greeting.Name} {p.Greeting.Version}".Trim()));

    public WeightFormat Format => format;

    public bool Plays(int threads) => processes.ContainsKey(threads);

    public async Task<Slot> RunAsync(BenchInputs inputs, int batch, int threads, int repeats, CancellationToken cancellation)
    {
        var outputs = Path.Combine(inputs.Folder, "outputs.f32");
        File.Delete(outputs);
        var request = new PeerRequest(batch, repeats, inputs.FileOf(batch), outputs);
        var seconds = await processes[threads].MeasureAsync(request, cancellation).ConfigureAwait(false);
        return new Slot(seconds, batch / seconds.Min(), Read(outputs, batch * BenchInputs.AnswerWidth));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.Values) await process.DisposeAsync().ConfigureAwait(false);
    }

    private static float[] Read(string path, int count)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (bytes.Length != count * sizeof(float))
            throw new PeerException($"it wrote {bytes.Length} bytes of answers; {count * sizeof(float)} were expected");
        return [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float))))];
    }
}
