namespace Trm.Cli.Doctor;

/// <summary>How a check found it.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will not for long, or not as one would want.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,
}
