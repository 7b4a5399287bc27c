namespace Trm.Inference.Engine;

/// <summary>How the managed engine holds weights and multiplies.</summary>
public enum Precision
{
    /// <summary><see cref="Int16"/> when it agrees with <see cref="Fp32"/> on the model's own cases, else <see cref="Fp32"/>.</summary>
    Auto,

    /// <summary>Single precision throughout: within 1e-6 of the reference.</summary>
    Fp32,

    /// <summary>Integer weights of 2 bytes with a scale for each row: half the memory traffic, within 1e-4.</summary>
    Int16,
}
