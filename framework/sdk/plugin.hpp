// framework/sdk/plugin.hpp - write an optimizer or a schedule as a plain struct; link nothing.
//
// README.md beside this file is the guide. What holds always: a plugin's struct is a literal type whose member initialisers are the
// defaults; nothing in it changes after construction; everything it remembers lies with the host (slots, scalars).
#pragma once
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include "abi.h"

/// Before a loop over buffers that do not overlap. `Step::each` has it inside.
#if defined(__clang__)
#define ETUDE_VECTORIZE _Pragma("clang loop vectorize(assume_safety)")
#else
#define ETUDE_VECTORIZE _Pragma("GCC ivdep")
#endif
/// On a helper that `step` calls in its hot path, so that it is compiled for every instruction set too.
#define ETUDE_INLINE [[gnu::always_inline]] inline

/// The compiler, for `describe`.
#if defined(__clang__)
#define ETUDE_BUILD __VERSION__
#else
#define ETUDE_BUILD "g++ " __VERSION__
#endif

namespace etude {

using Length = etude_length;
using Report = etude_report;
using Tensor = etude_tensor;

inline constexpr double infinity = __builtin_inf();
inline constexpr Length whole_run{1.0, ETUDE_FRACTION, 0};
constexpr Length updates(double n) { return {n, ETUDE_UPDATES, 0}; }
constexpr Length epochs(double n) { return {n, ETUDE_EPOCHS, 0}; }
constexpr Length fraction(double n) { return {n, ETUDE_FRACTION, 0}; }
constexpr Length ticks(double n) { return {n, ETUDE_TICKS, 0}; }

/// An interval a parameter must lie in.
struct Range { double min, max; std::uint32_t flags; };
constexpr Range closed(double a, double b) { return {a, b, 0}; }                                   // [a, b]
constexpr Range open(double a, double b) { return {a, b, ETUDE_MIN_OPEN | ETUDE_MAX_OPEN}; }       // (a, b)
constexpr Range right_open(double a, double b) { return {a, b, ETUDE_MAX_OPEN}; }                  // [a, b)
constexpr Range left_open(double a, double b) { return {a, b, ETUDE_MIN_OPEN}; }                   // (a, b]

/// Time as this schedule sees it. What warm-up, `sequence`, `unit`, `ends` and `after` mean has been done by the host.
struct Clock : etude_clock {
    /// 0 at the first tick; 1 from the last tick of `length` on (ends: closed), 1 one tick after it (half_open);
    /// shifted starts one tick in. A length of nothing is over at once; a closed one of a single tick starts at 0.
    constexpr double position(const Length& length) const { return position(length, 0.0); }
    /// The same in a part that began `since` ticks after the schedule: a cycle, a phase. 0 before it begins.
    constexpr double position(const Length& length, double since) const {
        const double here = x - since;
        if (here < 0.0) return 0.0;
        const double extent = length.amount - (ends == ETUDE_CLOSED ? tick : 0.0);
        const double passed = here + (ends == ETUDE_SHIFTED ? tick : 0.0);
        if (extent <= 0.0) return length.amount > 0.0 && here <= 0.0 ? 0.0 : 1.0;
        const double q = passed / extent;
        return q < 1.0 || unclamped ? q : 1.0;
    }
    constexpr double position(const Length& length, const Length& since) const { return position(length, since.amount); }
    /// Has `length` passed? True from the tick at which x = length, also where rounding put the length a little after it (.55 of 100).
    constexpr bool reached(const Length& length) const { return x + rounding() >= length.amount; }
    /// Has it passed by at least a tick?
    constexpr bool exceeded(const Length& length) const { return x - rounding() > length.amount; }
    /// How many times `length` fits into the time passed, a real number.
    constexpr double periods(const Length& length) const { return x / length.amount; }
    /// How many times it has passed whole since `since`, exact where a tick falls on the end of a period.
    double whole_periods(const Length& length, const Length& since = {}) const {
        return __builtin_floor((x - since.amount + rounding()) / length.amount);
    }

  private:
    constexpr double rounding() const { return 1e-6 * tick; }
};

/// Random numbers as a pure function of (seed, index, place, stream): Philox4x32-10 (Salmon et al. 2011). Only additions,
/// multiplications, divisions and square roots, so the same bits under every instruction set and C library.
///   seed   of the run; index  of the update; stream  tells apart several draws of one update
struct Noise {
    std::uint64_t seed = 0, index = 0;
    std::uint32_t stream = 0;

    /// In [0, 1), 52 bits.
    ETUDE_INLINE constexpr double uniform(std::uint64_t place) const {
        const auto block = bits(place);
        return unit(block[0], block[1]);
    }
    /// Mean 0, variance 1 (Box and Muller 1958).
    ETUDE_INLINE double normal(std::uint64_t place) const {
        const auto block = bits(place);
        return root(-2.0 * log(1.0 - unit(block[0], block[1]))) * cos_turns(unit(block[2], block[3]));
    }
    ETUDE_INLINE constexpr std::array<std::uint32_t, 4> bits(std::uint64_t place) const {
        std::uint32_t a = low(place), b = high(place), c = low(index), d = high(index);
        std::uint32_t k = low(seed), l = high(seed) ^ (stream * 0x9E3779B9u);
        for (int round = 0; round < 10; ++round, k += 0x9E3779B9u, l += 0xBB67AE85u) {
            const std::uint64_t p = std::uint64_t{0xD2511F53u} * a, q = std::uint64_t{0xCD9E8D57u} * c;
            a = high(q) ^ b ^ k, b = low(q), c = high(p) ^ d ^ l, d = low(p);
        }
        return {a, b, c, d};
    }

  private:
    ETUDE_INLINE static constexpr std::uint32_t low(std::uint64_t v) { return static_cast<std::uint32_t>(v); }
    ETUDE_INLINE static constexpr std::uint32_t high(std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); }
    ETUDE_INLINE static constexpr double unit(std::uint32_t upper, std::uint32_t lower) {  // the bits as a mantissa of [1, 2)
        return std::bit_cast<double>(std::uint64_t{0x3FF} << 52 | std::uint64_t{upper} << 20 | std::uint64_t{lower} >> 12) - 1.0;
    }
    ETUDE_INLINE static double root(double v) { return __builtin_sqrt(v); }
    /// Natural logarithm for v in (0, 1]: v = m 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh((m - 1) / (m + 1)).
    ETUDE_INLINE static constexpr double log(double v) {
        const std::uint64_t raw = std::bit_cast<std::uint64_t>(v) + (0x3FF0000000000000u - 0x3FE6A09E667F3BCDu);
        const double e = std::bit_cast<double>(0x4330000000000000u | (raw >> 52)) - (4503599627370496.0 + 1023.0);
        const double m = std::bit_cast<double>((raw & 0x000FFFFFFFFFFFFFu) + 0x3FE6A09E667F3BCDu);
        const double s = (m - 1.0) / (m + 1.0), z = s * s;
        double series = 1.0 / 21;
        for (const double odd : {19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0}) series = series * z + 1.0 / odd;
        return e * 0.693147180559945309417 + 2.0 * s * series;
    }
    /// cos(2 pi u) for u in [0, 1) = -sin(pi h / 2), h = 4 |u - 1/2| - 1 in [-1, 1].
    ETUDE_INLINE static constexpr double cos_turns(double u) {
        const double centred = u - 0.5, h = 4.0 * (centred < 0 ? -centred : centred) - 1.0;
        const double y = h * 1.57079632679489661923, z = y * y;
        double series = 1.0;  // sin y = y (1 - z/(2 3) (1 - z/(4 5) (1 - ...)))
        for (const double n : {20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0}) series = 1.0 - series * z / (n * (n + 1.0));
        return y * series;
    }
};

/// What an optimizer gets for one update.
struct Step : etude_step {
    /// A part [begin, end) of this call's buffers.
    struct Part { std::size_t begin, end; };
    /// Calls f(weight, gradient, slot0, slot1, ...) for every element; vectorised when f has no branches and no calls.
    /// The buffers never overlap; the compiler is told so.
    template <class F> [[gnu::always_inline]] inline void each(F&& f) const { each(Part{0, n}, f); }
    /// The same for the elements of a part: those of a tensor.
    template <class F> [[gnu::always_inline]] inline void each(Part elements, F&& f) const {
        if constexpr (std::invocable<F&, float&, float>) over(elements, f, std::index_sequence<>{});
        else if constexpr (std::invocable<F&, float&, float, float&>) over(elements, f, std::make_index_sequence<1>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&>) over(elements, f, std::make_index_sequence<2>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&>) over(elements, f, std::make_index_sequence<3>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&, float&>) over(elements, f, std::make_index_sequence<4>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&, float&, float&>)
            over(elements, f, std::make_index_sequence<5>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&, float&, float&, float&>)
            over(elements, f, std::make_index_sequence<6>{});
        else static_assert(sizeof(F) == 0, "each() wants f(float& weight, float gradient, float& slot...), at most six slots");
    }
    /// What `each` and loops over i draw random numbers from: noise().normal(first + i).
    ETUDE_INLINE Noise noise(std::uint32_t stream = 0) const { return {seed, index, stream}; }
    /// Tensor k of those that this call touches, k < n_tensors.
    ETUDE_INLINE const Tensor& tensor(std::size_t k) const {
        return *reinterpret_cast<const Tensor*>(reinterpret_cast<const char*>(tensors) + k * tensor_size);
    }
    /// The part of this call's buffers that lies in `t`.
    ETUDE_INLINE Part part(const Tensor& t) const {
        const std::size_t last = t.offset + t.count;
        return {t.offset > first ? t.offset - first : 0, last < first + n ? last - first : n};
    }
    /// Calls f(part, tensor) for every tensor.
    template <class F> ETUDE_INLINE void each_tensor(F&& f) const {
        for (std::size_t k = 0; k < n_tensors; ++k) f(part(tensor(k)), tensor(k));
    }
    /// Sum of f(i) over [begin, end) in double, in one fixed order (sixteen lanes, then pairwise): same bits for every vector width.
    template <class F> ETUDE_INLINE static double sum(std::size_t begin, std::size_t end, F&& f) {
        double lane[16] = {};
        std::size_t i = begin;
        for (; i + 16 <= end; i += 16)
            for (std::size_t k = 0; k < 16; ++k) lane[k] += f(i + k);
        for (std::size_t k = 0; i + k < end; ++k) lane[k] += f(i + k);
        for (std::size_t half = 8; half > 0; half /= 2)
            for (std::size_t k = 0; k < half; ++k) lane[k] += lane[k + half];
        return lane[0];
    }
  private:
    template <class F, std::size_t... K> [[gnu::always_inline]] inline void over(Part elements, F& f, std::index_sequence<K...>) const {
        float* const w = weights;
        const float* const g = gradients;
        float* const slot[] = {slots[K]..., nullptr};
        ETUDE_VECTORIZE
        for (std::size_t i = elements.begin; i < elements.end; ++i) f(w[i], g[i], slot[K][i]...);
    }
};

/// Names: of slots, or the words of a choice.
template <std::size_t N> struct Names { const char* list[N + 1]; };
template <class... S> constexpr auto names(S... s) { return Names<sizeof...(S)>{{s..., nullptr}}; }

/// A parameter bound to the member that holds it. The default is the member's initialiser.
template <class T, class M> struct Param {
    const char* name; M T::*member; Range range; const char* doc;
    const char* const* words = nullptr;
    const char* reference = nullptr;
    constexpr Param with(std::uint32_t flag) const { Param p = *this; p.range.flags |= flag; return p; }
    constexpr Param required() const { return with(ETUDE_REQUIRED); }
    constexpr Param increasing() const { return with(ETUDE_INCREASING); }
    constexpr Param span() const { return with(ETUDE_SPAN); }
    /// A text that names a file; the member then holds the file's content.
    constexpr Param file() const { return with(ETUDE_FILE); }
    /// The default is the initialiser times `parameter` (an earlier one, or "lr").
    constexpr Param times(const char* parameter) const { Param p = *this; p.reference = parameter; return p; }
};
template <class T, class M> constexpr Param<T, M> param(const char* name, M T::*member, Range range, const char* doc) {
    return {name, member, range, doc};
}
template <class T, class M> constexpr Param<T, M> param(const char* name, M T::*member, const char* doc) {
    static_assert(!std::same_as<M, double> && !std::same_as<M, std::int64_t> && !std::is_enum_v<M>,
                  "a number needs a range, a choice needs its words");
    if constexpr (std::same_as<M, bool>) return {name, member, closed(0, 1), doc};
    else return {name, member, closed(0, infinity), doc};
}
template <class T, class E, std::size_t N> requires std::is_enum_v<E>
constexpr Param<T, E> param(const char* name, E T::*member, const Names<N>& words, const char* doc) {
    return {name, member, closed(0, double(N) - 1), doc, words.list};
}
/// An absolute value of what is scheduled. YAML takes it as `name` or, relative to the base, as `name_ratio`.
template <class T> constexpr Param<T, double> rate(const char* name, double T::*member, const char* doc) {
    return {name, member, {0, infinity, ETUDE_RATE}, doc};
}

/// A list of absolute values of what is scheduled; `name_ratio` gives them relative to the base.
template <class T> constexpr Param<T, std::span<const double>> rates(const char* name, std::span<const double> T::*member, const char* doc) {
    return {name, member, {0, infinity, ETUDE_RATE}, doc};
}

/// What a preset of a schedule may say about time, beside its parameters.
enum class Unit : std::uint32_t {
    update = ETUDE_BY_UPDATE, epoch = ETUDE_BY_EPOCH, epoch_frac = ETUDE_BY_EPOCH_FRAC, fraction = ETUDE_BY_FRACTION
};
enum class Ends : std::uint32_t { closed = ETUDE_CLOSED, half_open = ETUDE_HALF_OPEN, shifted = ETUDE_SHIFTED };
enum class After : std::uint32_t {
    hold = ETUDE_HOLD, zero = ETUDE_ZERO, error = ETUDE_REFUSE, repeat = ETUDE_REPEAT, extrapolate = ETUDE_EXTRAPOLATE
};

template <class T> struct Preset {
    const char* name; T value; const char* doc; double rate = 0;
    std::uint32_t unit_ = 0, ends_ = 0, after_ = 0;  // 0: as the core
    /// The base rate that goes with it.
    constexpr Preset lr(double base) const { Preset p = *this; p.rate = base; return p; }
    constexpr Preset unit(Unit u) const { Preset p = *this; p.unit_ = static_cast<std::uint32_t>(u) + 1; return p; }
    constexpr Preset ends(Ends e) const { Preset p = *this; p.ends_ = static_cast<std::uint32_t>(e) + 1; return p; }
    constexpr Preset after(After a) const { Preset p = *this; p.after_ = static_cast<std::uint32_t>(a) + 1; return p; }
};
/// A preset is a whole configuration: `etude::preset("keras", Adam{.eps = 1e-7}, "...")`.
template <class T> constexpr Preset<T> preset(const char* name, T value, const char* doc = "") { return {name, value, doc}; }

/// A double, or a std::array of doubles, that the host keeps, bound to the member of `State` through which the plugin sees it.
template <class S, class M> struct Scalar { const char* name; M S::*member; };
template <class S, class M> constexpr Scalar<S, M> scalar(const char* name, M S::*member) { return {name, member}; }
}  // namespace etude

#include "curves.hpp"
#include "parts.hpp"
#include "table.hpp"

#define ETUDE_PLUGIN(...) extern "C" constinit const etude_table etude_plugin = ::etude::detail::table<__VA_ARGS__>();
