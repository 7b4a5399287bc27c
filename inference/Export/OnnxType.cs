namespace Trm.Inference.Export;

/// <summary>Types of a tensor's elements, as <c>TensorProto.DataType</c> numbers them.</summary>
internal enum OnnxType
{
    Float = 1,
    Int8 = 3,
    Int64 = 7,
}
