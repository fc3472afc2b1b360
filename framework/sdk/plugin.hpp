// framework/sdk/plugin.hpp - write an optimizer or a schedule as a plain struct; link nothing.
#pragma once
#include <array>
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
    constexpr double position(const Length& length) const {
        const double extent = length.amount - (ends == ETUDE_CLOSED ? tick : 0.0);
        const double passed = x + (ends == ETUDE_SHIFTED ? tick : 0.0);
        if (extent <= 0.0) return length.amount > 0.0 && x <= 0.0 ? 0.0 : 1.0;
        const double q = passed / extent;
        return q < 1.0 || unclamped ? q : 1.0;
    }
    /// Has `length` passed? True from the tick at which x = length.
    constexpr bool reached(const Length& length) const { return x >= length.amount; }
    /// How many times `length` fits into the time passed, a real number.
    constexpr double periods(const Length& length) const { return x / length.amount; }
};

/// What an optimizer gets for one update.
struct Step : etude_step {
    /// Calls f(weight, gradient, slot0, slot1, ...) for every element; vectorised when f has no branches and no calls.
    /// The buffers never overlap; the compiler is told so.
    template <class F> [[gnu::always_inline]] inline void each(F&& f) const {
        if constexpr (std::invocable<F&, float&, float>) over(f, std::index_sequence<>{});
        else if constexpr (std::invocable<F&, float&, float, float&>) over(f, std::make_index_sequence<1>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&>) over(f, std::make_index_sequence<2>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&>) over(f, std::make_index_sequence<3>{});
        else if constexpr (std::invocable<F&, float&, float, float&, float&, float&, float&>) over(f, std::make_index_sequence<4>{});
        else static_assert(sizeof(F) == 0, "each() wants f(float& weight, float gradient, float& slot...), at most four slots");
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
    template <class F, std::size_t... K> [[gnu::always_inline]] inline void over(F& f, std::index_sequence<K...>) const {
        float* const w = weights;
        const float* const g = gradients;
        float* const slot[] = {slots[K]..., nullptr};
        const std::size_t count = n;
        ETUDE_VECTORIZE
        for (std::size_t i = 0; i < count; ++i) f(w[i], g[i], slot[K][i]...);
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
    /// The default is the initialiser times `parameter` (an earlier one, or "lr").
    constexpr Param times(const char* parameter) const { Param p = *this; p.reference = parameter; return p; }
};
template <class T, class M> constexpr Param<T, M> param(const char* name, M T::*member, Range range, const char* doc) {
    return {name, member, range, doc};
}
template <class T, class M> constexpr Param<T, M> param(const char* name, M T::*member, const char* doc) {
    static_assert(!std::same_as<M, double> && !std::same_as<M, std::int64_t> && !std::is_enum_v<M>, "a number needs a range, a choice needs its words");
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

template <class T> struct Preset {
    const char* name; T value; const char* doc; double rate = 0;
    constexpr Preset lr(double base) const { Preset p = *this; p.rate = base; return p; }
};
/// A preset is a whole configuration: `etude::preset("keras", Adam{.eps = 1e-7}, "...")`.
template <class T> constexpr Preset<T> preset(const char* name, T value, const char* doc = "") { return {name, value, doc, 0}; }

/// A double that the host keeps, bound to the member of `State` through which the plugin sees it.
template <class S> struct Scalar { const char* name; double S::*member; };
template <class S> constexpr Scalar<S> scalar(const char* name, double S::*member) { return {name, member}; }

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
        return std::array<etude_preset, sizeof...(p)>{etude_preset{p.name, p.doc, preset_values<T>[i++].data(), p.rate, 0, 0, 0, 0}...};
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
template <class T> inline constexpr auto scalars = std::apply(
    [](auto... s) { return std::array<etude_scalar, sizeof...(s)>{etude_scalar{s.name, StateOf<T>{}.*s.member}...}; }, state_of<T>());
template <class T> StateOf<T> load(const double* from) {
    StateOf<T> state{};
    std::apply([&](auto... s) { ((state.*s.member = *from++), ...); }, state_of<T>());
    return state;
}
template <class T> void save(const StateOf<T>& state, double* to) {
    std::apply([&](auto... s) { ((*to++ = state.*s.member), ...); }, state_of<T>());
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
    return guarded(error, 1, [&] { held<T>(self).self.evaluation_point(Step{*s}, point); return 0; });
}

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
    if constexpr (requires { T::elementwise; }) o.flags = T::elementwise ? ETUDE_ELEMENTWISE : 0;
    o.slots = T::slots.list;
    o.step[ETUDE_BASE] = &step_base<T>;
#if defined(__x86_64__)
    o.step[ETUDE_X86_V3] = &step_v3<T>;
    o.step[ETUDE_X86_V4] = &step_v4<T>;
#endif
    if constexpr (requires { &T::evaluation_point; }) o.evaluation_point = &evaluation_point<T>;
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

template <class T> consteval etude_table table() {
    static_assert(ScheduleLike<T> || OptimizerLike<T>, "not a plugin: needs name, summary, source, params() and either `slots` with "
                  "`void step(const etude::Step&) const`, or `double factor(const etude::Clock&) const`");
    etude_table t{};
    t.magic = ETUDE_MAGIC; t.major = ETUDE_ABI_MAJOR; t.minor = ETUDE_ABI_MINOR; t.size = sizeof t;
    t.name = T::name; t.summary = T::summary; t.source = T::source; t.build = __VERSION__;
    t.params = schema<T>.data(); t.n_params = schema<T>.size(); t.param_size = sizeof(etude_param);
    t.presets = presets<T>.data(); t.n_presets = presets<T>.size(); t.preset_size = sizeof(etude_preset);
    t.scalars = scalars<T>.data(); t.n_scalars = scalars<T>.size(); t.scalar_size = sizeof(etude_scalar);
    if constexpr (requires { T::lr; }) t.lr = T::lr;
    t.self_size = sizeof(Held<T>);
    static_assert(alignof(Held<T>) <= ETUDE_ALIGNMENT);
    t.create = &create<T>;
    if constexpr (!std::is_trivially_destructible_v<Held<T>>) t.destroy = &destroy<T>;
    if constexpr (OptimizerLike<T>) { t.kind = ETUDE_OPTIMIZER; t.optimizer = &optimizer<T>; }
    else { t.kind = ETUDE_SCHEDULE; t.schedule = &schedule<T>; }
    return t;
}
}  // namespace detail
}  // namespace etude

#define ETUDE_PLUGIN(...) extern "C" constinit const etude_table etude_plugin = ::etude::detail::table<__VA_ARGS__>();
