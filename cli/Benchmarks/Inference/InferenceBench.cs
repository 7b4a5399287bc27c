using System.CommandLine;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Cli.Benchmarks.Inference.Reference;
using Trm.Cli.Benchmarks.Inference.Report;
using Trm.Cli.Commands;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Hosting;
using Trm.Inference;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary><c>trm bench inference</c>: how fast and how exact the engines are, beside other runtimes and the machine's limits.</summary>
internal static class InferenceBench
{
    private static readonly Option<string> Batches = new("--batches") { Description = "Batch sizes; default 1,8,32,128,512", HelpName = "list", DefaultValueFactory = _ => "1,8,32,128,512" };
    private static readonly Option<string> Threads = new("--threads") { Description = "Numbers of threads; default 1,2", HelpName = "list", DefaultValueFactory = _ => "1,2" };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "At most this many rounds; default 40", HelpName = "n", DefaultValueFactory = _ => 40 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "No round begins after this; default 200", HelpName = "seconds", DefaultValueFactory = _ => 200 };
    private static readonly Option<string> PeerList = new("--peers") { Description = $"Other runtimes: all (default), none, or a list of {string.Join(", ", Lineup.PeerIds)}", HelpName = "list", DefaultValueFactory = _ => "all" };
    private static readonly Option<string> Python = new("--python") { Description = "A Python that has PyTorch; default /usr/bin/python3", HelpName = "file", DefaultValueFactory = _ => "/usr/bin/python3" };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "Print a Markdown table, for documents" };

    public static Command Create() => CommandRunner.Create(
        "inference",
        "Measure the engines beside other runtimes and the machine's own limits, interleaved in one run.",
        SettingOptions.OfModel,
        [Batches, Threads, Rounds, Seconds, PeerList, Python, Markdown, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (context.Json && context.Line.GetValue(Markdown)) throw new UsageException("--json and --markdown are two outputs; choose one");
        var plan = InferencePlan.Read(
            context.Line.GetValue(Batches)!, context.Line.GetValue(Threads)!, context.Line.GetValue(Rounds), context.Line.GetValue(Seconds));
        var report = await MeasureAsync(plan, context).ConfigureAwait(false);

        if (context.Json) JsonOutput.Write(json => ReportJson.Write(json, report));
        else ReportText.Write(Console.Out, report, context.Line.GetValue(Markdown));
        return CommandRunner.Done;
    }

    private static async Task<InferenceReport> MeasureAsync(InferencePlan plan, CommandContext context)
    {
        var date = CommandContext.Time.GetUtcNow();
        var start = CommandContext.Time.GetTimestamp();
        var model = Composition.Model(context.Settings);
        var work = ModelWork.Of(model.Info);
        using var inputs = new BenchInputs(plan.Batches.Max());
        var reference = new ReferenceAnswers(new ReferenceModel(model), inputs, plan.Batches.Max());
        var gauge = new MachineGauge(work);

        var contestants = Lineup.Engines(model).ToList();
        var dropouts = new List<Dropout>();
        try
        {
            var where = new PeerLocations(
                PeerLocations.CheckoutAround(AppContext.BaseDirectory), context.Line.GetValue(Python)!, Package(context.Settings, model, inputs.Folder));
            contestants.AddRange(await Lineup.PeersAsync(
                context.Line.GetValue(PeerList)!, where, plan.Threads, dropouts, CommandContext.Time, context.Cancellation).ConfigureAwait(false));
            var tournament = new Tournament(contestants, plan, inputs, reference, gauge, CommandContext.Time);
            await tournament.RunAsync(new RoundProgress(plan, Console.Error), context.Cancellation).ConfigureAwait(false);
            return new InferenceReport
            {
                Date = date,
                Elapsed = CommandContext.Time.GetElapsedTime(start),
                Rounds = tournament.Rounds,
                Machine = MachineDescription.Here(),
                Model = model.Info,
                Work = work,
                Floors = [gauge.Floor(WeightFormat.Fp32)!, gauge.Floor(WeightFormat.Int16)!],
                Results = CellResult.Of(tournament.Cells, work, gauge.Floor),
                Dropouts = [.. dropouts, .. tournament.Dropouts],
            };
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Peers load packages; of a checkpoint one is made that lasts as long as the run.
    private static string Package(TrmSettings settings, TrmModel model, string folder)
    {
        var path = Composition.ModelPath(settings);
        if (Directory.Exists(path)) return Path.GetFullPath(path);
        var package = Path.Combine(folder, "package");
        ModelPackage.Write(package, model);
        return package;
    }
}
