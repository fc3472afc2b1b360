#include "train/trial_state.hpp"

namespace etude {
namespace {

constexpr std::uint32_t layout_version = 2;  // raised when what follows, or the order of anything in `bytes`, changes

void exchange(Archive& archive, Record& record) {
    std::uint64_t curves = record.curves.size();
    archive.item(curves);
    if (archive.restores()) {
        if (curves > 64) throw StateMismatch("a state with " + std::to_string(curves) + " metrics");
        record.curves.resize(curves);
    }
    for (Curve& curve : record.curves) {
        archive.text(curve.metric);
        archive.list(curve.values);
        archive.item(curve.final);
    }
    archive.list(record.epoch_lr);
    archive.list(record.update_lr);
    archive.item(record.last_lr);
    archive.item(record.epochs);
    archive.item(record.updates);
    archive.item(record.wall_seconds);
    std::uint64_t counts = record.counts_as.size();
    archive.item(counts);
    if (archive.restores()) {
        if (counts > 64) throw StateMismatch("a state with " + std::to_string(counts) + " initial metrics");
        record.counts_as.resize(counts);
    }
    for (auto& [metric, value] : record.counts_as) {
        archive.text(metric);
        archive.item(value);
    }
}

/// The parts of a record that only the end of a trial fills in are not there yet.
void exchange(Archive& archive, TrialState& state) {
    std::uint32_t version = layout_version;
    archive.item(version);
    if (version != layout_version) throw StateMismatch("a state of layout " + std::to_string(version) + ", not " + std::to_string(layout_version));
    exchange(archive, state.record);
    archive.text(state.bytes);
}

}  // namespace

std::string bytes_of(const TrialState& state) {
    Archive archive;
    TrialState copy = state;
    exchange(archive, copy);
    return archive.take();
}

TrialState trial_state_of(std::string_view bytes) {
    Archive archive(bytes);
    TrialState state;
    exchange(archive, state);
    archive.require_end();
    return state;
}

}  // namespace etude
