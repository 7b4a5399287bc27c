namespace Trm.Cli.Doctor;

/// <summary>Looks at one thing that a service needs, and changes nothing.</summary>
internal interface IDoctorCheck
{
    /// <summary>One word, before each of its lines.</summary>
    string Name { get; }

    /// <summary>Looks. What it throws is a failure with that message; it is asked to end in time by the token.</summary>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation);
}
