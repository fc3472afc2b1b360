#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "interchange/record_json.hpp"
#include "interchange/run_record.hpp"
#include "report/png.hpp"
#include "store/plan_json.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_name = "etude-record";
constexpr int format_version = 1;

/// As text where it is one, so that people can read a source.
Json file_json(const CarriedFile& file) {
    const bool is_text = file.bytes.find('\0') == std::string::npos;
    if (is_text) {
        Json json{{"path", file.path}, {"text", file.bytes}};
        try {
            static_cast<void>(json.dump());  // throws for what is no UTF-8
            return json;
        } catch (const Json::exception&) {
            return {{"path", file.path}, {"base64", base64(file.bytes)}};
        }
    }
    return {{"path", file.path}, {"base64", base64(file.bytes)}};
}

/// A path out of a file that anybody may have written stays below the folder it is unpacked into.
std::string checked_path(const std::string& path) {
    const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
    if (normal.empty() || normal.is_absolute() || normal.begin()->string() == ".." || !normal.has_filename() || path.find('\0') != std::string::npos)
        throw Error("damaged: a carried file with the path '" + path + "'");
    return normal.string();
}

CarriedFile file_of(const Json& json) {
    const std::string path = checked_path(json.at("path").get<std::string>());
    return {path, json.contains("text") ? json["text"].get<std::string>() : from_base64(json.at("base64").get<std::string>())};
}

Json files_json(const std::vector<CarriedFile>& files) {
    Json json = Json::array();
    for (const CarriedFile& file : files) json.push_back(file_json(file));
    return json;
}

std::vector<CarriedFile> files_of(const Json& json) {
    std::vector<CarriedFile> files;
    for (const Json& file : json) files.push_back(file_of(file));
    return files;
}

Json plugin_json(const RecordedPlugin& plugin) {
    return {{"kind", kind_word(plugin.kind)}, {"name", plugin.name}, {"hash", plugin.hash},
            {"build", plugin.build}, {"shipped", plugin.shipped}, {"files", files_json(plugin.files)}};
}

RecordedPlugin plugin_of(const Json& json) {
    const PluginKind kind = json.at("kind").get<std::string>() == "optimizer" ? PluginKind::optimizer : PluginKind::schedule;
    return {kind, checked_path(json.at("name").get<std::string>()), json.at("hash"), json.at("build"), json.at("shipped"),
            files_of(json.at("files"))};
}

Json provenance_json(const Provenance& from) {
    return {{"host", from.host}, {"cpu", from.cpu}, {"isa", from.isa}, {"onednn", from.onednn}, {"compiler", from.compiler}, {"etude", from.etude}};
}

Provenance provenance_of(const Json& json) {
    return {json.at("host"), json.at("cpu"), json.at("isa"), json.at("onednn"), json.at("compiler"), json.at("etude"), ""};
}

/// Each machine once; a trial gives the number of its own.
class Machines {
  public:
    std::size_t place(Provenance from) {
        from.finished_at.clear();
        const auto found = std::ranges::find(all_, from);
        if (found != all_.end()) return static_cast<std::size_t>(found - all_.begin());
        all_.push_back(std::move(from));
        return all_.size() - 1;
    }
    Json json() const {
        Json list = Json::array();
        for (const Provenance& from : all_) list.push_back(provenance_json(from));
        return list;
    }

  private:
    std::vector<Provenance> all_;
};

/// Trials say which configuration of the plan they are of, not its text once more.
Json trials_json(const RunRecord& record, Machines& machines) {
    std::map<std::string, std::size_t> configuration_of;
    for (const PlannedTrial& planned : record.plan.trials) configuration_of[planned.id] = planned.configuration;
    Json json = Json::array();
    for (const StoredTrial& trial : record.trials)
        json.push_back({{"id", trial.id},
                        {"seed", trial.seed},
                        {"configuration", configuration_of.at(trial.id)},
                        {"environment", machines.place(trial.provenance)},
                        {"finished_at", trial.provenance.finished_at},
                        {"result", record_to_json(trial.record)}});
    return json;
}

StoredTrial trial_of(const Json& json, const RunRecord& record, const std::set<std::string>& planned, const Json& environments) {
    const std::size_t configuration = json.at("configuration");
    if (configuration >= record.plan.configurations.size()) throw Error("damaged: a trial of configuration " + std::to_string(configuration));
    StoredTrial trial{json.at("id"), json.at("seed"), record.plan.configurations[configuration].resolved, record_from_json(json.at("result")),
                      provenance_of(environments.at(json.at("environment").get<std::size_t>()))};
    json.at("finished_at").get_to(trial.provenance.finished_at);
    if (!planned.contains(trial.id)) throw Error("damaged: trial " + trial.id + " is not in the plan");
    return trial;
}

RunRecord read_record(const Json& json) {
    RunRecord record;
    json.at("etude").get_to(record.etude);
    json.at("numerics").get_to(record.numerics);
    json.at("study").get_to(record.study);
    json.at("resolved").get_to(record.resolved);
    record.plan = plan_from_json(json.at("plan").dump());
    std::set<std::string> planned;
    for (const PlannedTrial& trial : record.plan.trials) {
        planned.insert(trial.id);
        if (trial.configuration >= record.plan.configurations.size())
            throw Error("damaged: a trial of configuration " + std::to_string(trial.configuration));
    }
    for (const Json& plugin : json.at("plugins")) record.plugins.push_back(plugin_of(plugin));
    for (const Json& data : json.at("data")) record.data.push_back({data.at("path"), data.at("hash"), files_of(data.at("files"))});
    for (const Json& trial : json.at("trials")) record.trials.push_back(trial_of(trial, record, planned, json.at("environments")));
    if (record.trials.empty()) throw Error("damaged: no trial has a result");
    return record;
}

}  // namespace

std::string run_record_json(const RunRecord& record) {
    Json json{{"format", format_name}, {"version", format_version}, {"etude", record.etude}, {"numerics", record.numerics}};
    json["study"] = record.study;
    json["resolved"] = record.resolved;
    Json& plugins = json["plugins"] = Json::array();
    for (const RecordedPlugin& plugin : record.plugins) plugins.push_back(plugin_json(plugin));
    Json& data = json["data"] = Json::array();
    for (const RecordedData& one : record.data) data.push_back({{"path", one.path}, {"hash", one.hash}, {"files", files_json(one.files)}});
    Machines machines;
    Json trials = trials_json(record, machines);
    json["environments"] = machines.json();
    json["plan"] = Json::parse(plan_to_json(record.plan));
    json["trials"] = std::move(trials);
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunRecord parse_run_record(const std::string& text, const std::string& name) {
    try {
        const Json json = Json::parse(text);
        if (!json.is_object() || json.value("format", "") != format_name)
            throw Error("is no record of a run", "`etude export DIR --to record` writes one");
        if (json.at("version").get<int>() > format_version)
            throw Error("is a record of version " + std::to_string(json["version"].get<int>()) + "; this etude reads up to version " +
                        std::to_string(format_version));
        return read_record(json);
    } catch (const nlohmann::json::parse_error&) {
        throw Error(name + ": is no record of a run", "`etude export DIR --to record` writes one");
    } catch (const nlohmann::json::exception& error) {
        throw Error(name + ": damaged: " + error.what());
    } catch (const Error& error) {
        throw Error(name + ": " + error.what(), error.hint());
    }
}

}  // namespace etude
