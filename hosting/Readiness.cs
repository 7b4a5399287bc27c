namespace Trm.Hosting;

/// <summary>Whether a node does its work.</summary>
/// <param name="Ok">It does.</param>
/// <param name="Why">Why not, for people; null when it does.</param>
internal readonly record struct Readiness(bool Ok, string? Why)
{
    public static readonly Readiness Ready = new(true, null);

    public static Readiness Not(string why) => new(false, why);
}
