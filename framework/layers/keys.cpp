#include "layers/keys.hpp"

#include "layers/activation.hpp"
#include "layers/catalogue.hpp"

namespace etude {

Parameter activation_key() {
    std::vector<std::string> words = {"none"};
    words.insert(words.end(), activations().begin(), activations().end());
    return choice("activation", "none", words, "Applied to the outputs; `none` leaves them as they are.");
}
Parameter init_key() {
    const auto names = initialisers();
    return choice("init", "glorot_uniform", {names.begin(), names.end()}, "How the weights are drawn; biases begin at 0.");
}
Parameter init_value_key() { return real("init_value", 0.0, closed(-1e6, 1e6), "What `init: constant` sets every weight to."); }
Parameter bias_key() { return flag("bias", true, "Whether a bias is added."); }

}  // namespace etude
