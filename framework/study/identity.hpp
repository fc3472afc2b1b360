// framework/study/identity.hpp - which trials are the same: ids over everything that decides a trial's numbers.
//
// The canonical text of a trial has its resolved values in a fixed order and one form (1, 1.0 and 1e0 are one), the bytes of the plugins
// and files it uses as hashes, and the number of the framework's own numerics. The id is the hash of that text and the seed.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "train/trial.hpp"

namespace etude {

/// Without the seed.
std::string canonical_text(const TrialSpec& trial, Registry& registry, const std::vector<std::uint64_t>& file_hashes);
/// The plugins whose bytes are part of it: the optimizer, then those of all schedules; each once.
std::vector<const Plugin*> plugins_of(const TrialSpec& trial, Registry& registry);
/// 16 hex digits; `configuration`: the hash of a canonical text.
std::string id_of(std::uint64_t configuration, std::uint64_t seed);

/// Hashes of files, each read once.
class FileHashes {
  public:
    /// Throws Error naming a file that cannot be read.
    std::vector<std::uint64_t> of(const std::vector<std::filesystem::path>& files);

  private:
    std::map<std::filesystem::path, std::uint64_t> known_;
};

}  // namespace etude
