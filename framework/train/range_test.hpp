// framework/train/range_test.hpp - the learning-rate range test (Smith 2017, arXiv:1506.01186, section 3.3): the rate rises from update to
// update, the loss of each is kept, and the curve of loss over rate suggests where to train.
//
// Values and pure functions: a trial whose spec has a RangeTestSpec is trained by the trainer, on a network of its own.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace etude {

/// `range_test: {from: 1e-6, to: 10, updates: 300, ramp: exponential, smoothing: 0.9, stop_at: 4}`
struct RangeTestSpec {
    enum class Ramp { exponential, linear };
    double from = 1e-6, to = 10;   ///< rates of the first and of the last update
    std::uint64_t updates = 300;
    Ramp ramp = Ramp::exponential;
    double smoothing = 0.9;        ///< what each smoothed loss keeps of the one before it
    double stop_at = 4;            ///< diverged when the smoothed loss exceeds so many times its lowest
    bool operator==(const RangeTestSpec&) const = default;
};
const Schema& range_test_schema();
RangeTestSpec range_test_of(const Values& values);
const std::string& word(RangeTestSpec::Ramp ramp);

/// Rate of update i: from (to / from)^q, or from + (to - from) q, q = i / (updates - 1).
double range_rate(const RangeTestSpec& spec, std::uint64_t update);

/// The running curve. Losses count as the floats that the store keeps, so that an analysis of stored losses sees the same.
class RangeWatch {
  public:
    explicit RangeWatch(const RangeTestSpec& spec) : spec_(spec) {}
    /// Takes the loss before the next update. True when the curve has diverged with it: the loss is no finite number, or the smoothed one
    /// exceeds `stop_at` times the lowest smoothed one.
    /// Smoothed: s_i = a_i / (1 - b^(i+1)), a_i = b a_(i-1) + (1 - b) L_i, as fastai has it.
    bool add(float loss);
    double smoothed() const { return smoothed_; }

  private:
    RangeTestSpec spec_;
    double average_ = 0, rest_ = 1, smoothed_ = 0, lowest_ = unbounded;
};

/// The rules, in the order of RangeAnalysis::suggestions.
enum class RangeRule { steepest, valley, minimum, slide, divergence };
inline constexpr std::size_t range_rule_count = 5;
const std::array<std::string, range_rule_count>& range_rule_words();

/// What one curve says. A rule that finds nothing gives nothing.
struct RangeAnalysis {
    std::vector<double> smoothed;              ///< of every loss
    std::optional<std::size_t> diverged_at;    ///< first update whose loss diverged
    double start = 0;                          ///< mean loss of the first tenth, before the rates do anything
    bool falls = false;                        ///< does the smoothed loss ever lie a tenth below `start`, and four of its own standard deviations?
    std::array<std::optional<double>, range_rule_count> suggestions;  ///< rates
    std::optional<double> divergence_rate;     ///< rate of update `diverged_at`
    const std::optional<double>& operator[](RangeRule rule) const { return suggestions[static_cast<std::size_t>(rule)]; }
};
/// `losses`: before update 0, 1, ...; at most `spec.updates`. The rules see the smoothed curve without its first tenth, its last five points
/// and anything from the divergence on; all but `divergence` say nothing about a curve that does not fall, nor of fewer than three points.
RangeAnalysis analyse_range(const RangeTestSpec& spec, std::span<const float> losses);

// The rules themselves, over a trimmed curve: the place in it, or nothing. Both spans are of one length.

/// Steepest descent over the logarithm of the rate: argmin (L_(i+1) - L_i) / (ln lr_(i+1) - ln lr_i). (Lightning since 2025 divides by the
/// rate itself, which favours the smallest rates of an exponential ramp.) Nothing when the curve nowhere falls.
std::optional<std::size_t> steepest_place(std::span<const double> rates, std::span<const double> losses);
/// Middle of the second third of the longest strictly falling subsequence (fastai's `valley`, after Novetta): with its length n and its
/// last place e, s = (e - (e - n)) / 3, the place is e - n + int(s) + int(s / 2).
std::optional<std::size_t> valley_place(std::span<const double> losses);
/// argmin L.
std::optional<std::size_t> minimum_place(std::span<const double> losses);
/// fastai's `slide` (ESRI): an interval of 15 points slides from the right end to the left while the slopes at its ends differ by more than
/// 0.005; the last left end is the answer. Slopes are numpy.gradient's, by place.
std::optional<std::size_t> slide_place(std::span<const double> losses);

/// Rates over seeds: median and quartiles on the logarithmic axis (between two neighbours: their geometric mean, weighted), lowest and highest.
struct RateSpread {
    std::size_t n = 0;
    double median = 0, low_quartile = 0, high_quartile = 0, lowest = 0, highest = 0;
};
/// Nothing for no rates.
std::optional<RateSpread> spread_of(std::vector<double> rates);

/// The metrics of a range test's record: the five rules, then `divergence_rate`; and the name of the curve of losses.
const std::vector<std::string>& range_metrics();
inline const std::string range_loss_curve = "loss", range_smoothed_curve = "smoothed_loss";

}  // namespace etude
