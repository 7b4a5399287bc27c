using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;
using Trm.Inference.Export;

namespace Trm.Inference.Onnx.Tests;

/// <summary>Engines on the CPU, and a call of one.</summary>
internal static class Engines
{
    public static OnnxEngine Cpu(TrmModel model, OnnxForm form = OnnxForm.Hoisted, OnnxPrecision precision = OnnxPrecision.Fp32) =>
        OnnxEngine.Create(model, new OnnxEngineOptions { Provider = OnnxProvider.Cpu, IntraOpThreads = 1, Form = form, Precision = precision });

    public static (float[] Probabilities, float[] Halt) Run(IInferenceEngine engine, float[] normalized)
    {
        var batch = normalized.Length / FeatureNames.Count;
        var probabilities = new float[batch * Strategy.Count];
        var halt = new float[batch];
        engine.Predict(normalized, probabilities, halt);
        return (probabilities, halt);
    }
}
