#include "train/watchers.hpp"

#include <algorithm>
#include <string>

#include "train/metrics.hpp"

namespace etude {
namespace {

bool counts_updates(const MonitorSpec& monitor, std::uint64_t updates) { return monitor.every_updates > 0 && updates % monitor.every_updates == 0; }

bool is_due(const MonitorSpec& monitor, const Watchers::Moment& moment) {
    return moment.kind == Watchers::Moment::Kind::end_of_epoch ? monitor.every_updates == 0 : counts_updates(monitor, moment.updates);
}

double value_of(const std::string& metric, const Measurement& measured) {
    const Evaluation& part = metric.starts_with("train_") ? measured.train : metric.starts_with("test_") ? measured.test : measured.validation;
    return metric.ends_with("_loss") ? part.loss : part.score;
}

}  // namespace

bool Watchers::want(std::uint64_t updates) const {
    return std::ranges::any_of(watchers_, [&](const Watcher& watcher) { return counts_updates(watcher.monitor, updates); });
}

void Watchers::report(const Measurement& measured, const Moment& moment) {
    const auto accuracy = [this](const Evaluation& part) { return classification_ ? part.score : Measurement::unknown; };
    const Metrics metrics{.train_loss = measured.train.loss, .train_accuracy = accuracy(measured.train),
                          .validation_loss = measured.validation.loss, .validation_accuracy = accuracy(measured.validation),
                          .test_loss = measured.test.loss, .test_accuracy = accuracy(measured.test)};
    for (const auto& [monitor, schedule] : watchers_)
        if (is_due(monitor, moment))
            schedule->observe(value_of(monitor.metric, measured), smaller_is_better(monitor.metric), metrics, moment.updates, moment.epochs);
}

}  // namespace etude
