using Trm.Inference.Export;
using Trm.Inference.Packages;
using Trm.Inference.Weights;

namespace Trm.Inference.Checkpoints;

/// <summary>A file of weights, and what it says of them.</summary>
/// <param name="Weights">The 22 tensors.</param>
/// <param name="Metadata">Normalisation, T, n and feature set, each null when the file does not say.</param>
internal sealed record Checkpoint(ModelWeights Weights, ModelMetadata Metadata)
{
    /// <summary>Reads an ONNX graph, a safetensors file, or what <c>torch.save</c> wrote; the file's ending says which.</summary>
    /// <exception cref="ModelNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">Hostile, damaged, or not this model.</exception>
    public static Checkpoint Read(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".ONNX" => OnnxCheckpoint.Read(ModelFile.ReadBytes(path)),
        ".SAFETENSORS" => ReadSafetensors(ModelFile.ReadBytes(path)),
        _ => TorchCheckpoint.Read(path),
    };

    private static Checkpoint ReadSafetensors(byte[] file)
    {
        var tensors = Safetensors.Read(file, out var metadata);
        return new Checkpoint(ModelWeights.Load(tensors), ModelMetadata.Read(metadata));
    }
}
