#include "layers/loss.hpp"

namespace etude {

std::optional<Misfit> regression_misfit(const std::string& loss, std::size_t outputs, std::size_t classes) {
    if (classes > 0)
        return Misfit{"`" + loss + "` needs numbers to predict; the data has " + std::to_string(classes) + " classes",
                      classes == 2 ? "use binary_cross_entropy" : "use softmax_cross_entropy"};
    if (outputs == 1) return std::nullopt;
    return Misfit{"the last layer has " + std::to_string(outputs) + " outputs; the data has 1 number to predict", "give the last layer 1 unit"};
}

}  // namespace etude
