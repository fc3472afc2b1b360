#include "wrappers/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "wrappers/average.hpp"

namespace etude {
namespace {

Parameter duration(std::string name, Duration fallback, std::string doc) {
    Parameter parameter;
    parameter.name = std::move(name);
    parameter.type = ValueType::duration;
    parameter.fallback = fallback;
    parameter.range = at_least(0);
    parameter.doc = std::move(doc);
    return parameter;
}

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        {"accumulate",
         "Adds up the gradients of so many batches, and makes one update of them.",
         "",
         {integer("k", 1, closed(1, 1e6), "Batches in an update: as if `batch` were k times as large. 1 is none.")}},
        {"sam",
         "Takes the gradient where the loss is worst near the weights: a second forward and backward pass in each update.",
         "Foret et al. 2021, arXiv:2010.01412, eq. 2-3 (p = 2); adaptive: Kwon et al. 2021, arXiv:2102.11600, eq. 6-7",
         {real("rho", 0.05, at_least(0), "How far from the weights; 0 leaves the gradient as it is."),
          flag("adaptive", false, "Measure the distance of each weight in units of its size; then rho is larger, 0.5 in the paper."),
          real("eta", 0.01, at_least(0), "adaptive: added to the size of each weight.")}},
        {"centralize",
         "Takes the mean off each row of a gradient: of each output's incoming weights.",
         "Yong et al. 2020, arXiv:2004.01461, eq. 1",
         {flag("conv_only", false, "Leave out the matrices of dense layers.")}},
        {"clip",
         "Bounds the gradient before the step, in one of three ways.",
         "norm: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1; adaptive: Brock et al. 2021, arXiv:2102.06171, eq. 3",
         {optional(real("norm", 0, above(0), "Largest norm of the whole gradient.")),
          optional(real("value", 0, above(0), "Largest size of an element.")),
          optional(real("adaptive", 0, above(0),
                        "Largest norm of a row of the gradient over that of the row of weights; tensors of one dimension are one row.")),
          real("eps", 1e-3, above(0), "adaptive: least norm of a row of weights.")}},
        {"cautious",
         "Makes only those parts of a step that go down the gradient, and scales them up.",
         "Liang et al. 2024, arXiv:2411.16085, algorithm 1, in the form of the authors' code",
         {flag("rescale", true, "Divide by the share of a tensor's elements that move."),
          real("floor", 1e-3, left_open(0, 1), "Least share to divide by.")}},
        {"lookahead",
         "Every k updates slow weights go part of the way to the optimizer's, which begin there again.",
         "Zhang et al. 2019, arXiv:1907.08610, algorithm 1",
         {integer("k", 5, closed(1, 1e6), "Updates between two steps of the slow weights."),
          real("alpha", 0.5, left_open(0, 1), "Part of the way; 1 leaves the weights alone."),
          choice("evaluate", "slow", {"slow", "fast"}, "At which weights to evaluate: the slow ones, as in the paper, or the optimizer's.")}},
        {"ema",
         "Evaluates at an exponential moving average of the weights; training goes on from the weights themselves.",
         "Polyak & Juditsky 1992; the first average is the weights after the first update, as in PyTorch and Keras",
         {real("decay", 0.999, right_open(0, 1), "Share of the average that is kept; 0 is the last weights."),
          choice("warmup", "none", {"none", "count", "power"},
                 "Less is kept at first: count: at most (1 + n) / (10 + n), as in TensorFlow; power: at most 1 - (1 + n / gamma)^-power, as in timm; "
                 "n averages were made before."),
          real("gamma", 1, above(0), "Warm-up power: how slow it begins."), real("power", 2.0 / 3.0, above(0), "Warm-up power: how fast it ends."),
          duration("every", {1, TimeUnit::updates}, "Time between two averages; a bare number is updates.")}},
        {"swa",
         "Evaluates at the equal mean of the weights at regular times in the last part of a run.",
         "Izmailov et al. 2018, arXiv:1803.05407, algorithm 1",
         {duration("start", {0.75, TimeUnit::fraction}, "When the first weights are taken; until then the weights themselves are evaluated."),
          duration("every", {1, TimeUnit::epochs}, "Time between two of them; a bare number is updates.")}},
        {"polyak_average",
         "Evaluates at the mean of the weights of all updates from some time on.",
         "Polyak & Juditsky 1992; Ruppert 1988; power: Shamir & Zhang 2013, arXiv:1212.1824, eq. 5",
         {duration("start", {0, TimeUnit::updates}, "After which the first weights are taken; a bare number is updates."),
          real("power", 0, at_least(0),
               "Late weights count more: those of the n-th have the share (power + 1) / (n + power); 0 is the equal mean.")}},
    };
    return all;
}

constexpr std::array<std::string_view, 3> averages{"ema", "swa", "polyak_average"};

std::string title_of(std::string_view wrapper) { return fmt::format("'{}'", wrapper); }

}  // namespace

std::span<const Kind> wrapper_kinds() { return kinds(); }

const Kind* find_wrapper_kind(std::string_view name) {
    const auto found = std::ranges::find(kinds(), name, &Kind::name);
    return found == kinds().end() ? nullptr : &*found;
}

std::optional<std::string> plain_parameter(std::string_view wrapper) {
    if (wrapper == "accumulate") return "k";
    if (wrapper == "sam") return "rho";
    if (wrapper == "ema") return "decay";
    return std::nullopt;
}

const Component* find_wrapper(const OptimizerSpec& spec, std::string_view name) {
    const auto found = std::ranges::find(spec.wrappers, name, &Component::name);
    return found == spec.wrappers.end() ? nullptr : &*found;
}

std::uint64_t accumulated_batches(const OptimizerSpec& spec) {
    const Component* accumulate = find_wrapper(spec, "accumulate");
    return accumulate == nullptr ? 1 : static_cast<std::uint64_t>(accumulate->values.integer("k"));
}

std::optional<ResolveProblem> wrapper_problem(const Plugin& plugin, const OptimizerSpec& spec) {
    std::string_view average;
    for (const std::string_view name : averages) {
        if (find_wrapper(spec, name) == nullptr) continue;
        if (!average.empty())
            return ResolveProblem{std::string(name), fmt::format("{} and {} both say where to evaluate", title_of(average), title_of(name)),
                                  "give one of them, or sweep over them"};
        average = name;
    }
    if (plugin.averages)
        for (const std::string_view name : {std::string_view("cautious"), std::string_view("lookahead"), average})
            if (!name.empty() && find_wrapper(spec, name) != nullptr)
                return ResolveProblem{std::string(name),
                                      fmt::format("{} does not go with optimizer '{}', which averages by itself", title_of(name), spec.name),
                                      "its weights, its average and its state belong together"};
    if (plugin.probes && find_wrapper(spec, "sam") != nullptr)
        return ResolveProblem{"sam", fmt::format("'sam' does not go with optimizer '{}', which looks at other weights by itself", spec.name),
                              "the loss that it sees there would not belong to the gradient of 'sam'"};
    return std::nullopt;
}

std::optional<std::string> wrapper_warning(const OptimizerSpec& spec, const RunLength& length) {
    for (const std::string_view name : averages) {
        const Component* average = find_wrapper(spec, name);
        if (average == nullptr) continue;
        const std::uint64_t first = first_average(*average, length);
        if (first > length.updates)
            return fmt::format("{} begins after {} updates, the run has {}: the weights themselves are evaluated", title_of(name), first,
                               length.updates);
    }
    return std::nullopt;
}

}  // namespace etude
