namespace Trm.Inference.Onnx;

/// <summary>Where ONNX Runtime runs a model.</summary>
public enum OnnxProvider
{
    /// <summary><see cref="Cuda"/> when it can be had, else <see cref="Cpu"/>.</summary>
    Auto,

    /// <summary>
    /// An NVIDIA device. Where the device, its driver or a library is missing the answer is <see cref="Cpu"/> and a
    /// warning: a desk without a device still predicts.
    /// </summary>
    Cuda,

    /// <summary>The processor; no device is looked for.</summary>
    Cpu,
}
