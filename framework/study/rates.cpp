#include "study/rates.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/absent.hpp"
#include "study/given.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

/// Reads one part and remembers whether all of it was good.
class PartReader {
  public:
    PartReader(const Node& part, Reading reading, Diagnostics& diagnostics) : part_(part), reading_(reading), diagnostics_(diagnostics) {}

  protected:
    void fail(const Place& place, const std::string& message, const std::string& hint = "") {
        diagnostics_.error(place, message, hint);
        good_ = false;
    }
    template <class T>
    T taken(const std::optional<T>& value, T otherwise = {}) {
        if (!value) good_ = false;
        return value.value_or(otherwise);
    }
    /// A word of an enum of plugin/spec.hpp.
    template <class E>
    E enum_value(const Node& node, const std::string& name, E otherwise) {
        const auto words = words_of(E{});
        const auto value = read_value(node, choice(name, words[0], {words.begin(), words.end()}, ""), diagnostics_);
        if (!value) good_ = false;
        return value ? *from_word<E>(std::get<std::string>(*value)) : otherwise;
    }
    /// Null and mappings are fine; anything else is an error.
    bool is_mapping(const Node& node, const std::string& name, const std::string& form) {
        if (node.is_mapping()) return true;
        fail(node.place, name + " is " + kind_name(node) + ", not a mapping", form);
        return false;
    }

    const Node& part_;
    Reading reading_;
    Diagnostics& diagnostics_;
    bool good_ = true;
};

class OptimizerReader : PartReader {
  public:
    using PartReader::PartReader;

    std::optional<OptimizerSpec> read(Registry& registry) {
        const Plugin* plugin = read_plugin(part_, PluginKind::optimizer, registry, reading_, diagnostics_);
        const std::string preset = plugin == nullptr ? "" : taken(read_preset(part_, *plugin, diagnostics_));
        static const std::vector<std::string> host_keys{"name", "preset", "lr", "clip"};
        const auto given = read_given(
            part_, plugin, [&](const Entry& entry) { return take_host_key(entry); }, host_keys, diagnostics_);
        if (plugin == nullptr || !given || !good_ || reading_ == Reading::as_written) return std::nullopt;
        auto resolution = resolve_optimizer(*plugin, preset, lr_, *given);
        if (report_problems(part_, resolution.problems, diagnostics_)) return std::nullopt;
        resolution.spec.clip = clip_;
        return std::move(resolution.spec);
    }

  private:
    bool take_host_key(const Entry& entry) {
        if (entry.key == "name" || entry.key == "preset") return true;
        if (entry.key == "lr") {
            lr_ = read_real(entry.value, "lr", above(0), diagnostics_);
            if (!lr_) good_ = false;
            return true;
        }
        if (entry.key == "clip") return take_clip(entry.value), true;
        if (!is_absent(Section::optimizer, entry.key)) return false;
        fail(entry.key_place, absent_message("'optimizer." + entry.key + "'"));
        return true;
    }

    void take_clip(const Node& node) {
        if (node.is_null() || !is_mapping(node, "clip", "`clip: {norm: 1}` or `clip: {value: 1}`")) return;
        for (const Entry& entry : node.entries) {
            if (entry.key != "norm" && entry.key != "value") {
                report_unknown_key(entry, "clip", {"norm", "value"}, diagnostics_);
                good_ = false;
                continue;
            }
            if (clip_) fail(entry.key_place, "clip has both norm and value", "give one of them");
            const auto kind = entry.key == "norm" ? Clip::Kind::norm : Clip::Kind::value;
            clip_ = Clip{kind, taken(read_real(entry.value, "clip." + entry.key, above(0), diagnostics_))};
        }
        if (node.entries.empty()) fail(node.place, "clip has no limit", "`clip: {norm: 1}` or `clip: {value: 1}`");
    }

    std::optional<double> lr_;
    std::optional<Clip> clip_;
};

class ScheduleReader : PartReader {
  public:
    ScheduleReader(const Node& part, const ScheduleContext& context, Reading reading, Diagnostics& diagnostics)
        : PartReader(part, reading, diagnostics), context_(context) {}

    std::optional<ScheduleSpec> read(Registry& registry) {
        const Plugin* plugin = read_plugin(part_, PluginKind::schedule, registry, reading_, diagnostics_);
        const std::string preset = plugin == nullptr ? "" : taken(read_preset(part_, *plugin, diagnostics_));
        static const std::vector<std::string> host_keys{"name", "preset", "unit", "ends", "after", "warmup", "monitor"};
        const auto given = read_given(
            part_, plugin, [&](const Entry& entry) { return take_host_key(entry); }, host_keys, diagnostics_);
        if (plugin != nullptr) check_monitor(*plugin);
        if (plugin == nullptr || !given || !good_ || reading_ == Reading::as_written) return std::nullopt;
        auto resolution = resolve_schedule(*plugin, preset, context_.base_lr, time_, *given);
        if (report_problems(part_, resolution.problems, diagnostics_)) return std::nullopt;
        resolution.spec.warmup = warmup_;
        if (plugin->observes) resolution.spec.monitor = monitor_.value_or(MonitorSpec{default_metric(), 0});
        return std::move(resolution.spec);
    }

  private:
    bool take_host_key(const Entry& entry) {
        const std::string& key = entry.key;
        if (key == "name" || key == "preset") return true;
        if (key == "unit") return time_.unit = enum_value(entry.value, "unit", ScheduleUnit::update), true;
        if (key == "ends") return time_.ends = enum_value(entry.value, "ends", Ends::closed), true;
        if (key == "after") return time_.after = enum_value(entry.value, "after", After::hold), true;
        if (key == "warmup") return take_warmup(entry.value), true;
        if (key == "monitor") return take_monitor(entry.value), true;
        if (key == "lr") return fail(entry.key_place, "schedule has no key 'lr'", "the base rate is the optimizer's: `optimizer: {lr: ...}`"), true;
        if (!is_absent(Section::schedule, key)) return false;
        fail(entry.key_place, absent_message("'schedule." + key + "'"));
        return true;
    }

    void take_warmup(const Node& node) {
        if (node.is_null() || !is_mapping(node, "warmup", "`warmup: {length: {epochs: 5}}`")) return;
        WarmupSpec warmup;
        bool has_length = false;
        for (const Entry& entry : node.entries) {
            const Node& value = entry.value;
            if (entry.key == "length")
                warmup.length = warmup_length(value), has_length = true;
            else if (entry.key == "from")
                warmup.from = taken(read_real(value, "warmup.from", at_least(0), diagnostics_));
            else if (entry.key == "from_ratio")
                warmup.from = context_.base_lr * taken(read_real(value, "warmup.from_ratio", at_least(0), diagnostics_));
            else if (entry.key == "shape")
                warmup.shape = enum_value(value, "warmup.shape", warmup.shape);
            else if (entry.key == "ends")
                warmup.ends = enum_value(value, "warmup.ends", warmup.ends);
            else if (entry.key == "mode")
                warmup.mode = enum_value(value, "warmup.mode", warmup.mode);
            else
                report_unknown_key(entry, "warmup", {"length", "from", "from_ratio", "shape", "ends", "mode"}, diagnostics_), good_ = false;
        }
        if (const Entry* ratio = node.find_entry("from_ratio"); ratio != nullptr && node.find("from") != nullptr)
            fail(ratio->key_place, "'from' and 'from_ratio' are one parameter; both are given");
        if (reading_ == Reading::as_written) return;
        if (!has_length) fail(node.place, "'schedule.warmup.length' is missing");
        if (warmup.shape == WarmupShape::exponential && !(warmup.from > 0))
            fail(node.find("shape")->place, "an exponential warm-up cannot start from 0", "give `from:` or `from_ratio:`");
        warmup_ = warmup;
    }

    Duration warmup_length(const Node& node) {
        Parameter parameter;
        parameter.name = "warmup.length";
        parameter.type = ValueType::duration;
        parameter.range = at_least(0);
        parameter.required = true;
        const auto value = read_value(node, parameter, diagnostics_);
        if (!value) good_ = false;
        return value ? std::get<Duration>(*value) : Duration{};
    }

    void take_monitor(const Node& node) {
        if (node.is_null()) return;
        MonitorSpec monitor{default_metric(), 0};
        const Node* metric = node.is_scalar() ? &node : nullptr;
        if (!node.is_scalar() && !is_mapping(node, "monitor", "`monitor: test_loss` or `monitor: {metric: test_loss, every: epoch}`")) return;
        for (const Entry& entry : node.entries) {
            if (entry.key == "metric")
                metric = &entry.value;
            else if (entry.key == "every")
                monitor.every_updates = every_updates(entry.value);
            else
                report_unknown_key(entry, "monitor", {"metric", "every"}, diagnostics_), good_ = false;
        }
        if (metric != nullptr) monitor.metric = recorded_metric(*metric);
        monitor_ = monitor;
    }

    std::string recorded_metric(const Node& node) {
        const std::string metric = taken(read_word(node, "monitor.metric", diagnostics_));
        const auto& known = context_.metrics;
        if (!metric.empty() && reading_ == Reading::resolved && std::ranges::find(known, metric) == known.end())
            fail(node.place, "this study records no '" + metric + "'", spelling_hint(metric, known));
        return metric;
    }

    /// 0 for `epoch`.
    std::uint64_t every_updates(const Node& node) {
        if (node.is_scalar() && node.text == "epoch") return 0;
        const Node* updates = node.find("updates");
        if (node.entries.size() == 1 && updates != nullptr)
            return static_cast<std::uint64_t>(taken(read_integer(*updates, "monitor.every.updates", closed(1, 1e15), diagnostics_), std::int64_t{1}));
        fail(node.place, "monitor.every is " + (node.is_scalar() ? "'" + node.text + "'" : kind_name(node)) + ", not `epoch` or `{updates: n}`");
        return 0;
    }

    void check_monitor(const Plugin& plugin) {
        if (monitor_ && !plugin.observes && reading_ == Reading::resolved)
            fail(part_.find_entry("monitor")->key_place, "schedule '" + plugin.description.name + "' watches no metric", "remove `monitor:`");
    }

    std::string default_metric() const {
        if (!context_.watched.empty()) return context_.watched;
        for (const char* metric : {"validation_loss", "test_loss"})
            if (std::ranges::find(context_.metrics, metric) != context_.metrics.end()) return metric;
        return "train_loss";
    }

    const ScheduleContext& context_;
    GivenTime time_;
    std::optional<WarmupSpec> warmup_;
    std::optional<MonitorSpec> monitor_;
};

}  // namespace

std::optional<OptimizerSpec> read_optimizer(const Node& node, Registry& registry, Reading reading, Diagnostics& diagnostics) {
    return OptimizerReader(node, reading, diagnostics).read(registry);
}

std::optional<ScheduleSpec> read_schedule(const Node& node, const ScheduleContext& context, Registry& registry, Reading reading,
                                          Diagnostics& diagnostics) {
    return ScheduleReader(node, context, reading, diagnostics).read(registry);
}

}  // namespace etude
