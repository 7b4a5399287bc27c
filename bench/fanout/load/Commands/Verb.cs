using System.CommandLine;
using Trm.Bench.FanOut.Scenarios;

namespace Trm.Bench.FanOut.Commands;

/// <summary>A scenario on the command line.</summary>
/// <param name="Command">Its name and options.</param>
/// <param name="Read">What a line asks for; throws <see cref="FormatException"/> for what cannot be.</param>
internal sealed record Verb(Command Command, Func<ParseResult, IScenario> Read)
{
    /// <summary>The scenario with nothing said.</summary>
    public IScenario Default => Read(new RootCommand { Command }.Parse([Command.Name]));
}
