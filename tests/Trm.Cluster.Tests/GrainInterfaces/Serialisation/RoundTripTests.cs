using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Snapshots;

namespace Trm.Cluster.Tests.GrainInterfaces.Serialisation;

public sealed class RoundTripTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string, int> Cases => [.. Names("whole", Contracts.All), .. Names("bare", Contracts.Bare)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_type_that_travels_arrives_equal_to_the_last_bit(string name, int index)
    {
        var value = name.StartsWith("whole", StringComparison.Ordinal) ? Contracts.All[index] : Contracts.Bare[index];
        var serializer = Services.GetRequiredService<Serializer<object>>();
        AssertSame(value, serializer.Deserialize(serializer.SerializeToArray(value)), name);
        AssertSame(value, Services.GetRequiredService<DeepCopier>().Copy(value), name);
    }

    [Fact]
    public void A_sources_state_is_read_as_it_was_written()
    {
        var state = new SourceState { Epoch = Guid.NewGuid(), Numbering = Guid.NewGuid() };
        state.Add(Contracts.Snapshot);
        state.Add(Contracts.Snapshot with { Sequence = 18 });
        var serializer = Services.GetRequiredService<Serializer>();
        AssertSame(state, serializer.Deserialize<SourceState>(serializer.SerializeToArray(state)), "state");
    }

    /// <summary>A member that is forgotten is found only when the example says something of it.</summary>
    [Fact]
    public void The_examples_leave_no_member_as_it_would_be_by_itself()
    {
        foreach (var value in Contracts.All.Where(v => v is not (Enum or Exception)))
        {
            foreach (var property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0 && !StaysBehind(p)))
            {
                var blank = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                Assert.False(Equals(property.GetValue(value), blank), $"{value.GetType().Name}.{property.Name} is {blank ?? "null"} in the example");
            }
        }
    }

    [Fact]
    public void Every_contract_has_an_example()
    {
        var covered = Contracts.All.Select(v => v.GetType()).ToHashSet();
        var contracts = typeof(ClusterCall).Assembly.GetTypes().Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null);
        foreach (var contract in contracts)
        {
            // A surrogate stands for what its converter converts.
            var real = contract.Assembly.GetTypes().SelectMany(t => t.GetInterfaces())
                .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConverter<,>) && i.GetGenericArguments()[1] == contract)
                .Select(i => i.GetGenericArguments()[0]).SingleOrDefault() ?? contract;
            Assert.Contains(real, covered);
        }
    }

    [Fact]
    public void A_timestamp_for_durations_stays_in_its_process()
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Assert.Equal(0, serializer.Deserialize<Snapshot>(serializer.SerializeToArray(Contracts.Snapshot with { EmittedTimestamp = 5 }))!.EmittedTimestamp);
        Assert.Equal(0, serializer.Deserialize<Prediction>(serializer.SerializeToArray(Contracts.Prediction with { EmittedTimestamp = 5 }))!.EmittedTimestamp);
    }

    [Fact]
    public void Within_a_process_what_is_immutable_is_handed_over_as_it_is()
    {
        var snapshots = new SnapshotEvent(Contracts.Snapshot, Guid.NewGuid());
        Assert.Same(snapshots.Snapshot, Services.GetRequiredService<DeepCopier>().Copy(snapshots).Snapshot);
        Assert.Same(Contracts.Prediction, Services.GetRequiredService<DeepCopier>().Copy(Contracts.Prediction));
    }

    [Fact]
    public void An_origin_that_this_version_does_not_know_says_to_upgrade()
    {
        var error = Assert.Throws<ClusterException>(() => Trm.GrainInterfaces.Serialisation.OriginName.Parse("tomorrow"));
        Assert.Equal(("unknown_origin", "'tomorrow' is no origin that this version knows; upgrade it"), (error.Code, error.Message));
    }

    private static IEnumerable<TheoryDataRow<string, int>> Names(string set, IReadOnlyList<object> values) =>
        values.Select((value, index) => new TheoryDataRow<string, int>($"{set} {value.GetType().Name}", index));

    private static bool StaysBehind(PropertyInfo property) =>
        property.Name is nameof(Snapshot.EmittedTimestamp) or nameof(ModelInfo.Labels) or nameof(ModelInfo.Calibration) or nameof(ModelInfo.FeatureDistribution)
        || (property.DeclaringType == typeof(PredictionError) && property.Name == nameof(PredictionError.Cause));

    private static void AssertSame(object? expected, object? actual, string where)
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{where}: {expected ?? "null"} became {actual ?? "null"}");
            return;
        }
        if (expected is IEnumerable list and not string)
        {
            var (left, right) = (list.Cast<object?>().ToList(), ((IEnumerable)actual).Cast<object?>().ToList());
            Assert.True(left.Count == right.Count, $"{where}: {left.Count} became {right.Count}");
            for (var i = 0; i < left.Count; i++) AssertSame(left[i], right[i], $"{where}[{i.ToString(CultureInfo.InvariantCulture)}]");
            return;
        }
        Assert.True(expected.GetType() == actual.GetType(), $"{where}: {expected.GetType()} became {actual.GetType()}");
        switch (expected)
        {
            case double number:
                Assert.True(BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits((double)actual), $"{where}: {number:R} became {actual:R}");
                break;
            case float number:
                Assert.True(BitConverter.SingleToInt32Bits(number) == BitConverter.SingleToInt32Bits((float)actual), $"{where}: {number:R} became {actual:R}");
                break;
            case Core.Features.FeatureVector vector:
                AssertSame(vector.AsSpan().ToArray(), ((Core.Features.FeatureVector)actual).AsSpan().ToArray(), where);
                break;
            case ClusterException error:
                Assert.Equal((error.Code, error.Message, error.PublicMessage), (((ClusterException)actual).Code, ((ClusterException)actual).Message, ((ClusterException)actual).PublicMessage));
                break;
            case { } whole when whole.GetType().Namespace!.StartsWith("Trm", StringComparison.Ordinal) && whole is not Enum:
                foreach (var property in whole.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0 && !StaysBehind(p)))
                    AssertSame(property.GetValue(whole), property.GetValue(actual), $"{where}.{property.Name}");
                break;
            default:
                Assert.True(expected.Equals(actual), $"{where}: {expected} became {actual}");
                break;
        }
    }
}
