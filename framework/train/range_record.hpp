// framework/train/range_record.hpp - what a range test leaves behind.
#pragma once
#include <vector>

#include "train/range_test.hpp"
#include "train/record.hpp"

namespace etude {

/// Makes `record`, of the updates that gave `losses`, that of a range test: the rules' suggestions, the smoothed curve, the losses. It counts as
/// one epoch, and is completed also where it diverged: that is what the test looks for.
void record_range_test(Record& record, const RangeTestSpec& test, std::vector<float> losses);

}  // namespace etude
