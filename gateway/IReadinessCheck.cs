namespace Trm.Gateway;

/// <summary>One thing that must be well before this process should get traffic; the host registers any number.</summary>
public interface IReadinessCheck
{
    /// <summary>In the answer of <c>/health/ready</c>.</summary>
    string Name { get; }

    /// <summary>Looks; must be quick and never throw for a thing that is merely not well.</summary>
    ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation);
}

/// <summary>How a check found it.</summary>
/// <param name="Ok">All is well.</param>
/// <param name="Message">For people: what is not well, or null.</param>
public readonly record struct ReadinessResult(bool Ok, string? Message = null);
