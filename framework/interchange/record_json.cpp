#include "interchange/record_json.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/png.hpp"
#include "store/runs.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

Json real_json(double value) { return std::isfinite(value) ? Json(value) : Json(number(value)); }

double real_of(const Json& json) {
    if (json.is_number()) return json.get<double>();
    const auto value = parse_real(json.get<std::string>());
    if (!value) throw Error("damaged: '" + json.get<std::string>() + "' is no number");
    return *value;
}

template <class T>
Json reals_json(const std::vector<T>& values) {
    Json json = Json::array();
    for (const T value : values) json.push_back(real_json(static_cast<double>(value)));
    return json;
}

template <class T>
std::vector<T> reals_of(const Json& json) {
    std::vector<T> values;
    for (const Json& value : json) values.push_back(static_cast<T>(real_of(value)));
    return values;
}

Json decision_json(const DecisionMap& map) {
    const auto runs = to_runs(map.classes);
    return {{"box", {map.x_min, map.x_max, map.y_min, map.y_max}}, {"columns", map.columns}, {"rows", map.rows},
            {"classes", base64(std::string(runs.begin(), runs.end()))}, {"samples", map.samples}};
}

DecisionMap decision_of(const Json& json) {
    const Json& box = json.at("box");
    const std::string runs = from_base64(json.at("classes").get<std::string>());
    DecisionMap map{box.at(0), box.at(1), box.at(2), box.at(3), json.at("columns"), json.at("rows"),
                    from_runs({runs.begin(), runs.end()}), json.at("samples")};
    if (map.classes.size() != map.columns * map.rows) throw Error("damaged: a decision map of " + std::to_string(map.classes.size()) + " cells");
    return map;
}

Json landscape_json(const Landscape& landscape) {
    const LandscapeSpec& spec = landscape.spec;
    return {{"dimensions", spec.dimensions}, {"points", spec.points}, {"span", spec.span}, {"losses", reals_json(landscape.losses)}};
}

Landscape landscape_of(const Json& json) {
    Landscape landscape{{json.at("dimensions"), json.at("points"), json.at("span")}, reals_of<double>(json.at("losses"))};
    const LandscapeSpec& spec = landscape.spec;
    if (landscape.losses.size() != (spec.dimensions == 2 ? spec.points * spec.points : spec.points))
        throw Error("damaged: a landscape of " + std::to_string(landscape.losses.size()) + " losses");
    return landscape;
}

}  // namespace

nlohmann::ordered_json record_to_json(const Record& record) {
    Json json{{"status", status_word(record.status)}};
    if (!record.message.empty()) json["message"] = record.message;
    json["epochs"] = record.epochs;
    json["updates"] = record.updates;
    if (record.diverged_at) json["diverged_at"] = *record.diverged_at;
    json["last_lr"] = real_json(record.last_lr);
    json["wall_seconds"] = real_json(record.wall_seconds);
    json["epoch_lr"] = reals_json(record.epoch_lr);
    if (!record.update_lr.empty()) json["update_lr"] = reals_json(record.update_lr);
    Json& curves = json["curves"] = Json::array();
    for (const Curve& curve : record.curves)
        curves.push_back({{"metric", curve.metric}, {"final", real_json(curve.final)}, {"values", reals_json(curve.values)}});
    Json& counts = json["counts_as"] = Json::array();
    for (const auto& [metric, value] : record.counts_as) counts.push_back({metric, real_json(value)});
    if (record.decision) json["decision"] = decision_json(*record.decision);
    if (record.landscape) json["landscape"] = landscape_json(*record.landscape);
    return json;
}

Record record_from_json(const nlohmann::ordered_json& json) {
    Record record;
    const auto word = json.at("status").get<std::string>();
    const auto status = status_from_word(word);
    if (!status) throw Error("damaged: a trial with the status '" + word + "'");
    record.status = *status;
    record.message = json.value("message", "");
    json.at("epochs").get_to(record.epochs);
    json.at("updates").get_to(record.updates);
    if (json.contains("diverged_at")) record.diverged_at = json["diverged_at"].get<std::uint64_t>();
    record.last_lr = real_of(json.at("last_lr"));
    record.wall_seconds = real_of(json.at("wall_seconds"));
    record.epoch_lr = reals_of<double>(json.at("epoch_lr"));
    if (json.contains("update_lr")) record.update_lr = reals_of<double>(json["update_lr"]);
    for (const Json& curve : json.at("curves"))
        record.curves.push_back({curve.at("metric"), reals_of<float>(curve.at("values")), real_of(curve.at("final"))});
    for (const Json& count : json.at("counts_as")) record.counts_as.emplace_back(count.at(0).get<std::string>(), real_of(count.at(1)));
    if (json.contains("decision")) record.decision = decision_of(json["decision"]);
    if (json.contains("landscape")) record.landscape = landscape_of(json["landscape"]);
    return record;
}

std::string from_base64(std::string_view text) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    while (text.ends_with('=')) text.remove_suffix(1);
    for (const char c : text) {
        const std::size_t value = letters.find(c);
        if (value == std::string_view::npos) throw Error("damaged: bytes that are no base64");
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU);
    }
    return bytes;
}

}  // namespace etude
