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
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&, float&, float&>) over(elements, f, std::make_index_sequence<5>{});
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

namespace detail {
template <class M> constexpr std::uint32_t type_of() {
    if constexpr (std::same_as<M, double>) return ETUDE_REAL;
    else if constexpr (std::same_as<M, std::int64_t>) return ETUDE_INTEGER;
    else if constexpr (std::same_as<M, bool>) return ETUDE_FLAG;
    else if constexpr (std::is_enum_v<M>) return ETUDE_CHOICE;
    else if constexpr (std::same_as<M, Length>) return ETUDE_LENGTH;
    else if constexpr (std::same_as<M, std::span<const double>>) return ETUDE_REALS;
    else if constexpr (std::same_as<M, std::span<const Length>>) return ETUDE_LENGTHS;
    else if constexpr (std::same_as<M, std::string_view>) return ETUDE_TEXT;
    else static_assert(sizeof(M) == 0, "a parameter is a double, std::int64_t, bool, enum, etude::Length, "
                       "std::span<const double>, std::span<const etude::Length> or std::string_view");
}
template <class M> constexpr etude_value pack(const M& m) {
    if constexpr (std::same_as<M, double>) return {.real = m};
    else if constexpr (std::same_as<M, Length>) return {.length = m};
    else if constexpr (std::same_as<M, std::span<const double>>) return {.reals = {m.data(), m.size()}};
    else if constexpr (std::same_as<M, std::span<const Length>>) return {.lengths = {m.data(), m.size()}};
    else if constexpr (std::same_as<M, std::string_view>) return {.text = {m.data(), m.size()}};
    else return {.integer = static_cast<std::int64_t>(m)};
}
template <class M> constexpr void unpack(M& m, const etude_value& v) {
    if constexpr (std::same_as<M, double>) m = v.real;
    else if constexpr (std::same_as<M, Length>) m = v.length;
    else if constexpr (std::same_as<M, std::span<const double>>) m = {v.reals.data, v.reals.count};
    else if constexpr (std::same_as<M, std::span<const Length>>) m = {v.lengths.data, v.lengths.count};
    else if constexpr (std::same_as<M, std::string_view>) m = {v.text.data, v.text.count};
    else m = static_cast<M>(v.integer);
}
template <class T, class M> constexpr etude_param describe(const Param<T, M>& p) {
    std::uint32_t flags = p.range.flags;
    if constexpr (std::same_as<M, Length>)  // a length that is the whole run unless told otherwise is where the shape ends
        if (const Length l = T{}.*p.member; l.unit == ETUDE_FRACTION && l.amount == 1.0) flags |= ETUDE_SPAN;
    return {p.name, p.doc, p.words, pack(T{}.*p.member), p.reference, p.range.min, p.range.max, type_of<M>(), flags};
}
template <class T> inline constexpr auto schema = std::apply(
    [](auto... p) { return std::array<etude_param, sizeof...(p)>{describe(p)...}; }, T::params());

template <class T> constexpr auto values_of(const T& t) {
    return std::apply([&](auto... p) { return std::array<etude_value, sizeof...(p)>{pack(t.*p.member)...}; }, T::params());
}
template <class T> constexpr auto presets_of() {
    if constexpr (requires { T::presets(); }) return T::presets(); else return std::tuple{};
}
template <class T> inline constexpr auto preset_values = std::apply(
    [](auto... p) { return std::array<std::array<etude_value, schema<T>.size()>, sizeof...(p)>{values_of(p.value)...}; }, presets_of<T>());
template <class T> inline constexpr auto presets = [] {
    return std::apply([](auto... p) {
        std::size_t i = 0;
        return std::array<etude_preset, sizeof...(p)>{
            etude_preset{p.name, p.doc, preset_values<T>[i++].data(), p.rate, p.unit_, p.ends_, p.after_, 0}...};
    }, presets_of<T>());
}();

struct NoState {};
template <class T> constexpr auto state_type() {
    if constexpr (requires { typename T::State; }) return std::type_identity<typename T::State>{}; else return std::type_identity<NoState>{};
}
template <class T> using StateOf = typename decltype(state_type<T>())::type;
template <class T> constexpr auto state_of() {
    if constexpr (requires { T::state(); }) return T::state(); else return std::tuple{};
}
template <class S> constexpr etude_scalar declare(const char* name, const double& initial, S) { return {name, initial, 1}; }
template <std::size_t N, class S> constexpr etude_scalar declare(const char* name, const std::array<double, N>& initial, S) {
    static_assert(N > 0);
    for (const double v : initial)
        if (v != initial[0]) throw "the elements of an array in State must have one initial value";
    return {name, initial[0], N};
}
template <class T> inline constexpr auto scalars = std::apply(
    [](auto... s) { return std::array<etude_scalar, sizeof...(s)>{declare(s.name, StateOf<T>{}.*s.member, 0)...}; }, state_of<T>());
ETUDE_INLINE void take(double& member, const double*& from) { member = *from++; }
template <std::size_t N> ETUDE_INLINE void take(std::array<double, N>& member, const double*& from) { for (double& v : member) v = *from++; }
ETUDE_INLINE void give(const double& member, double*& to) { *to++ = member; }
template <std::size_t N> ETUDE_INLINE void give(const std::array<double, N>& member, double*& to) { for (const double v : member) *to++ = v; }
template <class T> ETUDE_INLINE StateOf<T> load(const double* from) {
    StateOf<T> state{};
    std::apply([&](auto... s) { (take(state.*s.member, from), ...); }, state_of<T>());
    return state;
}
template <class T> ETUDE_INLINE void save(const StateOf<T>& state, double* to) {
    std::apply([&](auto... s) { (give(state.*s.member, to), ...); }, state_of<T>());
}

inline void say(etude_error* error, const char* text) noexcept {
    std::strncpy(error->message, text, sizeof error->message - 1);
    error->message[sizeof error->message - 1] = '\0';
}
/// Inside a catch block: the text of what was thrown. [cold, never inlined: keeps it out of the flattened functions]
[[gnu::cold, gnu::noinline]] inline int explain(etude_error* error) noexcept {
    try { throw; } catch (const std::exception& e) { say(error, e.what()); } catch (...) { say(error, "an exception that is no std::exception"); }
    return 1;
}
/// Runs f; an exception becomes a text and `failed`.
template <class F, class R> [[gnu::always_inline]] inline R guarded(etude_error* error, R failed, F f) noexcept try {
    return f();
} catch (const std::exception& e) { say(error, e.what()); return failed;
} catch (...) { say(error, "an exception that is no std::exception"); return failed; }

/// What lies in the host's memory: the parameters and, if the author declares `struct Compiled`, what is made of them once.
template <class T> struct Plain { T self; };
template <class T> struct Prepared { T self; typename T::Compiled compiled; };
template <class T> constexpr auto held_type() {
    if constexpr (requires { typename T::Compiled; }) return std::type_identity<Prepared<T>>{}; else return std::type_identity<Plain<T>>{};
}
template <class T> using Held = typename decltype(held_type<T>())::type;

template <class T> int create(void* place, const etude_value* values, etude_error* error) noexcept {
    return guarded(error, 1, [&] {
        T self{};
        std::apply([&](auto... p) { (unpack(self.*p.member, *values++), ...); }, T::params());
        if constexpr (requires { self.check(); }) self.check();
        if constexpr (requires { typename T::Compiled; }) ::new (place) Held<T>{self, typename T::Compiled(self)};
        else ::new (place) Held<T>{self};
        return 0;
    });
}
template <class T> void destroy(void* place) noexcept { static_cast<Held<T>*>(place)->~Held<T>(); }
template <class T> const Held<T>& held(const void* self) { return *static_cast<const Held<T>*>(self); }

template <class T> double factor(const void* self, const etude_clock* c, const double* values, etude_error* error) noexcept {
    return guarded(error, __builtin_nan(""), [&] {
        const Held<T>& h = held<T>(self);
        const Clock clock{*c};
        if constexpr (requires { h.self.factor(clock); }) return h.self.factor(clock);
        else if constexpr (requires { h.self.factor(clock, h.compiled); }) return h.self.factor(clock, h.compiled);
        else if constexpr (requires { h.self.factor(clock, load<T>(values)); }) return h.self.factor(clock, load<T>(values));
        else return h.self.factor(clock, h.compiled, load<T>(values));
    });
}
template <class T> int observe(const void* self, const etude_report* r, double* values, etude_error* error) noexcept {
    return guarded(error, 1, [&] {
        StateOf<T> state = load<T>(values);
        held<T>(self).self.observe(*r, state);
        save<T>(state, values);
        return 0;
    });
}
// One function for each instruction set. `flatten` inlines the author's `step`, which so takes over the function's target: any C++ form
// will do, no symbol is exported, nothing runs at load time. clang flattens one level deep, hence a macro and not a helper function;
// and hence ETUDE_INLINE on an author's own helpers.
#define ETUDE_STEP_(NAME, ...)                                                                                   \
    template <class T> __VA_ARGS__ int NAME(const void* self, const etude_step* s, etude_error* error) noexcept { \
        try {                                                                                                    \
            const Step step{*s};                                                                                 \
            const T& t = held<T>(self).self;                                                                     \
            if constexpr (requires { t.step(step); }) t.step(step);                                              \
            else {                                                                                               \
                StateOf<T> state = load<T>(s->scalars);                                                          \
                t.step(step, state);                                                                             \
                save<T>(state, s->scalars);                                                                      \
            }                                                                                                    \
            return 0;                                                                                            \
        } catch (...) { return explain(error); }                                                                 \
    }
ETUDE_STEP_(step_base, )
#if defined(__x86_64__)
ETUDE_STEP_(step_v3, __attribute__((target("arch=x86-64-v3"), flatten)))
ETUDE_STEP_(step_v4, __attribute__((target("arch=x86-64-v4"), flatten)))
#endif
#undef ETUDE_STEP_
template <class T> int evaluation_point(const void* self, const etude_step* s, float* point, etude_error* error) noexcept {
    return guarded(error, 1, [&] {
        const T& t = held<T>(self).self;
        const Step step{*s};
        if constexpr (requires { t.evaluation_point(step, point); }) t.evaluation_point(step, point);
        else t.evaluation_point(step, point, load<T>(s->scalars));
        return 0;
    });
}
#if ETUDE_ABI_MINOR >= 1
template <class T> int probe(const void* self, const etude_step* s, float* point, etude_error* error) noexcept {
    return guarded(error, -1, [&] {
        const T& t = held<T>(self).self;
        const Step step{*s};
        if constexpr (requires { t.probe(step, point); }) return t.probe(step, point) ? 1 : 0;
        else return t.probe(step, point, load<T>(s->scalars)) ? 1 : 0;
    });
}
#endif

template <class T> concept Described = requires {
    { T::name } -> std::convertible_to<const char*>;
    { T::summary } -> std::convertible_to<const char*>;
    { T::source } -> std::convertible_to<const char*>;
    T::params();
} && std::is_default_constructible_v<T>;
template <class T> concept ScheduleLike = Described<T> && requires { &T::factor; };
template <class T> concept OptimizerLike = Described<T> && requires { T::slots; &T::step; };

template <class T> consteval etude_optimizer optimizer_table() {
    etude_optimizer o{};
    o.size = sizeof o;
    if constexpr (requires { requires T::elementwise; }) o.flags |= ETUDE_ELEMENTWISE;
    if constexpr (requires { requires T::global; }) o.flags |= ETUDE_GLOBAL;
    o.slots = T::slots.list;
    o.step[ETUDE_BASE] = &step_base<T>;
#if defined(__x86_64__)
    o.step[ETUDE_X86_V3] = &step_v3<T>;
    o.step[ETUDE_X86_V4] = &step_v4<T>;
#endif
    if constexpr (requires { &T::evaluation_point; }) o.evaluation_point = &evaluation_point<T>;
#if ETUDE_ABI_MINOR >= 1
    if constexpr (requires { &T::probe; }) {
        static_assert(T::max_probes > 0, "an optimizer with `probe` says how often it may ask: `static constexpr std::uint32_t max_probes = 1;`");
        o.probe = &probe<T>;
        o.max_probes = T::max_probes;
        if constexpr (requires { requires T::probes_loss_alone; }) o.probe_flags |= ETUDE_PROBE_LOSS_ALONE;
    }
#endif
    return o;
}
template <class T> consteval etude_schedule schedule_table() {
    etude_schedule s{};
    s.size = sizeof s;
    s.factor = &factor<T>;
    if constexpr (requires { &T::observe; }) s.observe = &observe<T>;
    return s;
}
template <class T> inline constexpr etude_optimizer optimizer = optimizer_table<T>();
template <class T> inline constexpr etude_schedule schedule = schedule_table<T>();

// What the host's loader would refuse, refused by the compiler where it can be.
constexpr bool is_snake_case(std::string_view s) {
    if (s.empty() || s.size() > 64 || s[0] < 'a' || s[0] > 'z') return false;
    for (const char c : s)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    return true;
}
template <class List> constexpr bool are_snake_case(const List& list) {
    for (const auto& entry : list)
        if (!is_snake_case(entry.name)) return false;
    return true;
}
template <class List> constexpr bool differ(const List& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (std::string_view(list[i].name) == list[j].name) return false;
    return true;
}
constexpr bool is_inside(const etude_param& p, const etude_value& v) {
    const auto inside = [&](double d) {
        return (p.flags & ETUDE_MIN_OPEN ? d > p.min : d >= p.min) && (p.flags & ETUDE_MAX_OPEN ? d < p.max : d <= p.max);
    };
    if (p.type == ETUDE_REAL) return inside(v.real);
    if (p.type == ETUDE_INTEGER || p.type == ETUDE_CHOICE) return inside(static_cast<double>(v.integer));
    if (p.type == ETUDE_LENGTH) return inside(v.length.amount);
    if (p.type == ETUDE_REALS)
        for (std::size_t i = 0; i < v.reals.count; ++i)
            if (!inside(v.reals.data[i])) return false;
    return true;
}
template <class T> constexpr bool defaults_are_inside() {
    for (const etude_param& p : schema<T>)
        if (!(p.flags & ETUDE_REQUIRED) && p.relative_to == nullptr && !is_inside(p, p.fallback)) return false;
    return true;
}
template <class T> constexpr bool presets_are_inside() {
    for (const auto& values : preset_values<T>)
        for (std::size_t i = 0; i < values.size(); ++i)  // what a preset leaves alone may be a multiple, or missing: the host's business
            if (!(schema<T>[i].flags & ETUDE_REQUIRED) && schema<T>[i].relative_to == nullptr && !is_inside(schema<T>[i], values[i])) return false;
    return true;
}
template <class T> constexpr bool flags_agree() {
    if constexpr (requires { T::elementwise; T::global; }) return !(T::elementwise && T::global);
    else return true;
}

template <class T> consteval etude_table table() {
    static_assert(ScheduleLike<T> || OptimizerLike<T>, "not a plugin: needs name, summary, source, params() and either `slots` with "
                  "`void step(const etude::Step&) const`, or `double factor(const etude::Clock&) const`");
    static_assert(is_snake_case(T::name), "the plugin's name must be snake_case: a small letter, then small letters, digits and _");
    static_assert(are_snake_case(schema<T>), "a parameter's name must be snake_case: a small letter, then small letters, digits and _");
    static_assert(differ(schema<T>), "two parameters have one name");
    static_assert(defaults_are_inside<T>(), "a parameter's default (the member's initialiser) lies outside its range");
    static_assert(are_snake_case(presets<T>), "a preset's name must be snake_case: a small letter, then small letters, digits and _");
    static_assert(differ(presets<T>), "two presets have one name");
    static_assert(presets_are_inside<T>(), "a preset sets a parameter outside its range");
    static_assert(are_snake_case(scalars<T>) && differ(scalars<T>), "the names in state() must be snake_case and differ");
    static_assert(flags_agree<T>(), "`elementwise` and `global` exclude each other");
    etude_table t{};
    t.magic = ETUDE_MAGIC; t.major = ETUDE_ABI_MAJOR; t.minor = ETUDE_ABI_MINOR; t.size = sizeof t;
    t.name = T::name; t.summary = T::summary; t.source = T::source; t.build = ETUDE_BUILD;
    t.params = schema<T>.data(); t.n_params = schema<T>.size(); t.param_size = sizeof(etude_param);
    t.presets = presets<T>.data(); t.n_presets = presets<T>.size(); t.preset_size = sizeof(etude_preset);
    t.scalars = scalars<T>.data(); t.n_scalars = scalars<T>.size(); t.scalar_size = sizeof(etude_scalar);
    if constexpr (requires { T::lr; }) t.lr = T::lr;
    t.self_size = sizeof(Held<T>);
    static_assert(alignof(Held<T>) <= ETUDE_ALIGNMENT, "a plugin's struct may be aligned to 64 bytes at most");
    t.create = &create<T>;
    if constexpr (!std::is_trivially_destructible_v<Held<T>>) t.destroy = &destroy<T>;
    if constexpr (OptimizerLike<T>) { t.kind = ETUDE_OPTIMIZER; t.optimizer = &optimizer<T>; }
    else { t.kind = ETUDE_SCHEDULE; t.schedule = &schedule<T>; }
    return t;
}
}  // namespace detail
}  // namespace etude

#include "curves.hpp"
#include "parts.hpp"

#define ETUDE_PLUGIN(...) extern "C" constinit const etude_table etude_plugin = ::etude::detail::table<__VA_ARGS__>();
