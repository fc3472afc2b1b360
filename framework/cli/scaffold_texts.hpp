// framework/cli/scaffold_texts.hpp - the files of a new plugin. @name@ and @type@ stand for its name and its struct's.
#pragma once
#include <string_view>

namespace etude::cli::scaffold {

inline constexpr std::string_view schedule_source = R"(#include <etude/plugin.hpp>
#include <cmath>

/// lr = end + (base - end) (1 - q)^power, q from 0 to 1 over `length`
struct @type@ {
    double end = 0.0;
    double power = 2.0;
    etude::Length length = etude::whole_run;

    static constexpr auto name = "@name@";
    static constexpr auto summary = "From the base rate down to `end` by a power of the time left.";
    static constexpr auto source = "";
    static constexpr auto params() {
        return std::tuple{etude::rate("end", &@type@::end, "Rate at the end."),
                          etude::param("power", &@type@::power, etude::closed(0.1, 10), "Exponent; 1 is a straight line."),
                          etude::param("length", &@type@::length, "Where the end is reached; held after it.")};
    }
    double factor(const etude::Clock& clock) const {
        const double floor = end / clock.base_lr;
        return floor + (1 - floor) * std::pow(1 - clock.position(length), power);
    }
};
ETUDE_PLUGIN(@type@)
)";

inline constexpr std::string_view optimizer_source = R"(#include <etude/plugin.hpp>

/// v <- momentum v + g        w <- w - lr v
struct @type@ {
    double momentum = 0.9;

    static constexpr auto name = "@name@";
    static constexpr auto summary = "Gradient descent with a velocity.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("momentum", &@type@::momentum, etude::right_open(0, 1), "Share of the velocity that is kept.")};
    }
    void step(const etude::Step& s) const {
        const float keep = float(momentum), rate = float(s.lr);
        s.each([=](float& w, float g, float& v) {
            v = keep * v + g;
            w -= rate * v;
        });
    }
};
ETUDE_PLUGIN(@type@)
)";

inline constexpr std::string_view study_head = R"(study: @name@
question: Does @name@ help?
data:  {name: blobs, samples: 400, centers: 3, cluster_std: 2, random_state: 2, train: 200}
model:
  - dense: {units: 16, activation: relu}
  - dense: {units: 3}
loss:  softmax_cross_entropy
train: {epochs: 20, batch: 32}
)";

inline constexpr std::string_view schedule_study = R"(optimizer: {name: sgd, lr: 0.1}
seeds: 5
sweep:
  - schedule:
      - {name: constant}
      - {name: @name@}
  - schedule: [{name: @name@}]
    schedule.power: [1, 4]
)";

inline constexpr std::string_view optimizer_study = R"(optimizer: {name: @name@}
seeds: 5
sweep:
  optimizer.lr: {log: [1e-3, 1e-1], points: 3}
  optimizer.momentum: [0, 0.9]
)";

inline constexpr std::string_view cmake_head = R"(cmake_minimum_required(VERSION 3.25)
project(@name@ LANGUAGES CXX)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_package(etude REQUIRED)
etude_add_plugin(@name@ @name@.cpp)

enable_testing()
add_test(NAME @name@.check COMMAND ${etude_EXECUTABLE} plugin check $<TARGET_FILE:@name@>)
add_test(NAME @name@.study COMMAND ${etude_EXECUTABLE} run ${CMAKE_CURRENT_SOURCE_DIR}/study.yaml --plugins $<TARGET_FILE:@name@>
                                 --out ${CMAKE_CURRENT_BINARY_DIR}/study)
)";

inline constexpr std::string_view schedule_cmake = R"(# The rate in a run of five updates: what your formula says, worked out by hand.
add_test(NAME @name@.values COMMAND ${etude_EXECUTABLE} schedule @name@ --updates 5 --plugins $<TARGET_FILE:@name@>)
set_tests_properties(@name@.values PROPERTIES PASS_REGULAR_EXPRESSION "0,0,1\n1,0,0.5625\n2,0,0.25\n3,0,0.0625\n4,0,0\n")
)";

inline constexpr std::string_view optimizer_cmake = R"(# Two updates on x^2 from 1, at rate 0.125: what your formula says, worked out by hand.
add_test(NAME @name@.values COMMAND ${etude_EXECUTABLE} optimizer @name@ lr=0.125 momentum=0.5 --start 1 --function sphere --updates 2
                                  --plugins $<TARGET_FILE:@name@>)
set_tests_properties(@name@.values PROPERTIES PASS_REGULAR_EXPRESSION "0,1\n1,0.75\n2,0.4375\n")
)";

inline constexpr std::string_view readme = R"(# @name@

@A kind@ for Etude: one struct in `@name@.cpp`. Change the formula, the parameters and the sentences; every command compiles what it needs.

```
etude describe @name@ --plugins @name@.cpp
@preview@
etude plugin check @name@.cpp
etude run study.yaml --plugins @name@.cpp
```
`study.yaml` compares it with what is there already. `etude plugin build @name@.cpp` leaves `@name@.so`, which `--plugins` and
`ETUDE_PLUGINS` take too.

With CMake, against an installed Etude (`-DCMAKE_PREFIX_PATH=PREFIX`):

```
cmake -S . -B build && cmake --build build && ctest --test-dir build
```
)";

inline constexpr std::string_view schedule_preview = "etude schedule @name@ power=3 --updates 100 --format svg --out @name@.svg --plugins @name@.cpp";
inline constexpr std::string_view optimizer_preview =
    "etude optimizer @name@ lr=0.01 --start -5,5 --function booth --updates 100 --plugins @name@.cpp";

}  // namespace etude::cli::scaffold
