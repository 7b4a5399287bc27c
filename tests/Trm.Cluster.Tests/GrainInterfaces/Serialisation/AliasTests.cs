using System.Reflection;
using Trm.GrainInterfaces;
using Trm.Grains;

namespace Trm.Cluster.Tests.GrainInterfaces.Serialisation;

/// <summary>A name on the wire is for good: versions of silos and clients that meet know each other by it.</summary>
public sealed class AliasTests
{
    private static readonly Type[] Types = [.. new[] { typeof(ClusterCall), typeof(TrmGrains) }.SelectMany(t => t.Assembly.GetTypes())];

    private static readonly Type[] Interfaces = [.. Types.Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t))];

    [Fact]
    public void Every_type_that_travels_and_every_grain_has_a_name_of_its_own()
    {
        var named = Types.Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null).Concat(Interfaces).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(t => Alias(t) is null).Select(t => t.Name));
        Assert.Empty(named.GroupBy(Alias).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.All(named, t => Assert.StartsWith("trm.", Alias(t), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_method_has_a_name_of_its_own_in_its_grain()
    {
        foreach (var grain in Interfaces)
        {
            var methods = grain.GetMethods();
            Assert.Empty(methods.Where(m => Alias(m) is null).Select(m => $"{grain.Name}.{m.Name}"));
            Assert.Empty(methods.GroupBy(Alias).Where(same => same.Count() > 1).Select(same => $"{grain.Name}: {same.Key}"));
        }
    }

    [Fact]
    public void Every_member_that_travels_has_a_number_of_its_own()
    {
        foreach (var type in Types.Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !t.IsEnum))
        {
            var ids = type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(m => m.GetCustomAttribute<IdAttribute>()).OfType<IdAttribute>().Select(i => i.Id).ToList();
            Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => (uint)i), ids.Order());
        }
    }

    private static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;
}
