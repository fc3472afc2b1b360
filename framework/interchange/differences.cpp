#include "interchange/differences.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "base/text.hpp"

namespace etude {
namespace {

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b)); }
bool same(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (std::isnan(a) && std::isnan(b)); }

double distance(double a, double b) {
    const double difference = std::abs(a - b);
    return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

/// Compares what two records say under one name, and keeps what is not the same.
class Comparer {
  public:
    explicit Comparer(RecordComparison& result) : result_(result) {}

    void text(const std::string& what, const std::string& a, const std::string& b) {
        ++result_.numbers;
        if (a != b) result_.differences.push_back({what, 1, 1, a + " and " + b, std::numeric_limits<double>::infinity()});
    }

    /// `place`: "epoch", "update": what the numbers are counted by, from 1; "" for a single one.
    template <class T>
    void numbers(const std::string& what, const std::string& place, std::span<const T> a, std::span<const T> b) {
        Difference difference{what, 0, std::max(a.size(), b.size()), "", 0};
        result_.numbers += difference.of;
        for (std::size_t i = 0; i < difference.of; ++i) {
            const bool in_both = i < a.size() && i < b.size();
            if (in_both && same(a[i], b[i])) continue;
            if (difference.numbers++ == 0) {
                const auto shown = [&](std::span<const T> values) { return i < values.size() ? number(values[i]) : std::string("none"); };
                difference.first = (place.empty() ? "" : place + " " + std::to_string(i + 1) + ": ") + shown(a) + " and " + shown(b);
            }
            const double apart = in_both ? distance(static_cast<double>(a[i]), static_cast<double>(b[i])) : std::numeric_limits<double>::infinity();
            difference.largest = std::max(difference.largest, apart);
        }
        if (difference.numbers > 0) result_.differences.push_back(std::move(difference));
    }

    void real(const std::string& what, const std::optional<double>& a, const std::optional<double>& b) {
        const auto all = [](const std::optional<double>& value) { return value ? std::span<const double>(&*value, 1) : std::span<const double>(); };
        if (a || b) numbers<double>(what, "", all(a), all(b));
    }

    void count(const std::string& what, const std::optional<std::uint64_t>& a, const std::optional<std::uint64_t>& b) {
        const auto as_real = [](const std::optional<std::uint64_t>& value) {
            return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
        };
        real(what, as_real(a), as_real(b));
    }

  private:
    RecordComparison& result_;
};

/// Names that either record has, those of the first one first.
template <class T, class Name>
std::vector<std::string> names_in(const std::vector<T>& a, const std::vector<T>& b, Name&& name) {
    std::vector<std::string> names;
    for (const auto* all : {&a, &b})
        for (const T& one : *all)
            if (std::ranges::find(names, name(one)) == names.end()) names.push_back(name(one));
    return names;
}

void compare_curves(const Record& a, const Record& b, Comparer& comparer) {
    static const Curve none{};
    for (const std::string& metric : names_in(a.curves, b.curves, [](const Curve& curve) { return curve.metric; })) {
        const Curve *in_a = a.find(metric), *in_b = b.find(metric);
        comparer.numbers<float>(metric + " over the epochs", "epoch", in_a ? in_a->values : none.values, in_b ? in_b->values : none.values);
        comparer.real(metric + " at the end", in_a ? std::optional(in_a->final) : std::nullopt, in_b ? std::optional(in_b->final) : std::nullopt);
    }
}

void compare_counts(const Record& a, const Record& b, Comparer& comparer) {
    // What a trial that did not diverge would have counted as is not in every store, and no score rests on it.
    const bool is_needed = a.status == Status::diverged || b.status == Status::diverged;
    if (!is_needed && (a.counts_as.empty() || b.counts_as.empty())) return;
    const auto find = [](const Record& record, const std::string& metric) -> std::optional<double> {
        for (const auto& [name, value] : record.counts_as)
            if (name == metric) return value;
        return std::nullopt;
    };
    for (const std::string& metric : names_in(a.counts_as, b.counts_as, [](const auto& pair) { return pair.first; }))
        comparer.real("what " + metric + " counts as", find(a, metric), find(b, metric));
}

void compare_decisions(const Record& a, const Record& b, Comparer& comparer) {
    static const DecisionMap none{};
    if (!a.decision && !b.decision) return;
    const DecisionMap &in_a = a.decision ? *a.decision : none, &in_b = b.decision ? *b.decision : none;
    const double box_a[] = {in_a.x_min, in_a.x_max, in_a.y_min, in_a.y_max}, box_b[] = {in_b.x_min, in_b.x_max, in_b.y_min, in_b.y_max};
    comparer.numbers<double>("borders of the decision map", "number", box_a, box_b);
    const auto classes = [](const DecisionMap& map) { return std::vector<float>(map.classes.begin(), map.classes.end()); };
    comparer.numbers<float>("classes of the decision map", "cell", classes(in_a), classes(in_b));
}

void compare_landscapes(const Record& a, const Record& b, Comparer& comparer) {
    static const std::vector<double> none{};
    if (!a.landscape && !b.landscape) return;
    comparer.numbers<double>("losses of the landscape", "point", a.landscape ? a.landscape->losses : none, b.landscape ? b.landscape->losses : none);
}

}  // namespace

std::size_t RecordComparison::different_numbers() const {
    std::size_t sum = 0;
    for (const Difference& difference : differences) sum += difference.numbers;
    return sum;
}

double RecordComparison::largest() const {
    double largest = 0;
    for (const Difference& difference : differences) largest = std::max(largest, difference.largest);
    return largest;
}

RecordComparison compare_records(const Record& a, const Record& b) {
    RecordComparison result;
    Comparer comparer(result);
    comparer.text("status", status_word(a.status), status_word(b.status));
    comparer.count("epochs", a.epochs, b.epochs);
    comparer.count("updates", a.updates, b.updates);
    comparer.count("diverged_at", a.diverged_at, b.diverged_at);
    comparer.real("lr of the last update", a.last_lr, b.last_lr);
    comparer.numbers<double>("lr over the epochs", "epoch", a.epoch_lr, b.epoch_lr);
    comparer.numbers<double>("lr over the updates", "update", a.update_lr, b.update_lr);
    compare_curves(a, b, comparer);
    compare_counts(a, b, comparer);
    compare_decisions(a, b, comparer);
    compare_landscapes(a, b, comparer);
    return result;
}

}  // namespace etude
