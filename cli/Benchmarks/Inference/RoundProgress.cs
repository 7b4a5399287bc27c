namespace Trm.Cli.Benchmarks.Inference;

/// <summary>Says on a person's terminal how far the run is; a script's log stays as it is.</summary>
internal sealed class RoundProgress(InferencePlan plan, TextWriter terminal) : IProgress<int>
{
    public void Report(int value)
    {
        if (Console.IsErrorRedirected) return;
        terminal.Write($"\rround {value} of at most {plan.Rounds}, {plan.Budget.TotalSeconds:0} s {(value == plan.Rounds ? "\n" : "")}");
    }
}
