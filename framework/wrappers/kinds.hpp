// framework/wrappers/kinds.hpp - what a study may put around any optimizer, declared: names, parameters, sources.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plugin/bound.hpp"
#include "plugin/resolve.hpp"

namespace etude {

/// In the order in which they act in an update: accumulate, sam, centralize, clip, (the optimizer), cautious, lookahead, ema, swa,
/// polyak_average. An OptimizerSpec has its `wrappers` in this order; `clip` is a member of its own.
std::span<const Kind> wrapper_kinds();
const Kind* find_wrapper_kind(std::string_view name);
/// The parameter that a plain value gives: `ema: 0.99` is `ema: {decay: 0.99}`; nothing where there is none.
std::optional<std::string> plain_parameter(std::string_view wrapper);

/// Of the spec; nullptr when it has no such wrapper.
const Component* find_wrapper(const OptimizerSpec& spec, std::string_view name);
/// Batches whose gradients make one update, >= 1.
std::uint64_t accumulated_batches(const OptimizerSpec& spec);

/// What the wrappers of `spec` cannot do with this optimizer or with each other; its key is the wrapper to blame.
std::optional<ResolveProblem> wrapper_problem(const Plugin& plugin, const OptimizerSpec& spec);
/// An average that begins after the run's end, as a sentence.
std::optional<std::string> wrapper_warning(const OptimizerSpec& spec, const RunLength& length);

}  // namespace etude
