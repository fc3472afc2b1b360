// tests/plugins/harness.hpp - the shipped plugins, settings as text, recorded tables, and an optimizer stepped by hand.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/aligned.hpp"
#include "plugin/bound.hpp"
#include "plugin/configuration.hpp"
#include "plugin/registry.hpp"
#include "plugin/resolve.hpp"

namespace etude::test {

/// The plugins that this build made.
Registry shipped_plugins();

/// `size=10;gamma=0.5 0.1` as given values of the types that the plugin declares. Lengths take a unit: `6updates`, `1.5epochs`.
std::vector<GivenValue> given_values(const Plugin& plugin, std::string_view settings);

/// The resolved configuration; a problem fails the test.
OptimizerSpec optimizer_spec(const Plugin& plugin, std::string_view preset, std::optional<double> lr, std::string_view settings);
ScheduleSpec schedule_spec(const Plugin& plugin, std::string_view preset, double base, const GivenTime& time, std::string_view settings);

/// A table of tables/: rows of cells, and the places of its columns.
struct Table {
    std::map<std::string, std::size_t, std::less<>> columns;  ///< empty for a table without a header
    std::vector<std::vector<std::string>> rows;
    const std::string& at(std::size_t row, std::string_view column) const { return rows.at(row).at(columns.at(std::string(column))); }
};
enum class Header { yes, no };
Table read_table_file(const std::string& name, Header header = Header::yes);
std::vector<double> reals(std::string_view text, char separator = ' ');

/// Floats with a wall on either side that nothing may write to.
class GuardedFloats {
  public:
    explicit GuardedFloats(std::size_t size);
    float* data() { return memory_.data() + wall; }
    std::span<float> span() { return {data(), size_}; }
    bool walls_stand() const;

  private:
    static constexpr std::size_t wall = 32;  // floats: two cache lines, so that data() is aligned too
    std::size_t size_;
    AlignedBuffer<float> memory_;
};

/// An optimizer without the host's own binding: any instruction set, any part of the weights.
class SteppedOptimizer {
  public:
    SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start);
    SteppedOptimizer(const SteppedOptimizer&) = delete;
    SteppedOptimizer& operator=(const SteppedOptimizer&) = delete;

    /// One update of all weights, in parts that end at `cuts`.
    void step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa = ETUDE_BASE, std::vector<std::size_t> cuts = {});
    std::vector<float> weights();
    /// Weights, slots and scalars, bit by bit.
    std::string state();
    /// Takes over weights, slots and scalars.
    void restore(SteppedOptimizer& other);
    bool walls_stand() const;

  private:
    const OptimizerSpec spec_;
    const etude_optimizer functions_;
    const Configuration configuration_;
    GuardedFloats weights_, gradients_;
    std::vector<GuardedFloats> slots_;
    std::vector<double> scalars_;
    std::size_t count_;
};

/// The instruction sets this CPU runs; the others are named in a message.
std::vector<etude_isa> runnable_sets();

}  // namespace etude::test
