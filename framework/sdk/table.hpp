// framework/sdk/table.hpp - what ETUDE_PLUGIN makes of a struct: the C table of abi.h, and the functions in it. Authors include plugin.hpp.
#pragma once
#include "plugin.hpp"

namespace etude {
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
