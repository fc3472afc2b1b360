#include "wrappers/settings.hpp"

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"
#include "plugin/resolve.hpp"
#include "wrappers/kinds.hpp"

namespace etude::test {
namespace {

Value value_of(const Parameter& parameter, const std::string& text) {
    switch (parameter.type) {
        case ValueType::real: return parse_real(text).value();
        case ValueType::integer: return std::int64_t{parse_integer(text).value()};
        case ValueType::flag: return text == "true";
        case ValueType::duration: {
            const std::size_t unit = text.find_first_not_of("0123456789.");
            const std::string word = unit == std::string::npos ? "updates" : text.substr(unit);
            return Duration{parse_real(text.substr(0, unit)).value(), word == "epochs"     ? TimeUnit::epochs
                                                                      : word == "fraction" ? TimeUnit::fraction
                                                                                           : TimeUnit::updates};
        }
        default: return text;
    }
}

/// `a=1;b=2` for a schema.
std::vector<GivenValue> given_values(const Schema& schema, std::string_view settings) {
    std::vector<GivenValue> given;
    for (const std::string& setting : split(std::string(settings), ';')) {
        if (setting.empty()) continue;
        const std::size_t equals = setting.find('=');
        const std::string name = setting.substr(0, equals);
        const Parameter* parameter = find_parameter(schema, name);
        BOOST_REQUIRE_MESSAGE(parameter != nullptr, "no parameter " << name);
        given.push_back({name, value_of(*parameter, setting.substr(equals + 1))});
    }
    return given;
}

void add_wrapper(const std::string& words, OptimizerSpec& spec) {
    const std::size_t space = words.find(' ');
    const Kind* kind = find_wrapper_kind(words.substr(0, space));
    BOOST_REQUIRE_MESSAGE(kind != nullptr, "no wrapper " << words);
    Values values = defaults(kind->schema);
    for (const GivenValue& given : given_values(kind->schema, space == std::string::npos ? "" : words.substr(space + 1)))
        values.set(given.key, given.value);
    if (kind->name != "clip") return spec.wrappers.push_back({kind->name, std::move(values)});
    const char* const ways[] = {"norm", "value", "adaptive"};
    for (std::size_t i = 0; i < 3; ++i)
        if (values.has(ways[i])) spec.clip = Clip{static_cast<Clip::Kind>(i), values.real(ways[i]), values.real("eps")};
}

}  // namespace

Registry shipped_optimizers() { return Registry::scan({std::string(ETUDE_BINARY_DIR) + "/plugins"}); }

OptimizerSpec wrapped_spec(const Plugin& plugin, double lr, std::string_view parameters, std::string_view wrappers) {
    auto resolved = resolve_optimizer(plugin, "", lr, given_values(plugin.description.schema, parameters));
    BOOST_REQUIRE(resolved.problems.empty());
    for (const std::string& part : split(std::string(wrappers), '+'))
        if (!trim(part).empty()) add_wrapper(std::string(trim(part)), resolved.spec);
    return resolved.spec;
}

double NoSurface::loss(std::span<const float>) {
    BOOST_FAIL("asked for a loss");
    return 0;
}
double NoSurface::gradient(std::span<const float>, std::span<float>) {
    BOOST_FAIL("asked for a gradient");
    return 0;
}

}  // namespace etude::test
