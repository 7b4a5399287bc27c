using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios;

/// <summary>What every scenario runs with.</summary>
/// <param name="Time">The clock; that of the messages' timestamps too.</param>
/// <param name="Progress">A line for each thing that is done.</param>
/// <param name="Cancellation">The run is interrupted.</param>
internal sealed record BenchContext(TimeProvider Time, TextWriter Progress, CancellationToken Cancellation)
{
    public void Say(FormattableString text) => Progress.WriteLine(FormattableString.Invariant(text));

    /// <summary>Starts a server and a loop for its clients.</summary>
    /// <exception cref="ServerException">It is not there, or does not come up.</exception>
    public Session Open(Contestant contestant) => new(contestant, this);
}
