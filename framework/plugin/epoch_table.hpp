// framework/plugin/epoch_table.hpp - where the epochs of a run begin when they differ in length, as those of a scheduled batch do.
//
// An epoch is one pass over the samples: within one, every update is the same part of it. Before and between whole updates both directions
// interpolate; after the run the last epoch goes on for ever.
#pragma once
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace etude {

class EpochTable {
  public:
    /// Of a run whose epochs are all alike: none of the questions below may be asked.
    EpochTable() = default;
    /// Updates of each epoch, at least one.
    explicit EpochTable(std::span<const std::uint64_t> updates);
    EpochTable(const EpochTable&) = default;
    EpochTable(EpochTable&&) = default;
    EpochTable& operator=(const EpochTable&) = default;
    EpochTable& operator=(EpochTable&&) = default;
    ~EpochTable();  // out of line: GCC 12 warns of the member inside designated initialisers otherwise

    bool is_empty() const { return firsts_.empty(); }
    std::uint64_t updates() const { return firsts_.back(); }
    std::uint64_t epochs() const { return firsts_.size() - 1; }
    std::uint64_t epoch_of(std::uint64_t update) const;
    std::uint64_t updates_in(std::uint64_t epoch) const;
    /// Epochs that are over when `update` begins, a real number; and back.
    double epochs_at(double update) const;
    double update_at(double epochs) const;

    auto operator<=>(const EpochTable&) const = default;

  private:
    std::vector<std::uint64_t> firsts_;  // update with which each epoch begins, and the end of the run
};

}  // namespace etude
