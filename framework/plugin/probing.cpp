#include "plugin/probing.hpp"

namespace etude {

Prober::Prober(const etude_optimizer& functions, std::size_t weight_count)
    : probe_(functions.probe), max_probes_(functions.probe == nullptr ? 0 : functions.max_probes), losses_(max_probes_),
      point_(probe_ == nullptr ? 0 : weight_count),
      gradients_(probe_ == nullptr || (functions.probe_flags & ETUDE_PROBE_LOSS_ALONE) != 0 ? 0 : weight_count) {}

bool Prober::run(const void* self, etude_step& frame, BatchLoss& surface, etude_error& error) {
    frame.probes = 0;
    frame.probe_loss = losses_.data();
    frame.probe_gradients = nullptr;
    while (frame.probes < max_probes_) {
        const int answer = probe_(self, &frame, point_.data(), &error);
        if (answer <= 0) return answer == 0;
        const bool loss_alone = gradients_.size() == 0;
        losses_[frame.probes] = loss_alone ? surface.loss(point_.span()) : surface.gradient(point_.span(), gradients_.span());
        frame.probe_gradients = gradients_.data();  // null when the loss alone is wanted
        ++frame.probes;
    }
    return true;
}

}  // namespace etude
