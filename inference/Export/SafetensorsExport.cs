using Trm.Core;
using Trm.Inference.Packages;

namespace Trm.Inference.Export;

/// <summary>
/// Writes a model as one safetensors file: the 22 tensors of the state dict in fp32, and in its metadata the normalisation,
/// T, n and feature set, so that <see cref="TrmModel.Load(string, string?)"/> needs nothing beside it.
/// </summary>
public static class SafetensorsExport
{
    /// <summary>Writes a new file.</summary>
    /// <param name="path">A file that does not exist yet, in a folder that does.</param>
    /// <param name="model">The model.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="TrmException"><c>model_export</c>: there is something at the path already, or its folder is not there.</exception>
    public static int WriteFile(string path, TrmModel model)
    {
        ExportFile.CheckNew(path);
        return ExportFile.Write(path, Safetensors.Write(model.Weights, ModelMetadata.Of(model)));
    }
}
