using System.Reflection;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Export;

/// <summary>
/// Writes a model as an ONNX graph (opset 17) that any runtime of that standard runs: input <c>normalized</c>
/// [batch, 10], z-scores in the order of <see cref="FeatureNames"/>; outputs <c>probabilities</c> [batch, 8] in the order
/// of <see cref="Strategy"/>, and <c>halt</c> [batch, 1]. The batch is free. The same model gives the same bytes.
/// </summary>
public static class OnnxExport
{
    /// <summary>The version of ONNX' operators that a graph needs: the first with LayerNormalization.</summary>
    public const int Opset = 17;

    // Protobuf reads no message of 2 GiB or more.
    private const long MaxBytes = int.MaxValue - 64;

    /// <summary>The file's bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="form">How the recurrence is written.</param>
    /// <param name="precision">How the matrices of a step are multiplied.</param>
    /// <exception cref="TrmException"><c>model_export</c>: the model is too large for one file.</exception>
    public static byte[] Write(TrmModel model, OnnxForm form = OnnxForm.Hoisted, OnnxPrecision precision = OnnxPrecision.Fp32)
    {
        var info = model.Info;
        var graph = new OnnxGraph("trm");
        TrmGraph.Write(graph, model.Weights, checked(info.RecursionCycles * info.LatentSteps), form, precision);
        Describe(graph, model, form, precision);
        var file = graph.Write(Assembly.GetExecutingAssembly().GetName().Version!.ToString(3));
        if (file.Length > MaxBytes)
            throw new TrmException(ExportFile.ErrorCode, $"the graph of {info.Version} has {file.Length} bytes; an ONNX file holds at most {MaxBytes}. Use a smaller hidden size or fewer steps");
        return file.ToArray();
    }

    /// <summary>Writes a new file.</summary>
    /// <inheritdoc cref="Write(TrmModel, OnnxForm, OnnxPrecision)"/>
    /// <param name="path">A file that does not exist yet, in a folder that does.</param>
    /// <param name="model">The model.</param>
    /// <param name="form">How the recurrence is written.</param>
    /// <param name="precision">How the matrices of a step are multiplied.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="TrmException">
    /// <c>model_export</c>: there is something at the path already, its folder is not there, or the model is too large.
    /// </exception>
    public static int WriteFile(string path, TrmModel model, OnnxForm form = OnnxForm.Hoisted, OnnxPrecision precision = OnnxPrecision.Fp32)
    {
        ExportFile.CheckNew(path);
        return ExportFile.Write(path, Write(model, form, precision));
    }

    private static void Describe(OnnxGraph graph, TrmModel model, OnnxForm form, OnnxPrecision precision)
    {
        foreach (var (key, value) in ModelMetadata.Of(model)) graph.Metadata(key, value);
        graph.Metadata("trm.form", form == OnnxForm.Hoisted ? "hoisted" : "naive");
        graph.Metadata("trm.precision", precision == OnnxPrecision.Fp32 ? "fp32" : "int8");
    }
}
