#include "sweep/datasets.hpp"

#include "train/decision_map.hpp"

namespace etude {

std::shared_ptr<const Dataset> DatasetCache::get(const Component& data) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const Dataset>& place = loaded_[samples_name(data)];
    if (!place) place = load_dataset(data, paths_);
    return place;
}

}  // namespace etude
