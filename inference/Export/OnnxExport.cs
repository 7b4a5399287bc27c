using System.Globalization;
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
    /// <exception cref="TrmException"><c>onnx_export</c>: the model is too large for one file.</exception>
    public static byte[] Write(TrmModel model, OnnxForm form = OnnxForm.Hoisted, OnnxPrecision precision = OnnxPrecision.Fp32)
    {
        var info = model.Info;
        var graph = new OnnxGraph("trm");
        TrmGraph.Write(graph, model.Weights, checked(info.RecursionCycles * info.LatentSteps), form, precision);
        Describe(graph, model, form, precision);
        var file = graph.Write(Assembly.GetExecutingAssembly().GetName().Version!.ToString(3));
        if (file.Length > MaxBytes)
            throw new TrmException("onnx_export", $"the graph of {info.Version} has {file.Length} bytes; an ONNX file holds at most {MaxBytes}. Use a smaller hidden size or fewer steps");
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
    /// <c>onnx_export</c>: there is something at the path already, its folder is not there, or the model is too large.
    /// </exception>
    public static int WriteFile(string path, TrmModel model, OnnxForm form = OnnxForm.Hoisted, OnnxPrecision precision = OnnxPrecision.Fp32)
    {
        if (Path.Exists(path)) throw new TrmException("onnx_export", $"{path}: there is something already; give a new file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new TrmException("onnx_export", $"{path}: there is no folder {folder}; make it first");
        var bytes = Write(model, form, precision);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(bytes);
        return bytes.Length;
    }

    // What a program needs to use the file without this one: the inputs' order and scale, the outputs' names.
    private static void Describe(OnnxGraph graph, TrmModel model, OnnxForm form, OnnxPrecision precision)
    {
        graph.Metadata("trm.name", model.Info.Name);
        graph.Metadata("trm.model_version", model.Info.Version);
        graph.Metadata("trm.feature_set", model.Info.FeatureSet);
        graph.Metadata("trm.feature_names", string.Join(',', FeatureNames.All));
        graph.Metadata("trm.normalization_mean", Numbers(model.Normalization.Mean));
        graph.Metadata("trm.normalization_std", Numbers(model.Normalization.Std));
        graph.Metadata("trm.strategies", string.Join(',', Strategy.All.Select(strategy => strategy.Name)));
        graph.Metadata("trm.recursion_cycles", model.Info.RecursionCycles.ToString(CultureInfo.InvariantCulture));
        graph.Metadata("trm.latent_steps", model.Info.LatentSteps.ToString(CultureInfo.InvariantCulture));
        graph.Metadata("trm.form", form == OnnxForm.Hoisted ? "hoisted" : "naive");
        graph.Metadata("trm.precision", precision == OnnxPrecision.Fp32 ? "fp32" : "int8");
    }

    private static string Numbers(IReadOnlyList<double> values) => string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
