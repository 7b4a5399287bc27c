namespace Trm.Grains;

/// <summary>The grain storage that the silo provides for state of our own.</summary>
public static class GrainStorage
{
    /// <summary>Its provider's name.</summary>
    public const string Name = "trm";
}
