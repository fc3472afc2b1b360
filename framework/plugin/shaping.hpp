// framework/plugin/shaping.hpp - small things done to one schedule: it comes later, in steps, smaller, within limits.
#pragma once
#include <memory>
#include <optional>

#include "plugin/clock.hpp"
#include "plugin/node.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// Whole updates, rounded up but for a rounding error; more than any run has are 1e15.
std::uint64_t rounded_up(double updates);
std::uint64_t whole_updates(const TimeScale& scale, const Duration& duration);

/// A node around one other: what it does not change passes through.
class Wrapper : public ScheduleNode {
  public:
    explicit Wrapper(std::unique_ptr<ScheduleNode> inner) : inner_(std::move(inner)) {}
    bool observes() const override { return inner_->observes(); }
    void observe(etude_report& report, std::uint64_t done) override { inner_->observe(report, done); }
    std::span<const double> state() const override { return inner_->state(); }
    void exchange(Archive& archive) override { inner_->exchange(archive); }

  protected:
    const std::unique_ptr<ScheduleNode> inner_;
};

class Scaled final : public Wrapper {
  public:
    Scaled(double scale, std::unique_ptr<ScheduleNode> inner) : Wrapper(std::move(inner)), scale_(scale) {}
    double factor(Moment moment) override { return scale_ * inner_->factor(moment); }

  private:
    const double scale_;
};

class Limited final : public Wrapper {
  public:
    Limited(const RateLimits& limits, double base, std::unique_ptr<ScheduleNode> inner);
    double factor(Moment moment) override;

  private:
    const double min_, max_;  ///< as factors
};

/// The first value until `updates` are over, then the schedule from its beginning. Reports of that time are not given to it.
class Delayed final : public Wrapper {
  public:
    Delayed(std::uint64_t updates, std::unique_ptr<ScheduleNode> inner) : Wrapper(std::move(inner)), updates_(updates) {}
    double factor(Moment moment) override;
    void observe(etude_report& report, std::uint64_t done) override;

  private:
    const std::uint64_t updates_;
};

/// The value is held for `step`, then changes to the present one.
class Quantized final : public Wrapper {
  public:
    Quantized(const TimeScale& scale, const Duration& step, std::unique_ptr<ScheduleNode> inner);
    double factor(Moment moment) override;
    void exchange(Archive& archive) override;

  private:
    std::uint64_t begin_of_step(std::uint64_t local) const;

    const TimeScale scale_;
    const std::uint64_t step_;            ///< in updates; of the first step where epochs differ
    const std::optional<double> epochs_;  ///< there: the step in epochs, if it counts those
    std::optional<std::uint64_t> held_at_;  ///< a schedule that watches may change between: it is asked once a step
    double held_ = 1;
};

}  // namespace etude
