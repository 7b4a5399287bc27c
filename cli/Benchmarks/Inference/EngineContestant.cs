using System.Diagnostics;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// An engine of this process. Several threads split a batch between them; with fewer rows than threads, an engine that was
/// made for so many shares the rows of its layers among them.
/// </summary>
/// <param name="name">In the table.</param>
/// <param name="format">Of its weights.</param>
/// <param name="create">Makes the engine for a number of threads.</param>
internal sealed class EngineContestant(string name, WeightFormat format, Func<int, IInferenceEngine> create) : IContestant
{
    private readonly Dictionary<int, IInferenceEngine> engines = new() { [1] = create(1) };
    private readonly Dictionary<int, Crew> crews = [];

    public string Name => name;

    public string Version => engines[1].Name;

    public WeightFormat Format => format;

    public bool Plays(int threads) => true;

    public Task<Slot> RunAsync(BenchInputs inputs, int batch, int threads, int repeats, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var rows = inputs.Rows(batch);
        var answers = new Answers(batch);
        var work = batch < threads ? Whole(EngineOf(threads)) : Split(engines[1], CrewOf(threads));
        work();
        var seconds = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return Task.FromResult(new Slot(seconds, batch / seconds.Min(), answers.Interleaved()));

        Action Whole(IInferenceEngine engine) => () => answers.Predict(engine, rows, 0, batch);

        Action Split(IInferenceEngine engine, Crew crew)
        {
            var part = (int thread) => answers.Predict(engine, rows, batch * thread / threads, batch * (thread + 1) / threads);
            return () => crew.Run(part);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var crew in crews.Values) crew.Dispose();
        foreach (var engine in engines.Values) engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private IInferenceEngine EngineOf(int threads)
    {
        if (!engines.TryGetValue(threads, out var engine)) engines[threads] = engine = create(threads);
        return engine;
    }

    private Crew CrewOf(int threads)
    {
        if (!crews.TryGetValue(threads, out var crew)) crews[threads] = crew = new Crew(threads);
        return crew;
    }

    // The engine's two outputs, and as the peers write them.
    private sealed class Answers(int batch)
    {
        private readonly float[] probabilities = new float[batch * Strategy.Count];
        private readonly float[] halt = new float[batch];

        public void Predict(IInferenceEngine engine, ReadOnlyMemory<float> rows, int from, int to)
        {
            var width = rows.Length / batch;
            engine.Predict(
                rows.Span[(from * width)..(to * width)],
                probabilities.AsSpan()[(from * Strategy.Count)..(to * Strategy.Count)],
                halt.AsSpan()[from..to]);
        }

        public float[] Interleaved() =>
            [.. Enumerable.Range(0, batch).SelectMany(row => probabilities.Skip(row * Strategy.Count).Take(Strategy.Count).Append(halt[row]))];
    }
}
