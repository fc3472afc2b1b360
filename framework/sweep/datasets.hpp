// framework/sweep/datasets.hpp - data sets in memory, once each, whatever the number of workers and configurations.
// Thread safety: get() may be called by several threads; a set is loaded by the first that asks while the others wait.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "data/catalogue.hpp"

namespace etude {

class DatasetCache {
  public:
    explicit DatasetCache(DataPaths paths) : paths_(std::move(paths)) {}
    std::shared_ptr<const Dataset> get(const Component& data);

  private:
    const DataPaths paths_;
    std::mutex mutex_;  // guards loaded_
    std::map<std::string, std::shared_ptr<const Dataset>> loaded_;
};

}  // namespace etude
