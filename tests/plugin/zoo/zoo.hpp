// tests/plugin/zoo/zoo.hpp - a good table to break in one place.
//
// Every file here is a plugin with one fault, written against abi.h alone, since plugin.hpp refuses most of them at compile time.
#pragma once
#include <cstddef>
#include <cstdint>

#include "sdk/abi.h"

namespace zoo {

inline int create(void*, const etude_value*, etude_error*) { return 0; }
inline double one(const void*, const etude_clock*, const double*, etude_error*) { return 1.0; }
inline int stay(const void*, const etude_step*, etude_error*) { return 0; }

inline constexpr const char* no_slots[] = {nullptr};

consteval etude_schedule schedule_functions() {
    etude_schedule s{};
    s.size = sizeof s;
    s.factor = &one;
    return s;
}
consteval etude_optimizer optimizer_functions() {
    etude_optimizer o{};
    o.size = sizeof o;
    o.slots = no_slots;
    o.step[ETUDE_BASE] = &stay;
    return o;
}
inline constexpr etude_schedule good_schedule = schedule_functions();
inline constexpr etude_optimizer good_optimizer = optimizer_functions();

constexpr etude_table table(const char* name) {
    etude_table t{};
    t.magic = ETUDE_MAGIC;
    t.major = ETUDE_ABI_MAJOR;
    t.minor = ETUDE_ABI_MINOR;
    t.size = sizeof t;
    t.name = name;
    t.summary = "Broken on purpose.";
    t.source = "";
    t.build = "zoo";
    t.param_size = sizeof(etude_param);
    t.preset_size = sizeof(etude_preset);
    t.scalar_size = sizeof(etude_scalar);
    t.create = &create;
    return t;
}
constexpr etude_table schedule(const char* name) {
    etude_table t = table(name);
    t.kind = ETUDE_SCHEDULE;
    t.schedule = &good_schedule;
    return t;
}
constexpr etude_table optimizer(const char* name) {
    etude_table t = table(name);
    t.kind = ETUDE_OPTIMIZER;
    t.optimizer = &good_optimizer;
    t.lr = 0.1;
    return t;
}

constexpr etude_param param(const char* name, std::uint32_t type) {
    etude_param p{};
    p.name = name;
    p.doc = "A parameter.";
    p.type = type;
    return p;
}
constexpr etude_param real(const char* name, double fallback, double min = 0, double max = 1) {
    etude_param p = param(name, ETUDE_REAL);
    p.fallback.real = fallback;
    p.min = min;
    p.max = max;
    return p;
}
constexpr etude_param length(const char* name, double amount) {
    etude_param p = param(name, ETUDE_LENGTH);
    p.fallback.length = {amount, ETUDE_TICKS, 0};
    p.max = 1e9;
    return p;
}
template <std::size_t N> constexpr etude_table with(etude_table t, const etude_param (&params)[N]) {
    t.params = params;
    t.n_params = N;
    return t;
}
template <std::size_t N> constexpr etude_table with(etude_table t, const etude_preset (&presets)[N]) {
    t.presets = presets;
    t.n_presets = N;
    return t;
}
template <std::size_t N> constexpr etude_table with(etude_table t, const etude_scalar (&scalars)[N]) {
    t.scalars = scalars;
    t.n_scalars = N;
    return t;
}

}  // namespace zoo

/// The table of this plugin: a table `t` to begin with, and what is then done to it.
#define ZOO(BEGIN, ...)                          \
    consteval etude_table broken_table() {       \
        using namespace zoo;                     \
        etude_table t = BEGIN;                   \
        __VA_ARGS__;                             \
        return t;                                \
    }                                            \
    extern "C" constinit const etude_table etude_plugin = broken_table();
