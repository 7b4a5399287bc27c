using Trm.Cli.Doctor;

namespace Trm.Cli.Tests.Doctor.Support;

/// <summary>A check that does what a test says.</summary>
internal sealed class FakeCheck(string name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> look) : IDoctorCheck
{
    public string Name => name;

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation) => look(cancellation);
}
