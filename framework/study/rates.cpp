#include "study/rates.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/combinators.hpp"
#include "study/given.hpp"
#include "study/typed.hpp"
#include "study/wrapping.hpp"

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
    OptimizerReader(const Node& part, Reading reading, Diagnostics& diagnostics)
        : PartReader(part, reading, diagnostics), wrapping_(reading, diagnostics) {}

    std::optional<OptimizerSpec> read(Registry& registry) {
        const Plugin* plugin = read_plugin(part_, PluginKind::optimizer, registry, reading_, diagnostics_);
        const std::string preset = plugin == nullptr ? "" : taken(read_preset(part_, *plugin, diagnostics_));
        std::vector<std::string> host_keys{"name", "preset", "lr"};
        host_keys.insert(host_keys.end(), WrappingReader::keys().begin(), WrappingReader::keys().end());
        const auto given = read_given(
            part_, plugin, [&](const Entry& entry) { return take_host_key(entry); }, host_keys, diagnostics_);
        if (plugin == nullptr || !given || !good_ || reading_ == Reading::as_written) return std::nullopt;
        auto resolution = resolve_optimizer(*plugin, preset, lr_, *given);
        if (report_problems(part_, resolution.problems, diagnostics_)) return std::nullopt;
        if (!wrapping_.apply(part_, *plugin, resolution.spec)) return std::nullopt;
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
        if (!wrapping_.take(entry)) return false;
        good_ = good_ && wrapping_.good();
        return true;
    }

    std::optional<double> lr_;
    WrappingReader wrapping_;
};

class ScheduleReader : PartReader {
  public:
    ScheduleReader(const Node& part, const ScheduleContext& context, Reading reading, Diagnostics& diagnostics)
        : PartReader(part, reading, diagnostics), context_(context), shaping_(reading, diagnostics) {}

    std::optional<ScheduleSpec> read(Registry& registry) {
        const auto combination = find_combination(part_, diagnostics_);
        if (!combination) return std::nullopt;
        auto spec = *combination == nullptr ? read_plugin_schedule(registry) : read_combination(**combination, registry);
        if (spec) {
            spec->warmup = warmup_;
            spec->shaping = shaping_.result();
            spec->lasts = lasts_;
            spec->until = until_;
            check_repeat(*spec);
        }
        return good_ ? std::move(spec) : std::nullopt;
    }

  private:
    std::optional<ScheduleSpec> read_plugin_schedule(Registry& registry) {
        const Plugin* plugin = read_plugin(part_, PluginKind::schedule, registry, reading_, diagnostics_);
        const std::string preset = plugin == nullptr ? "" : taken(read_preset(part_, *plugin, diagnostics_));
        static const std::vector<std::string> host_keys{"name", "preset", "unit", "ends", "after", "warmup", "monitor",
                                                        "repeat", "delay", "quantize", "scale", "clip"};
        time_.inherited_unit = context_.unit;
        const auto given = read_given(
            part_, plugin, [&](const Entry& entry) { return take_host_key(entry); }, host_keys, diagnostics_);
        check_lasts();
        check_until();
        if (plugin != nullptr) check_monitor(plugin->observes, "schedule '" + plugin->description.name + "'");
        if (plugin == nullptr || !given || !good_ || reading_ == Reading::as_written) return std::nullopt;
        auto resolution = resolve_schedule(*plugin, preset, context_.base_lr, time_, *given);
        if (report_problems(part_, resolution.problems, diagnostics_)) return std::nullopt;
        if (plugin->observes) resolution.spec.monitor = monitor_ ? *monitor_ : context_.monitor.value_or(MonitorSpec{default_metric(), 0});
        return std::move(resolution.spec);
    }

    std::optional<ScheduleSpec> read_combination(const Entry& combination, Registry& registry) {
        ScheduleSpec spec;
        spec.name = combination.key;
        spec.combination = *from_word<Combination>(combination.key);
        for (const Entry& entry : part_.entries)
            if (&entry != &combination) take_key_of_combination(entry, combination.key, spec);
        check_lasts();
        check_until();
        spec.unit = time_.unit.value_or(context_.unit.value_or(ScheduleUnit::update));
        const bool is_list = combination.value.is_list() && !combination.value.items.empty();
        if (!is_list)
            fail(combination.value.place, combination.key + " is " + described(combination.value) + ", not a list of schedules",
                 "`" + combination.key + ": [{name: cosine}, {name: step, size: 10}]`, each with its keys");
        for (const Node& item : combination.value.items) read_child(item, &item == &combination.value.items.back(), registry, spec);
        if (!good_ || reading_ == Reading::as_written) return std::nullopt;
        adopt_monitor(combination, spec);
        return spec;
    }

    static std::string described(const Node& node) { return node.is_list() ? "empty" : kind_name(node); }

    void take_key_of_combination(const Entry& entry, const std::string& combination, ScheduleSpec& spec) {
        if (entry.key == "ends" || entry.key == "after" || entry.key == "preset")
            return fail(entry.key_place, "a '" + combination + "' has no '" + entry.key + "'", "it belongs to the schedules in its list");
        const bool is_in_turn = spec.combination == Combination::sequence || spec.combination == Combination::switch_when;
        if (entry.key == "continuous" && is_in_turn) {
            spec.continuous = taken(read_flag(entry.value, "continuous", diagnostics_));
            return;
        }
        if (take_host_key(entry)) return;
        std::vector<std::string> known{"unit", "warmup", "monitor", "for", "until"};
        known.insert(known.end(), ShapingReader::keys().begin(), ShapingReader::keys().end());
        if (is_in_turn) known.push_back("continuous");
        report_unknown_key(entry, "a '" + combination + "'", known, diagnostics_);
        good_ = false;
    }

    void read_child(const Node& item, bool is_last, Registry& registry, ScheduleSpec& spec) {
        using Within = ScheduleContext::Within;
        ScheduleContext context = context_;
        context.unit = time_.unit ? time_.unit : context_.unit;
        context.monitor = monitor_ ? monitor_ : context_.monitor;
        context.within = spec.combination == Combination::sequence      ? (is_last ? Within::end_of_sequence : Within::sequence)
                         : spec.combination == Combination::switch_when ? (is_last ? Within::end_of_switch_when : Within::switch_when)
                                                                        : Within::combination;
        auto child = ScheduleReader(item, context, reading_, diagnostics_).read(registry);
        if (child)
            spec.children.push_back(std::move(*child));
        else if (reading_ == Reading::resolved)
            good_ = false;
    }

    /// The run is measured for one metric at one pace: whoever watches, watches that.
    void adopt_monitor(const Entry& combination, ScheduleSpec& spec) {
        const std::uint64_t pace = monitor_ ? monitor_->every_updates : context_.monitor ? context_.monitor->every_updates : 0;
        for (std::size_t i = 0; i < spec.children.size(); ++i) {
            const auto adopt = [&](const MonitorSpec& monitor) {
                if (spec.monitor && monitor != *spec.monitor)
                    fail(combination.value.items[i].place, "schedules of one '" + combination.key + "' monitor differently",
                         "write one `monitor:` beside '" + combination.key + "'");
                if (!spec.monitor) spec.monitor = monitor;
            };
            const ScheduleSpec& child = spec.children[i];
            if (child.monitor) adopt(*child.monitor);
            if (child.until) adopt({child.until->metric, pace});
        }
        check_monitor(spec.monitor.has_value(), "a '" + combination.key + "' of these schedules");
    }

    /// The time of a child is given where it has a successor, and nowhere else.
    void check_lasts() {
        using Within = ScheduleContext::Within;
        const Entry* entry = part_.find_entry("for");
        if (context_.within == Within::sequence && !lasts_ && good_ && reading_ == Reading::resolved)
            fail(part_.place, "a schedule that another one follows needs 'for'", "how long it lasts: `for: {epochs: 10}`");
        if (entry == nullptr || entry->value.is_null() || context_.within == Within::sequence) return;
        if (context_.within == Within::end_of_sequence)
            fail(entry->key_place, "the last schedule of a sequence has no 'for'", "it has the rest of the time; `{name: constant}` may follow it");
        else
            fail(entry->key_place, "'for' is the time of a schedule in a 'sequence'",
                 "`sequence: [{name: cosine, for: {epochs: 10}}, {name: constant}]`");
    }

    /// What ends a child of a `switch_when` is given where it has a successor, and nowhere else.
    void check_until() {
        using Within = ScheduleContext::Within;
        const Entry* entry = part_.find_entry("until");
        static const std::string form = "`until: {metric: test_loss, below: 0.5}` or `until: {no_improvement_for: {epochs: 3}}`";
        if (context_.within == Within::switch_when && !until_ && good_ && reading_ == Reading::resolved)
            fail(part_.place, "a schedule that another one follows needs 'until'", form);
        if (entry == nullptr || entry->value.is_null() || context_.within == Within::switch_when) return;
        if (context_.within == Within::end_of_switch_when)
            fail(entry->key_place, "the last schedule of a switch_when has no 'until'",
                 "it has the rest of the time; `{name: constant}` may follow it");
        else
            fail(entry->key_place, "'until' ends a schedule of a 'switch_when'",
                 "`switch_when: [{name: constant, until: {metric: test_loss, below: 0.5}}, {name: cosine}]`");
    }

    void check_repeat(const ScheduleSpec& spec) {
        if (spec.shaping.repeat && spec.monitor)
            fail(part_.find_entry("repeat")->key_place, "a schedule that watches a metric cannot repeat",
                 "it has no cycles to go back to the beginning of");
    }

    bool take_host_key(const Entry& entry) {
        const std::string& key = entry.key;
        if (key == "name" || key == "preset") return true;
        if (key == "unit") return time_.unit = enum_value(entry.value, "unit", ScheduleUnit::update), true;
        if (key == "ends") return time_.ends = enum_value(entry.value, "ends", Ends::closed), true;
        if (key == "after") return time_.after = enum_value(entry.value, "after", After::hold), true;
        if (key == "warmup") return take_warmup(entry.value), true;
        if (key == "monitor") return take_monitor(entry.value), true;
        if (key == "for") return take_lasts(entry.value), true;
        if (key == "until") return take_until(entry.value), true;
        if (shaping_.take(entry)) return good_ = good_ && shaping_.good(), true;
        if (key == "lr") return fail(entry.key_place, "schedule has no key 'lr'", "the base rate is the optimizer's: `optimizer: {lr: ...}`"), true;
        if (key == "seed")
            return fail(entry.key_place, "schedule has no key 'seed'",
                        "what is random in a schedule follows the trial's seed; `stream` of noise is another draw"),
                   true;
        return false;
    }

    void take_lasts(const Node& node) {
        if (node.is_null()) return;
        lasts_ = read_duration(node, "for", at_least(0), diagnostics_);
        if (!lasts_) good_ = false;
    }

    void take_until(const Node& node) {
        static const std::vector<std::string> conditions{"below", "above", "no_improvement_for"};
        static const std::string form = "one of: below: 0.5, above: 0.9, no_improvement_for: {epochs: 3}";
        if (node.is_null() || !is_mapping(node, "until", "`until: {metric: test_loss, below: 0.5}`")) return;
        Condition condition;
        condition.metric = context_.monitor ? context_.monitor->metric : default_metric();
        std::size_t given = 0;
        for (const Entry& entry : node.entries) {
            const auto found = std::ranges::find(conditions, entry.key);
            if (found != conditions.end()) {
                condition.kind = static_cast<Condition::Kind>(found - conditions.begin());
                if (++given > 1) fail(entry.key_place, "until has more than one condition", form);
            }
            if (entry.key == "metric")
                condition.metric = recorded_metric(entry.value);
            else if (entry.key == "no_improvement_for")
                condition.patience = taken(read_duration(entry.value, "until.no_improvement_for", above(0), diagnostics_));
            else if (entry.key == "margin")
                condition.margin = taken(read_real(entry.value, "until.margin", at_least(0), diagnostics_));
            else if (found != conditions.end())
                condition.value = taken(read_real(entry.value, "until." + entry.key, Interval{-unbounded, unbounded, true, true}, diagnostics_));
            else
                report_unknown_key(entry, "until", {"metric", "below", "above", "no_improvement_for", "margin"}, diagnostics_), good_ = false;
        }
        if (given == 0 && reading_ == Reading::resolved) fail(node.place, "until has no condition", form);
        if (const Entry* margin = node.find_entry("margin"); margin != nullptr && given == 1 && condition.kind != Condition::Kind::no_improvement_for)
            fail(margin->key_place, "'margin' belongs to no_improvement_for", "a limit has none");
        until_ = condition;
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

    Duration warmup_length(const Node& node) { return taken(read_duration(node, "warmup.length", at_least(0), diagnostics_)); }

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

    void check_monitor(bool watches, const std::string& what) {
        if (monitor_ && !watches && reading_ == Reading::resolved)
            fail(part_.find_entry("monitor")->key_place, what + " watches no metric", "remove `monitor:`");
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
    std::optional<Duration> lasts_;
    std::optional<Condition> until_;
    ShapingReader shaping_;
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
