// framework/train/trial_state.hpp - a trial at the end of an epoch, to be continued later, elsewhere, or not at all.
//
// A value: it may be kept, copied, written to a file, handed to another thread. oneDNN's primitives are bound to their thread, so whoever
// continues binds the trial anew from its spec and puts the state in.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "base/archive.hpp"
#include "train/record.hpp"

namespace etude {

struct TrialState {
    Record record;      ///< so far: its curves have a value for each finished epoch
    std::string bytes;  ///< weights, running statistics, and what optimizer, wrappers and schedules remember
};

/// For files. The reverse throws StateMismatch for what is no state of this version of the framework.
std::string bytes_of(const TrialState& state);
TrialState trial_state_of(std::string_view bytes);

/// What a part of a trial ended with.
using TrialOutcome = std::variant<Record, TrialState>;
inline Record& record_of(TrialOutcome& outcome) {
    TrialState* const state = std::get_if<TrialState>(&outcome);
    return state != nullptr ? state->record : std::get<Record>(outcome);
}

}  // namespace etude
