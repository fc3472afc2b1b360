// `etude schema` takes every shipped study and refuses what is misspelt, by a validator of the keywords that it uses.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "base/text.hpp"
#include "cli/etude.hpp"
#include "study/tree.hpp"

using namespace etude;
using namespace etude::test;
using Json = nlohmann::json;

namespace {

Json json_of(const Node& node) {
    if (node.is_null()) return nullptr;
    if (node.is_scalar()) {
        if (node.quoted) return node.text;
        if (node.text == "true" || node.text == "false") return node.text == "true";
        const auto value = parse_real(node.text);
        return value && std::isfinite(*value) ? Json(*value) : Json(node.text);
    }
    Json json = node.is_list() ? Json::array() : Json::object();
    for (const Node& item : node.items) json.push_back(json_of(item));
    for (const Entry& entry : node.entries) json[entry.key] = json_of(entry.value);
    return json;
}

Json json_of_yaml(const std::string& text) {
    Diagnostics diagnostics;
    const auto node = parse_yaml({std::make_shared<Source>(Source{"test", text, false})}, diagnostics);
    BOOST_REQUIRE(node.has_value());
    return json_of(*node);
}

/// JSON Schema, draft 7, as far as `etude schema` goes; a keyword beyond it is an error of this test.
class Validator {
  public:
    explicit Validator(const Json& root) : root_(root) {}

    bool accepts(const Json& schema, const Json& value) const {
        if (schema.contains("$ref")) return accepts(root_.at(Json::json_pointer(schema.at("$ref").get<std::string>().substr(1))), value);
        const auto none_refuses = [&](const auto& item) { return obeys(item.key(), item.value(), schema, value); };
        for (const auto& item : schema.items())
            if (!none_refuses(item)) return false;
        return true;
    }

  private:
    static bool has_type(const Json& type, const Json& value) {
        if (type.is_array()) return std::ranges::any_of(type, [&](const Json& one) { return has_type(one, value); });
        const std::string name = type;
        if (name == "integer") return value.is_number() && value.get<double>() == std::floor(value.get<double>());
        return name == "number"    ? value.is_number()
               : name == "string"  ? value.is_string()
               : name == "boolean" ? value.is_boolean()
               : name == "null"    ? value.is_null()
               : name == "array"   ? value.is_array()
                                   : name == "object" && value.is_object();
    }

    bool properties_hold(const Json& schema, const Json& value) const {
        if (!value.is_object()) return true;
        const Json none = Json::object();
        const Json& known = schema.contains("properties") ? schema.at("properties") : none;
        const Json& patterns = schema.contains("patternProperties") ? schema.at("patternProperties") : none;
        for (const auto& [key, element] : value.items()) {
            bool matched = known.contains(key);
            if (matched && !accepts(known.at(key), element)) return false;
            for (const auto& [pattern, rule] : patterns.items()) {
                if (!std::regex_search(key, std::regex(pattern))) continue;
                matched = true;
                if (!accepts(rule, element)) return false;
            }
            if (!matched && schema.contains("additionalProperties")) return false;
        }
        return true;
    }

    bool obeys(const std::string& keyword, const Json& rule, const Json& schema, const Json& value) const {
        const auto accepts_value = [&](const Json& one) { return accepts(one, value); };
        const auto number = [&] { return value.get<double>(); };
        if (keyword == "type") return has_type(rule, value);
        if (keyword == "enum") return std::ranges::find(rule, value) != rule.end();
        if (keyword == "const") return value == rule;
        if (keyword == "anyOf") return std::ranges::any_of(rule, accepts_value);
        if (keyword == "allOf") return std::ranges::all_of(rule, accepts_value);
        if (keyword == "if") return !accepts(rule, value) || accepts(schema.at("then"), value);
        if (keyword == "minimum") return !value.is_number() || number() >= rule.get<double>();
        if (keyword == "maximum") return !value.is_number() || number() <= rule.get<double>();
        if (keyword == "exclusiveMinimum") return !value.is_number() || number() > rule.get<double>();
        if (keyword == "exclusiveMaximum") return !value.is_number() || number() < rule.get<double>();
        if (keyword == "pattern") return !value.is_string() || std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
        if (keyword == "items") return !value.is_array() || std::ranges::all_of(value, [&](const Json& item) { return accepts(rule, item); });
        if (keyword == "minItems") return !value.is_array() || value.size() >= rule.get<std::size_t>();
        if (keyword == "maxItems") return !value.is_array() || value.size() <= rule.get<std::size_t>();
        if (keyword == "uniqueItems") return !value.is_array() || std::set<Json>(value.begin(), value.end()).size() == value.size();
        if (keyword == "minProperties") return !value.is_object() || value.size() >= rule.get<std::size_t>();
        if (keyword == "maxProperties") return !value.is_object() || value.size() <= rule.get<std::size_t>();
        if (keyword == "required")
            return !value.is_object() || std::ranges::all_of(rule, [&](const Json& key) { return value.contains(key.get<std::string>()); });
        if (keyword == "properties" || keyword == "patternProperties" || keyword == "additionalProperties") return properties_hold(schema, value);
        for (const char* note : {"$schema", "title", "description", "definitions", "then", "enumDescriptions"})
            if (keyword == note) return true;
        throw std::logic_error("the test knows no keyword '" + keyword + "'");
    }

    const Json& root_;
};

struct Fixture {
    Json schema = Json::parse(run_etude({"schema"}).out);
    bool accepts(const std::string& yaml) const { return Validator(schema).accepts(schema, json_of_yaml(yaml)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_schema, Fixture)

BOOST_AUTO_TEST_CASE(every_shipped_study_is_accepted) {
    std::size_t studies = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(ETUDE_SOURCE_DIR "/experiments")) {
        if (entry.path().extension() != ".yaml") continue;
        BOOST_TEST(accepts(slurp(entry.path())), entry.path().string());
        ++studies;
    }
    BOOST_TEST(studies >= 10u);
}

BOOST_AUTO_TEST_CASE(what_the_guides_show_is_accepted) {
    for (const std::string yaml :
         {"optimizer: adam",
          "optimizer: {name: adam, preset: keras3, clip: {norm: 1}}",
          "schedule: {name: cosine, end_ratio: 0.01, warmup: {length: {epochs: 5}}}",
          "schedule: {product: [{name: inverse_time, k: 0.1}, {name: plateau, monitor: validation_loss}], unit: epoch}",
          "schedule: {sequence: [{name: constant, for: {epochs: 10}}, cosine], continuous: true}",
          "schedule: {name: wsd, decay: 10, stable: inf}",
          "schedule: {name: multi_step, milestones: [{epochs: 3}, 7], gamma: 0.5}",
          "model: [flatten, {dense: {units: 5}}, {dropout: }]",
          "sweep: [{optimizer.lr: {log: [1e-4, 1], points: 9}, zip: {train.batch: [1, 2], train.epochs: [3, 4]}}, {schedule.product.0.k: [0.1]}]",
          "seeds: [0, 1, 7]",
          "seeds: {tune: 10, report: 20}",
          "metric: {name: test_accuracy, at: {epoch: 3}}",
          "target: {test_accuracy: 0.8}",
          "sweep: {optimizer.lr: {log_uniform: [1e-4, 1], draws: 20, seed: 1}, train.batch: {choice: [16, 32]}, draws: 20}",
          "sweep: {halton: {draws: 8, seed: 0, optimizer.lr: {log_uniform: [1e-4, 1]}, train.batch: {int_uniform: [8, 64]}}}",
          "sweep: {cases: [{optimizer.lr: 0.1, train.batch: 5, as: small}, {}], optimizer.momentum: {values: [0, 0.9], when: {optimizer.name: sgd}}}",
          "sweep: {method: random, run_cap: 5, parameters: {optimizer.lr: {min: 1e-4, max: 1, distribution: log_uniform_values}}}",
          "budget: {trials: 5, time: 1h30m}",
          "early_stop: {patience: 3, metric: test_loss}",
          "halving: {eta: 3}",
          "median: true",
          "hyperband: {}",
          "until_decided: {alpha: 0.1, min_seeds: 5}"})
        BOOST_TEST(accepts(yaml), yaml);
}

BOOST_AUTO_TEST_CASE(what_is_misspelt_or_out_of_range_is_refused) {
    for (const std::string yaml : {"optimzer: sgd",
                                   "optimizer: sdg",
                                   "optimizer: {name: sgd, lrr: 1}",
                                   "optimizer: {name: sgd, lr: -1}",
                                   "optimizer: {name: adam, preset: kras}",
                                   "optimizer: {name: adam, beta1: 1}",
                                   "schedule: {name: cosine, ned: 1}",
                                   "schedule: cosin",
                                   "schedule: {product: [{name: cosine, ned: 1}]}",
                                   "schedule: {name: cosine, warmup: {lenght: 3}}",
                                   "schedule: {name: cosine, length: {epoch: 3}}",
                                   "train: {epochs: 0}",
                                   "train: {epochs: 1.5}",
                                   "model: [{dens: {units: 3}}]",
                                   "model: [{dense: {units: 0}}]",
                                   "data: {name: blobs, sample: 3}",
                                   "loss: crossentropy",
                                   "seeds: -1",
                                   "seeds: [1, 1]",
                                   "seeds: {tune: 10}",
                                   "metric: test_acc",
                                   "metric: {name: test_loss, at: last}",
                                   "target: {}",
                                   "sweep: {optimizr.lr: [1]}",
                                   "sweep: {optimizer.lr: 3}",
                                   "sweep: {optimizer.lr: {log: [0, 1], points: 3}}",
                                   "study: ../x",
                                   "sweep: {optimizer.lr: {log_uniform: [0, 1], draws: 3}}",
                                   "sweep: {halton: {optimizer.lr: {uniform: [0, 1]}}}",
                                   "budget: {time: 90}",
                                   "budget: 3",
                                   "early_stop: {patience: 0}",
                                   "halving: {eta: 1}",
                                   "sweep: {method: bayes}"})
        BOOST_TEST(!accepts(yaml), yaml);
}

BOOST_AUTO_TEST_CASE(a_word_tells_what_it_means) {
    const Json& units =
        schema.at("definitions").at("layer").at("anyOf").at(1).at("properties").at("dense").at("anyOf").at(0).at("properties").at("units");
    BOOST_TEST(units.at("description").get<std::string>().ends_with("Must be given."));
    const Json& names = schema.at("definitions").at("schedule").at("anyOf").at(0);
    BOOST_TEST(names.at("enum").size() == names.at("enumDescriptions").size());
}

BOOST_AUTO_TEST_SUITE_END()
