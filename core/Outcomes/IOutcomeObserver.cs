namespace Trm.Core.Outcomes;

/// <summary>Hears what keeping outcomes came to: for a process's log.</summary>
public interface IOutcomeObserver
{
    /// <summary>Outcomes of some sessions were recorded.</summary>
    void OnRecorded(string market, int sessions);

    /// <summary>They could not be; it is tried again. Told once until it works.</summary>
    void OnFailed(string market, Exception error);

    /// <summary>A feature has moved away from what the model was trained on. Told once until it is back.</summary>
    void OnDrift(string market, string feature, double index, int sessions);
}
