namespace Trm.Inference.Engine;

/// <summary>Makes the managed engine of a model.</summary>
public static class ManagedEngines
{
    /// <summary>An engine of a model, on the fastest path that this processor has.</summary>
    /// <param name="model">The model; its weights are copied once into the layout that the engine wants.</param>
    /// <param name="precision">How it multiplies.</param>
    public static IInferenceEngine Create(TrmModel model, Precision precision = Precision.Fp32) =>
        new ManagedEngine(model.Weights, model.Info.RecursionCycles, model.Info.LatentSteps, precision);
}
