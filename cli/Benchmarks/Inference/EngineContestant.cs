using System.Diagnostics;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// An engine of this process. Several threads split a batch between them; a batch with fewer rows than threads is predicted
/// whole by each thread on its own, as independent callers do.
/// </summary>
internal sealed class EngineContestant(string name, WeightFormat format, IInferenceEngine engine) : IContestant
{
    private readonly Dictionary<int, Crew> crews = [];

    public string Name => name;

    public string Version => engine.Name;

    public WeightFormat Format => format;

    public bool Plays(int threads) => true;

    public int Callers(int batch, int threads) => batch < threads ? threads : 1;

    public Task<Slot> RunAsync(BenchInputs inputs, int batch, int threads, int repeats, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var callers = Callers(batch, threads);
        return Task.FromResult(callers > 1 ? RunCallers(inputs, batch, callers, repeats) : RunSplit(inputs, batch, threads, repeats));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var crew in crews.Values) crew.Dispose();
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private Slot RunSplit(BenchInputs inputs, int batch, int threads, int repeats)
    {
        var rows = inputs.Rows(batch);
        var answers = new Answers(batch);
        var crew = CrewOf(threads);
        var part = Part;
        crew.Run(part);
        var seconds = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            crew.Run(part);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return Slot.OfOneCaller(seconds, batch, answers.Interleaved());

        void Part(int thread) => answers.Predict(engine, rows, batch * thread / threads, batch * (thread + 1) / threads);
    }

    private Slot RunCallers(BenchInputs inputs, int batch, int callers, int repeats)
    {
        var rows = inputs.Rows(batch);
        var answers = Enumerable.Range(0, callers).Select(_ => new Answers(batch)).ToArray();
        var seconds = new double[callers * repeats];
        var crew = CrewOf(callers);
        crew.Run(caller => answers[caller].Predict(engine, rows, 0, batch));
        var start = Stopwatch.GetTimestamp();
        crew.Run(Call);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Slot(seconds, (double)callers * repeats * batch / elapsed, [.. answers.SelectMany(a => a.Interleaved())]);

        void Call(int caller)
        {
            for (var i = 0; i < repeats; i++)
            {
                var before = Stopwatch.GetTimestamp();
                answers[caller].Predict(engine, rows, 0, batch);
                seconds[caller * repeats + i] = Stopwatch.GetElapsedTime(before).TotalSeconds;
            }
        }
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
