// The numbers of fields are those of TensorFlow's event.proto, summary.proto and tensor.proto and of the HParams plugin's hparams.proto,
// plugin_data.proto and api.proto.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "interchange/export.hpp"
#include "interchange/times.hpp"
#include "interchange/wire.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_ending = ".etude";  // of our event files

/// Event: wall_time = 1, step = 2, file_version = 3, summary = 5.
std::string event_record(double wall_time, std::uint64_t step, const Message& summary) {
    Message event;
    event.real(1, wall_time);
    if (step > 0) event.integer(2, step);
    return tf_record(event.message(5, summary).bytes());
}

std::string first_record(double wall_time) { return tf_record(Message().real(1, wall_time).text(3, "brain.Event:2").bytes()); }

/// Summary: value = 1; Value: tag = 1, simple_value = 2.
Message scalar(const std::string& tag, float value) { return Message().message(1, Message().text(1, tag).real32(2, value)); }

/// Value: tag = 1, tensor = 8, metadata = 9 with plugin_data = 1 (plugin_name = 1, content = 2). The plugin reads the content alone, but values
/// without a tensor are dropped on the way: TensorProto dtype = 1 (DT_FLOAT = 1), tensor_shape = 2 (dim = 2, size = 1), float_val = 5, packed.
Message hparams_summary(const std::string& tag, const Message& content) {
    Message tensor;
    tensor.integer(1, 1).message(2, Message().message(2, Message().integer(1, 1))).text(5, std::string(4, '\0'));
    const Message metadata = Message().message(1, Message().text(1, "hparams").text(2, content.bytes()));
    return Message().message(1, Message().text(1, "_hparams_/" + tag).message(8, tensor).message(9, metadata));
}

/// google.protobuf.Value: number_value = 2, string_value = 3.
Message setting(const std::string& cell, bool is_number) { return is_number ? Message().real(2, *parse_real(cell)) : Message().text(3, cell); }

/// Which columns hold numbers alone: one of names and numbers is one of texts.
std::vector<bool> number_columns(const Plan& plan) {
    std::vector<bool> all(plan.columns.size(), true);
    for (const Configuration& configuration : plan.configurations)
        for (std::size_t column = 0; column < all.size(); ++column)
            if (const std::string& cell = configuration.cells[column]; !cell.empty() && !std::isfinite(parse_real(cell).value_or(std::nan(""))))
                all[column] = false;
    return all;
}

/// HParamsPluginData: experiment = 2. Experiment: description = 2, hparam_infos = 4, metric_infos = 5. HParamInfo: name = 1, type = 4.
/// MetricInfo: name = 1 with tag = 2.
Message experiment(const Plan& plan, const std::vector<bool>& numbers) {
    constexpr std::uint64_t string_type = 1, number_type = 3;  // DataType
    Message message;
    if (!plan.question.empty()) message.text(2, plan.question);
    for (std::size_t column = 0; column < plan.columns.size(); ++column)
        message.message(4, Message().text(1, plan.columns[column]).integer(4, numbers[column] ? number_type : string_type));
    message.message(4, Message().text(1, "seed").integer(4, number_type));
    const auto add_metric = [&](const std::string& tag) { message.message(5, Message().message(1, Message().text(2, tag))); };
    add_metric("score");
    for (const std::string& metric : plan.metrics) add_metric(metric);
    return Message().message(2, message);
}

/// HParamsPluginData: session_start_info = 3. SessionStartInfo: hparams = 1 (entries: key = 1, value = 2), group_name = 4, start_time_secs = 5.
Message session_start(const Results& results, const std::vector<bool>& numbers, const TrialResult& trial, double start) {
    const Configuration& configuration = results.plan.configurations[trial.planned.configuration];
    Message message;
    const auto add = [&](const std::string& name, const Message& value) { message.message(1, Message().text(1, name).message(2, value)); };
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) {
        const std::string& cell = configuration.cells[column];
        if (!cell.empty()) add(results.plan.columns[column], setting(cell, numbers[column]));
    }
    add("seed", Message().real(2, static_cast<double>(trial.planned.seed)));
    return Message().message(3, message.text(4, configuration.label).real(5, start));
}

/// HParamsPluginData: session_end_info = 4. SessionEndInfo: status = 1, end_time_secs = 2.
Message session_end(const Record& record, double end) {
    constexpr std::uint64_t success = 1, failure = 2;  // Status
    return Message().message(4, Message().integer(1, record.status == Status::failed ? failure : success).real(2, end));
}

std::string trial_events(const Results& results, const std::vector<bool>& numbers, const TrialResult& trial) {
    const Record& record = trial.stored->record;
    const double end = epoch_seconds(trial.stored->provenance.finished_at), start = end - record.wall_seconds;
    std::string bytes = first_record(start) +
                        event_record(start, 0, hparams_summary("session_start_info", session_start(results, numbers, trial, start)));
    for (std::size_t epoch = 0; epoch < record.epochs; ++epoch) {
        const double time = start + record.wall_seconds * static_cast<double>(epoch + 1) / static_cast<double>(record.epochs);
        const auto add = [&](const std::string& tag, float value) { bytes += event_record(time, epoch + 1, scalar(tag, value)); };
        if (epoch < record.epoch_lr.size()) add("lr", static_cast<float>(record.epoch_lr[epoch]));
        for (const Curve& curve : record.curves)
            if (epoch < curve.values.size()) add(curve.metric, curve.values[epoch]);
    }
    if (trial.score) bytes += event_record(end, record.epochs, scalar("score", static_cast<float>(*trial.score)));
    return bytes + event_record(end, record.epochs, hparams_summary("session_end_info", session_end(record, end)));
}

/// "0003 lr 0.1 seed 2" in letters that every file system and TensorBoard's filter take.
std::string folder_name(const Results& results, std::size_t place) {
    const TrialResult& trial = results.trials[place];
    const std::size_t digits = std::to_string(results.trials.size()).size();
    std::string label = results.plan.configurations[trial.planned.configuration].label.substr(0, 60);
    for (char& c : label)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
    return fmt::format("{:0{}}_{}_seed_{}", place, digits, label, trial.planned.seed);
}

fs::path file_name(double time) { return fmt::format("events.out.tfevents.{:010}{}", static_cast<long long>(time), file_ending); }

bool is_our_event_file(const fs::path& file) {
    return file.filename().string().starts_with("events.out.tfevents.") && file.extension() == file_ending;
}

void remove_earlier(const fs::path& folder, const std::set<fs::path>& kept) {
    std::error_code ignored;  // what cannot be removed is shown beside the new ones
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored))
        if (is_our_event_file(entry.path()) && !kept.contains(entry.path())) files.push_back(entry.path());
    for (const fs::path& file : files) {
        fs::remove(file, ignored);
        if (file.parent_path() != folder && fs::is_empty(file.parent_path(), ignored)) fs::remove(file.parent_path(), ignored);
    }
}

}  // namespace

std::vector<EventFile> tensorboard_files(const Results& results) {
    const std::vector<bool> numbers = number_columns(results.plan);
    std::vector<EventFile> files;
    double first = 0;
    for (std::size_t i = 0; i < results.trials.size(); ++i) {
        const TrialResult& trial = results.trials[i];
        if (!trial.stored) continue;
        const double end = epoch_seconds(trial.stored->provenance.finished_at);
        first = files.empty() ? end : std::min(first, end);
        files.push_back({folder_name(results, i) / file_name(end), trial_events(results, numbers, trial)});
    }
    const std::string bytes = first_record(first) + event_record(first, 0, hparams_summary("experiment", experiment(results.plan, numbers)));
    files.insert(files.begin(), {file_name(first), bytes});
    return files;
}

void write_tensorboard(const Results& results, const fs::path& folder) {
    const std::vector<EventFile> files = tensorboard_files(results);
    std::set<fs::path> paths;
    for (const EventFile& file : files) paths.insert(folder / file.path);
    for (const EventFile& file : files) {
        const fs::path parent = (folder / file.path).parent_path();
        std::error_code error;
        fs::create_directories(parent, error);
        if (error) throw Error(parent.string() + ": cannot be made: " + error.message(), "choose another folder with `--out`");
        write_file(folder / file.path, file.bytes);
    }
    remove_earlier(folder, paths);
}

}  // namespace etude
