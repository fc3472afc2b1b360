#include "plugin/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plugin/bound.hpp"

namespace etude {
namespace {

std::vector<const ScheduleNode*> nodes_of(const std::vector<Phase>& phases) {
    std::vector<const ScheduleNode*> nodes;
    for (const Phase& phase : phases) nodes.push_back(phase.node.get());
    return nodes;
}

}  // namespace

Sequence::Sequence(std::vector<Phase> phases, bool continuous) : phases_(std::move(phases)), state_(nodes_of(phases_)) {
    ETUDE_ASSERT(!phases_.empty() && phases_.front().begin == 0, "a sequence begins with its first phase");
    if (continuous) gains_.assign(phases_.size(), std::numeric_limits<double>::quiet_NaN());
}

std::size_t Sequence::phase_at(std::uint64_t local) const {
    std::size_t phase = 0;
    while (phase + 1 < phases_.size() && local >= phases_[phase + 1].begin) ++phase;
    return phase;
}

double Sequence::gain(std::size_t phase, std::uint64_t update) {
    if (phase == 0 || gains_.empty()) return 1;
    double& known = gains_[phase];
    if (!std::isnan(known)) return known;
    const Phase& before = phases_[phase - 1];
    const double last = gain(phase - 1, update) * before.node->factor({phases_[phase].begin - before.begin - 1, update});
    const double first = phases_[phase].node->factor({0, update});
    if (first == 0) throw PluginFailure(fmt::format("a continuous sequence: what begins at its update {} begins at rate 0", phases_[phase].begin));
    return known = last / first;
}

double Sequence::factor(Moment moment) {
    const std::size_t phase = phase_at(moment.local);
    return gain(phase, moment.update) * phases_[phase].node->factor({moment.local - phases_[phase].begin, moment.update});
}

bool Sequence::observes() const {
    return std::ranges::any_of(phases_, [](const Phase& phase) { return phase.node->observes(); });
}

void Sequence::observe(etude_report& report, std::uint64_t done) {
    if (done == 0) return;
    const Phase& phase = phases_[phase_at(done - 1)];
    phase.node->observe(report, done - phase.begin);
}

void Sequence::exchange(Archive& archive) {
    archive.items(std::span(gains_));
    for (const Phase& phase : phases_) phase.node->exchange(archive);
}

}  // namespace etude
