// framework/study/wrapping.hpp - the host's keys around an optimizer: clip, and the wrappers of wrappers/kinds.hpp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugin/spec.hpp"
#include "study/parts.hpp"
#include "wrappers/kinds.hpp"

namespace etude {

/// `ema: {decay: 0.99}`, `ema: 0.99`, `ema: true` (all defaults); `null` and `false` are none.
class WrappingReader {
  public:
    WrappingReader(Reading reading, Diagnostics& diagnostics) : reading_(reading), diagnostics_(diagnostics) {}

    /// False when the key is none of these.
    bool take(const Entry& entry);
    bool good() const { return good_; }
    /// Puts what was taken into `spec` and checks that it goes together; the error is shown in `part`. False after one.
    bool apply(const Node& part, const Plugin& plugin, OptimizerSpec& spec);
    static const std::vector<std::string>& keys();

  private:
    void take_wrapper(const Kind& kind, const Node& node);
    void take_clip(const Kind& kind, const Node& node);
    std::optional<Values> read(const Kind& kind, const Node& node);

    Reading reading_;
    Diagnostics& diagnostics_;
    std::optional<Clip> clip_;
    std::map<std::string, Component, std::less<>> wrappers_;
    bool good_ = true;
};

}  // namespace etude
