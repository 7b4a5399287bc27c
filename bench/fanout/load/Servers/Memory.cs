namespace Trm.Bench.FanOut.Servers;

/// <summary>Bytes.</summary>
/// <param name="Resident">What the process holds of the machine's memory.</param>
/// <param name="Private">What nobody shares with it.</param>
internal readonly record struct Memory(long Resident, long Private)
{
    public static Memory operator -(Memory left, Memory right) => new(left.Resident - right.Resident, left.Private - right.Private);

    public double ResidentMegabytes => Resident / 1048576.0;

    public double PrivateMegabytes => Private / 1048576.0;
}
