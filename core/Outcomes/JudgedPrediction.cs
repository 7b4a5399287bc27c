using Trm.Core.Predictions;

namespace Trm.Core.Outcomes;

/// <summary>A prediction, and what came of it: the last that a model made of a session, as it stood at its close.</summary>
/// <param name="Epoch">The log it is in.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="ModelVersion">The model that made it.</param>
/// <param name="Probabilities">Eight, by strategy id.</param>
/// <param name="Outcome">What each strategy realised.</param>
public sealed record JudgedPrediction(Guid Epoch, long Sequence, string ModelVersion, IReadOnlyList<float> Probabilities, SessionOutcome Outcome)
{
    /// <summary>The strategy predicted.</summary>
    public Strategy Strategy => Strategy.MostProbable(Probabilities);

    /// <summary>Its probability.</summary>
    public double Confidence => Probabilities[Strategy.Id];

    /// <summary>The predicted strategy was the best.</summary>
    public bool IsHit => Strategy == Outcome.Best;

    /// <summary>The best was among the three likeliest; of equal probabilities the lower id is the likelier.</summary>
    public bool IsInTop3
    {
        get
        {
            var best = Outcome.Best.Id;
            return Enumerable.Range(0, Strategy.Count)
                .Count(id => Probabilities[id] > Probabilities[best] || (Probabilities[id] == Probabilities[best] && id < best)) < 3;
        }
    }

    /// <summary>What the best strategy was given.</summary>
    public double ProbabilityOfBest => Probabilities[Outcome.Best.Id];
}
