using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Trm.Core;
using Trm.Inference.Onnx.Sessions;

namespace Trm.Inference.Onnx.Tests.Sessions;

/// <summary>Which provider is taken, on a machine with a device and on one without: neither is needed here.</summary>
public sealed class SessionSelectionTests
{
    private readonly List<string> warnings = [];
    private readonly List<OnnxProvider> opened = [];

    /// <summary>What a missing driver, library, function or device looks like.</summary>
    public static TheoryData<Func<Exception>, string> Missing => new()
    {
        { () => new DllNotFoundException("libonnxruntime.so"), "libonnxruntime.so" },
        { () => new EntryPointNotFoundException("OrtGetApiBase"), "OrtGetApiBase" },
        { () => new BadImageFormatException("wrong architecture"), "wrong architecture" },
        { () => new TypeInitializationException("NativeMethods", new DllNotFoundException("libonnxruntime.so")), "libonnxruntime.so" },
        { () => Runtime("CUDA failure 35: driver is too old\nat some place"), "driver is too old" },
    };

    [Theory]
    [InlineData(OnnxProvider.Auto)]
    [InlineData(OnnxProvider.Cuda)]
    public void Cuda_that_works_is_taken_without_a_word(OnnxProvider asked)
    {
        Assert.Equal(OnnxProvider.Cuda, Open(asked, _ => null).Provider);

        Assert.Empty(warnings);
        Assert.Equal([OnnxProvider.Cuda], opened);
    }

    [Theory, MemberData(nameof(Missing))]
    public void Cuda_that_is_asked_for_and_missing_is_one_warning_with_the_reason_and_the_cpu(Func<Exception> missing, string reason)
    {
        foreach (var asked in new[] { OnnxProvider.Auto, OnnxProvider.Cuda })
        {
            warnings.Clear();

            Assert.Equal(OnnxProvider.Cpu, Open(asked, provider => provider == OnnxProvider.Cuda ? missing() : null).Provider);

            var warning = Assert.Single(warnings);
            Assert.Contains("on the CPU", warning, StringComparison.Ordinal);
            Assert.Contains(reason, warning, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', warning);
        }
    }

    [Fact]
    public void The_cpu_is_taken_without_a_word_and_without_looking_for_a_device()
    {
        Assert.Equal(OnnxProvider.Cpu, Open(OnnxProvider.Cpu, _ => null).Provider);

        Assert.Empty(warnings);
        Assert.Equal([OnnxProvider.Cpu], opened);
    }

    [Theory, MemberData(nameof(Missing))]
    public void Without_the_library_itself_the_error_says_what_to_do_and_there_is_no_warning(Func<Exception> missing, string reason)
    {
        foreach (var asked in Enum.GetValues<OnnxProvider>())
        {
            var error = Assert.Throws<TrmException>(() => Open(asked, _ => missing()));

            Assert.Equal("onnx_unavailable", error.Code);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Contains("Microsoft.ML.OnnxRuntime", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_mistake_of_the_program_is_no_missing_device()
    {
        Assert.Throws<InvalidOperationException>(() => Open(OnnxProvider.Auto, _ => new InvalidOperationException("a bug")));

        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(64, 2)]
    [InlineData(65, -1)]
    public void A_batch_is_padded_up_to_the_next_graph_and_a_larger_one_has_none(int batch, int index) =>
        Assert.Equal(index, CudaGraphSession.IndexFor([1, 8, 64], batch));

    [Fact]
    public void Cuda_is_told_the_device_and_whether_there_are_graphs_and_tf32()
    {
        var plain = OrtSessions.CudaSettings(new OnnxEngineOptions { Device = 2 });
        var fast = OrtSessions.CudaSettings(new OnnxEngineOptions { CudaGraphBatchSizes = [1], UseTf32 = true });

        Assert.Equal(("2", "0", "0"), (plain["device_id"], plain["enable_cuda_graph"], plain["use_tf32"]));
        Assert.Equal(("0", "1", "1"), (fast["device_id"], fast["enable_cuda_graph"], fast["use_tf32"]));
    }

    private IOnnxSession Open(OnnxProvider asked, Func<OnnxProvider, Exception?> fail) => SessionSelection.Open(
        asked,
        provider =>
        {
            opened.Add(provider);
            return fail(provider) is { } error ? throw error : new FakeSession(provider);
        },
        warnings.Add);

    // ONNX Runtime alone makes its exceptions.
    private static OnnxRuntimeException Runtime(string message)
    {
        var constructor = typeof(OnnxRuntimeException).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .First(c => c.GetParameters() is [{ ParameterType.IsEnum: true }, { ParameterType: var text }] && text == typeof(string));
        return (OnnxRuntimeException)constructor.Invoke([Enum.ToObject(constructor.GetParameters()[0].ParameterType, 1), message]);
    }
}
