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
class Wrapper : public Node {
  public:
    explicit Wrapper(std::unique_ptr<Node> inner) : inner_(std::move(inner)) {}
    bool observes() const override { return inner_->observes(); }
    void observe(etude_report& report, std::uint64_t done) override { inner_->observe(report, done); }
    std::span<const double> state() const override { return inner_->state(); }
    void exchange(Archive& archive) override { inner_->exchange(archive); }

  protected:
    const std::unique_ptr<Node> inner_;
};

class Scaled final : public Wrapper {
  public:
    Scaled(double scale, std::unique_ptr<Node> inner) : Wrapper(std::move(inner)), scale_(scale) {}
    double factor(Moment moment) override { return scale_ * inner_->factor(moment); }

  private:
    const double scale_;
};

class Limited final : public Wrapper {
  public:
    Limited(const RateLimits& limits, double base, std::unique_ptr<Node> inner);
    double factor(Moment moment) override;

  private:
    const double min_, max_;  ///< as factors
};

/// The first value until `updates` are over, then the schedule from its beginning. Reports of that time are not given to it.
class Delayed final : public Wrapper {
  public:
    Delayed(std::uint64_t updates, std::unique_ptr<Node> inner) : Wrapper(std::move(inner)), updates_(updates) {}
    double factor(Moment moment) override;
    void observe(etude_report& report, std::uint64_t done) override;

  private:
    const std::uint64_t updates_;
};

/// The value of every `step`-th update is held until the next.
class Quantized final : public Wrapper {
  public:
    Quantized(std::uint64_t step, std::unique_ptr<Node> inner);
    double factor(Moment moment) override;
    void exchange(Archive& archive) override;

  private:
    const std::uint64_t step_;
    std::optional<std::uint64_t> held_at_;  ///< a schedule that watches may change between: it is asked once a step
    double held_ = 1;
};

}  // namespace etude
