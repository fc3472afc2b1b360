// tests/data/loading.hpp - what a data set holds, and what is said of one that cannot be loaded.
#pragma once
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "support/temporary_folder.hpp"

namespace etude::test {

/// Every sample of `part`, in its order.
inline std::vector<float> gathered(const Part& part) {
    std::vector<std::uint32_t> rows(part.count());
    std::iota(rows.begin(), rows.end(), 0u);
    std::vector<float> values(part.count() * part.features_);
    part.gather(rows, values.data(), part.features_);
    return values;
}

/// The message of the error that loading `data` from `folder` ends with, its path left out.
inline std::string complaint_of(const Component& data, const TemporaryFolder& folder) {
    std::string text = "no error";
    try {
        load_dataset(data, {{folder.path()}});
    } catch (const Error& e) {
        text = e.what();
    }
    const std::string prefix = folder.path().string() + "/";
    for (std::size_t found = text.find(prefix); found != std::string::npos; found = text.find(prefix)) text.erase(found, prefix.size());
    return text;
}

}  // namespace etude::test
