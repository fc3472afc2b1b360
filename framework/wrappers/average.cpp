#include "wrappers/average.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "plugin/clock.hpp"
#include "plugin/shaping.hpp"
#include "wrappers/kernels.hpp"

namespace etude {
namespace {

/// Rounded up to whole updates, at least one.
std::uint64_t whole_updates(const Component& method, std::string_view key, const RunLength& length, std::uint64_t otherwise) {
    const Value* value = method.values.find(key);
    if (value == nullptr) return otherwise;
    const TimeScale scale = time_scale(length, ScheduleUnit::update);
    return static_cast<std::uint64_t>(std::max(1.0, std::ceil(scale.in_updates(std::get<Duration>(*value)))));
}

}  // namespace

std::uint64_t first_average(const Component& method, const RunLength& length) { return whole_updates(method, "start", length, 1); }

Average::Average(const Component& method, std::size_t weight_count, const RunLength& length, Isa isa)
    : method_(method.name == "ema"   ? Method::ema
              : method.name == "swa" ? Method::swa
                                     : Method::polyak),
      first_(first_average(method, length)), every_(whole_updates(method, "every", length, 1)), length_(length), isa_(isa), mean_(weight_count) {
    if (const Value* every = method.values.find("every"); every != nullptr && !length_.epochs.is_empty())
        epochs_ = time_scale(length_, ScheduleUnit::update).in_epochs(std::get<Duration>(*every));
    if (method_ == Method::ema) {
        decay_ = method.values.real("decay");
        gamma_ = method.values.real("gamma");
        const std::string& warmup = method.values.word("warmup");
        warmup_ = warmup == "count" ? Warmup::count : warmup == "power" ? Warmup::power : Warmup::none;
    }
    if (method_ != Method::swa) power_ = method.values.real("power");
}

double Average::share() const {
    if (taken_ == 0) return 1;
    const double n = static_cast<double>(taken_);
    if (method_ == Method::swa) return 1 / (n + 1);
    if (method_ == Method::polyak) return (power_ + 1) / (n + 1 + power_);
    if (warmup_ == Warmup::count) return 1 - std::min(decay_, (1 + n) / (10 + n));
    if (warmup_ == Warmup::power) return 1 - std::min(decay_, 1 - std::pow(1 + n / gamma_, -power_));
    return 1 - decay_;
}

bool Average::is_due(std::uint64_t done) const {
    if (done < first_) return false;
    if (!epochs_) return (done - first_) % every_ == 0;
    const EpochTable& table = length_.epochs;
    const double begin = table.epochs_at(static_cast<double>(first_)), passed = table.epochs_at(static_cast<double>(done)) - begin;
    return rounded_up(table.update_at(begin + std::floor(passed / *epochs_ + 1e-9) * *epochs_)) == done;
}

void Average::take(std::uint64_t update, std::span<const float> weights) {
    if (!is_due(update + 1)) return;
    ETUDE_ASSERT(weights.size() == mean_.size(), "an average over another number of weights");
    const float* const w = weights.data();
    double* const mean = mean_.data();
    const std::size_t n = weights.size();
    const double part = share();
    if (taken_++ == 0)
        std::ranges::copy(weights, mean);
    else
        detail::run_for(isa_, [=] {
            for (std::size_t i = 0; i < n; ++i) mean[i] += part * (w[i] - mean[i]);
        });
}

void Average::write(std::span<float> point) const {
    ETUDE_ASSERT(point.size() == mean_.size(), "an average over another number of weights");
    float* const to = point.data();
    const double* const mean = mean_.data();
    const std::size_t n = point.size();
    detail::run_for(isa_, [=] {
        for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<float>(mean[i]);
    });
}

}  // namespace etude
