/*
 * The products of Int16VnniMatrix, with an instruction that .NET 10 does not know: vpdpwssd on 512 bits. The same sums as the managed
 * Int16Matrix has, the same result bit for bit.
 *
 * Weights have 12 bits, and three quarters of the bytes that 16 would take: one sample is as slow as its weights are to come. Slices of
 * 32 rows; in a slice, for each two pairs of columns, four vectors (of either pair the first 16 rows, two numbers each, and the last 16)
 * in the room of three: each of the three has its own 12 bits on top, and below them 4 bits of the fourth. Sums run over chunks of
 * pairs, short enough for 32 bits, and are then added up in floats: output = before + sum * (scale of the row * scale of the input).
 */
#include <immintrin.h>
#include <stdint.h>

#define KERNEL __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline)) KERNEL

enum { VECTOR = 16, SLICE = 2 * VECTOR, TWO_PAIRS = 3 * 64 };

typedef struct
{
    const float *scales;
    const float *before;
    int64_t before_stride;
    float *output;
    int64_t output_stride;
} Target;

INLINE void add(__m512i sum, const float *scales, __m512 input_scale, const float *before, float *output)
{
    __m512 scale = _mm512_mul_ps(_mm512_loadu_ps(scales), input_scale);
    _mm512_storeu_ps(output, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, _mm512_loadu_ps(before)));
}

INLINE void add_two(__m512i first, __m512i second, const Target *target, float input_scale, int64_t sample)
{
    const float *before = target->before + sample * target->before_stride;
    float *output = target->output + sample * target->output_stride;
    __m512 scale = _mm512_set1_ps(input_scale);
    add(first, target->scales, scale, before, output);
    add(second, target->scales + VECTOR, scale, before + VECTOR, output + VECTOR);
}

/* What was written is what the next chunk is added to. */
INLINE void next_chunk(Target *target)
{
    target->before = target->output;
    target->before_stride = target->output_stride;
}

INLINE Target next_slice(Target target)
{
    return (Target){ target.scales + SLICE, target.before + SLICE, target.before_stride, target.output + SLICE, target.output_stride };
}

INLINE Target from_sample(Target target, int64_t sample)
{
    target.before += sample * target.before_stride;
    target.output += sample * target.output_stride;
    return target;
}

/* Written out: for the intrinsic some compilers copy every sum to another register and back. */
#define ADD_PRODUCTS(sum, weights, pairs) __asm__("vpdpwssd %1, %2, %0" : "+v"(sum) : "vm"(weights), "v"(pairs))
#define ZERO _mm512_setzero_si512()
#define SUMS(i) __m512i s##i##0 = ZERO, s##i##1 = ZERO

/* w00, w01: the first pair's weights; w10, w11: the second's. */
#define UNPACK(w) \
    __m512i a = _mm512_loadu_si512(w), b = _mm512_loadu_si512((w) + 64), c = _mm512_loadu_si512((w) + 128); \
    __m512i w00 = _mm512_srai_epi16(a, 4), w01 = _mm512_srai_epi16(b, 4), w10 = _mm512_srai_epi16(c, 4); \
    __m512i bits = or_and(or_and(_mm512_slli_epi16(c, 12), _mm512_slli_epi16(b, 8), 0x0F00), _mm512_slli_epi16(a, 4), 0x00F0); \
    __m512i w11 = _mm512_srai_epi16(bits, 4)

/* bits | more & mask */
INLINE __m512i or_and(__m512i bits, __m512i more, int16_t mask)
{
    return _mm512_ternarylogic_epi32(bits, more, _mm512_set1_epi16(mask), 0xF8);
}

#define INPUT(i, from) __m512i x##i##0 = _mm512_set1_epi32((from)[k]), x##i##1 = _mm512_set1_epi32((from)[k + 1])
#define MULTIPLY(sum, input) \
    ADD_PRODUCTS(s##sum##0, w00, x##input##0); \
    ADD_PRODUCTS(s##sum##1, w01, x##input##0); \
    ADD_PRODUCTS(s##sum##0, w10, x##input##1); \
    ADD_PRODUCTS(s##sum##1, w11, x##input##1)
#define SAMPLE(i, from) { INPUT(i, from); MULTIPLY(i, i); }
#define STORE_TO(target, sum, sample) add_two(s##sum##0, s##sum##1, &(target), input_scales[sample], sample)
#define STORE(i) STORE_TO(target, i, i)

INLINE void eight_samples(const char *w, int64_t pairs, int64_t chunk, const int32_t *x, const float *input_scales, Target target)
{
    const int32_t *x3 = x + 3 * pairs, *x6 = x + 6 * pairs;
    for (int64_t start = 0; start < pairs; start += chunk)
    {
        int64_t end = start + chunk < pairs ? start + chunk : pairs;
        SUMS(0); SUMS(1); SUMS(2); SUMS(3); SUMS(4); SUMS(5); SUMS(6); SUMS(7);
        for (int64_t k = start; k < end; k += 2, w += TWO_PAIRS)
        {
            UNPACK(w);
            SAMPLE(0, x)
            SAMPLE(1, x + pairs)
            SAMPLE(2, x + 2 * pairs)
            SAMPLE(3, x3)
            SAMPLE(4, x3 + pairs)
            SAMPLE(5, x3 + 2 * pairs)
            SAMPLE(6, x6)
            SAMPLE(7, x6 + pairs)
        }
        STORE(0); STORE(1); STORE(2); STORE(3); STORE(4); STORE(5); STORE(6); STORE(7);
        next_chunk(&target);
    }
}

INLINE void four_samples(const char *w, int64_t pairs, int64_t chunk, const int32_t *x, const float *input_scales, Target target)
{
    for (int64_t start = 0; start < pairs; start += chunk)
    {
        int64_t end = start + chunk < pairs ? start + chunk : pairs;
        SUMS(0); SUMS(1); SUMS(2); SUMS(3);
        for (int64_t k = start; k < end; k += 2, w += TWO_PAIRS)
        {
            UNPACK(w);
            SAMPLE(0, x)
            SAMPLE(1, x + pairs)
            SAMPLE(2, x + 2 * pairs)
            SAMPLE(3, x + 3 * pairs)
        }
        STORE(0); STORE(1); STORE(2); STORE(3);
        next_chunk(&target);
    }
}

/* Two slices, so that an input is loaded once for both, and weights come in two streams: four samples alone wait for either. */
INLINE void four_samples_twice(const char *w, int64_t pairs, int64_t chunk, const int32_t *x, const float *input_scales, Target target)
{
    const int64_t slice = pairs / 2 * TWO_PAIRS;
    for (int64_t start = 0; start < pairs; start += chunk)
    {
        int64_t end = start + chunk < pairs ? start + chunk : pairs;
        SUMS(0); SUMS(1); SUMS(2); SUMS(3); SUMS(4); SUMS(5); SUMS(6); SUMS(7);
        for (int64_t k = start; k < end; k += 2, w += TWO_PAIRS)
        {
            INPUT(0, x);
            INPUT(1, x + pairs);
            INPUT(2, x + 2 * pairs);
            INPUT(3, x + 3 * pairs);
            {
                UNPACK(w);
                MULTIPLY(0, 0); MULTIPLY(1, 1); MULTIPLY(2, 2); MULTIPLY(3, 3);
            }
            {
                UNPACK(w + slice);
                MULTIPLY(4, 0); MULTIPLY(5, 1); MULTIPLY(6, 2); MULTIPLY(7, 3);
            }
        }
        Target second = next_slice(target);
        STORE(0); STORE(1); STORE(2); STORE(3);
        STORE_TO(second, 4, 0); STORE_TO(second, 5, 1); STORE_TO(second, 6, 2); STORE_TO(second, 7, 3);
        next_chunk(&target);
    }
}

#define SLICE_OF(i, w) \
    { \
        UNPACK(w); \
        MULTIPLY(i, 0); \
    }
#define STORE_SLICE(i) \
    add(s##i##0, scales + i * SLICE, scale, before + i * SLICE, output + i * SLICE); \
    add(s##i##1, scales + i * SLICE + VECTOR, scale, before + i * SLICE + VECTOR, output + i * SLICE + VECTOR)

INLINE void four_slices(const char *w, int64_t pairs, int64_t chunk, const float *scales, const int32_t *x, __m512 scale, const float *before, float *output)
{
    const int64_t slice = pairs / 2 * TWO_PAIRS;
    for (int64_t start = 0; start < pairs; start += chunk, before = output)
    {
        int64_t end = start + chunk < pairs ? start + chunk : pairs;
        SUMS(0); SUMS(1); SUMS(2); SUMS(3);
        for (int64_t k = start; k < end; k += 2, w += TWO_PAIRS)
        {
            INPUT(0, x);
            SLICE_OF(0, w)
            SLICE_OF(1, w + slice)
            SLICE_OF(2, w + 2 * slice)
            SLICE_OF(3, w + 3 * slice)
        }
        STORE_SLICE(0); STORE_SLICE(1); STORE_SLICE(2); STORE_SLICE(3);
    }
}

INLINE void one_slice(const char *w, int64_t pairs, int64_t chunk, const float *scales, const int32_t *x, __m512 scale, const float *before, float *output)
{
    for (int64_t start = 0; start < pairs; start += chunk, before = output)
    {
        int64_t end = start + chunk < pairs ? start + chunk : pairs;
        SUMS(0);
        for (int64_t k = start; k < end; k += 2, w += TWO_PAIRS)
        {
            INPUT(0, x);
            SLICE_OF(0, w)
        }
        STORE_SLICE(0);
    }
}

/* 1 where this processor, and its system, can run the rest. */
EXPORT int32_t trm_int16_vnni_supported(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
}

/* rows: a multiple of 32; pairs and chunk: even; batch: 1 or a multiple of 4; before may be output. */
EXPORT KERNEL void trm_int16_vnni(
    const char *w, int64_t rows, int64_t pairs, int64_t chunk, const float *scales, const int32_t *x, const float *input_scales,
    const float *before, int64_t before_stride, float *output, int64_t output_stride, int64_t batch)
{
    const int64_t slice = pairs / 2 * TWO_PAIRS;
    int64_t row = 0;
    if (batch == 1)
    {
        __m512 scale = _mm512_set1_ps(input_scales[0]);
        for (; row + 4 * SLICE <= rows; row += 4 * SLICE, w += 4 * slice) four_slices(w, pairs, chunk, scales + row, x, scale, before + row, output + row);
        for (; row < rows; row += SLICE, w += slice) one_slice(w, pairs, chunk, scales + row, x, scale, before + row, output + row);
        return;
    }
    /* Slices outside, samples inside: weights come from memory once for the batch. */
    const int64_t eights = batch / 8 * 8;
    for (; row < rows; row += 2 * SLICE, w += 2 * slice)
    {
        const int slices = row + SLICE < rows ? 2 : 1;
        Target target = { scales + row, before + row, before_stride, output + row, output_stride };
        for (int i = 0; i < slices; i++)
        {
            Target of_slice = i == 0 ? target : next_slice(target);
            for (int64_t sample = 0; sample < eights; sample += 8)
                eight_samples(w + i * slice, pairs, chunk, x + sample * pairs, input_scales + sample, from_sample(of_slice, sample));
        }
        if (eights == batch) continue;
        target = from_sample(target, eights);
        if (slices == 2) four_samples_twice(w, pairs, chunk, x + eights * pairs, input_scales + eights, target);
        else four_samples(w, pairs, chunk, x + eights * pairs, input_scales + eights, target);
    }
}

/* So many times 16 of the instruction, on registers alone: the most that this processor can do, for the benchmark's floor. */
EXPORT KERNEL void trm_int16_vnni_repeat(int64_t times)
{
    const __m512i ones = _mm512_set1_epi32(0x10001);
    SUMS(0); SUMS(1); SUMS(2); SUMS(3); SUMS(4); SUMS(5); SUMS(6); SUMS(7);
#define REPEAT(i) \
    __asm__ volatile("vpdpwssd %1, %1, %0" : "+v"(s##i##0) : "v"(ones)); \
    __asm__ volatile("vpdpwssd %1, %1, %0" : "+v"(s##i##1) : "v"(ones))
    for (; times > 0; times--)
    {
        REPEAT(0); REPEAT(1); REPEAT(2); REPEAT(3); REPEAT(4); REPEAT(5); REPEAT(6); REPEAT(7);
    }
}
