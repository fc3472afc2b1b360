#include "study/rate_table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/csv_table.hpp"
#include "study/path.hpp"

namespace etude {
namespace {

constexpr std::size_t most_rows = 50'000;  // a study is kept and shown with every trial

std::size_t column_of(const CsvTable& table, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
}

std::string checked_number(const std::filesystem::path& file, const CsvCell& cell, const std::string& column) {
    const auto value = parse_real(cell.text);
    if (value && std::isfinite(*value) && *value >= 0) return cell.text;
    throw Error(fmt::format("{}:{}:{}: {} = '{}' is not a number at or above 0", file.string(), cell.line, cell.column, column, cell.text));
}

/// The two lists that `file` stands for.
struct Recorded {
    Node at, values;
};

Recorded read_recorded(const std::filesystem::path& file, const Place& place) {
    const CsvTable table = read_csv_table(file, ',', CsvHeader::yes);
    const std::size_t rate = column_of(table, "lr"), update = column_of(table, "update"), epoch = column_of(table, "epoch");
    const std::size_t none = table.names.size(), time = update != none ? update : epoch;
    if (rate == none || time == none)
        throw Error(fmt::format("{}: there is no column '{}'; there are {}", file.string(), rate == none ? "lr" : "update", join(table.names, ", ")),
                    "`lr` has the rates, `update` or `epoch` says when, both from 0; `etude schedule --format csv` writes such a file");
    if (table.rows.size() > most_rows)
        throw Error(fmt::format("{}: {} rows are more than {}", file.string(), table.rows.size(), most_rows),
                    "leave rows out: between two the rate is interpolated");
    Recorded recorded{list_node(place), list_node(place)};
    for (const auto& row : table.rows) {
        Node length = mapping_node(place);
        length.entries.push_back({time == update ? "updates" : "epochs", place,
                                  scalar_node(checked_number(file, row[time], table.names[time]), false, place)});
        recorded.at.items.push_back(std::move(length));
        recorded.values.items.push_back(scalar_node(checked_number(file, row[rate], "lr"), false, place));
    }
    return recorded;
}

void fill(Node& table, const std::filesystem::path& folder, Diagnostics& diagnostics) {
    const Entry file = *table.find_entry("file");
    std::erase_if(table.entries, [](const Entry& entry) { return entry.key == "file"; });
    const auto put = [&](const std::string& key, Node list) { table.entries.push_back({key, file.key_place, std::move(list)}); };
    if (table.find("at") != nullptr || table.find("values") != nullptr)
        return diagnostics.error(file.key_place, "'file' stands for 'at' and 'values'; both are given");
    try {
        if (!file.value.is_scalar() || file.value.text.empty()) throw Error("file is " + kind_name(file.value) + ", not the name of a file");
        Recorded recorded = read_recorded((folder / file.value.text).lexically_normal(), file.value.place);
        put("at", std::move(recorded.at)), put("values", std::move(recorded.values));
    } catch (const Error& failure) {
        diagnostics.error(file.value.place, failure.what(), failure.hint());
        // What follows must not complain of lists that the file would have given.
        put("at", list_node(file.value.place)), put("values", list_node(file.value.place));
        for (const char* key : {"at", "values"}) table.find(key)->items.push_back(scalar_node("1", false, file.value.place));
    }
}

/// Is it an axis of files: "schedule.file", "schedules.optimizer.momentum.file"?
bool is_axis_of_files(const Entry& axis) {
    const Path path = parse_path(axis.key);
    return path.size() > 1 && path.back() == "file" && (path.front() == "schedule" || path.front() == "schedules") && axis.value.is_list();
}

/// Every axis of files below a sweep: in its blocks and in what they zip.
template <class F> void for_axes_of_files(Node& sweep, F&& change) {
    for (Node& block : sweep.items) for_axes_of_files(block, change);
    for (Entry& entry : sweep.entries) {
        if (is_axis_of_files(entry)) change(entry);
        if (entry.key == "zip") for_axes_of_files(entry.value, change);
    }
}

/// A schedule as the study has it, without what a file stands for; nothing when it is no table.
std::optional<Node> bare_table(const Node& root, const Path& path) {
    const Node* schedule = find_at(root, path);
    if (schedule == nullptr) return std::nullopt;
    Node table = *schedule;
    if (table.is_scalar()) {
        table = mapping_node(schedule->place);
        table.entries.push_back({"name", schedule->place, *schedule});
    }
    const Node* name = table.is_mapping() ? table.find("name") : nullptr;
    if (name == nullptr || name->text != "table") return std::nullopt;
    std::erase_if(table.entries, [](const Entry& entry) { return entry.key == "file" || entry.key == "at" || entry.key == "values"; });
    return table;
}

}  // namespace

void anchor_swept_tables(Node& root, const std::filesystem::path& folder) {
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    for_axes_of_files(*sweep, [&](Entry& axis) {
        for (Node& value : axis.value.items) {
            if (!value.is_scalar() || value.text.empty()) continue;
            Node anchored = mapping_node(value.place);
            anchored.entries.push_back({"file", value.place, scalar_node((folder / value.text).lexically_normal().string(), true, value.place)});
            anchored.entries.push_back({"as", value.place, value});
            value = std::move(anchored);
        }
    });
}

void fill_swept_tables(Node& root, Diagnostics& diagnostics) {
    anchor_swept_tables(root, "");  // names from the command line
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    for_axes_of_files(*sweep, [&](Entry& axis) {
        Path path = parse_path(axis.key);
        path.pop_back();
        const auto table = bare_table(root, path);
        if (!table)
            return diagnostics.error(axis.key_place, "'" + axis.key + "' is of a schedule 'table', which '" + path_text(path) + "' is not",
                                     "`" + path_text(path) + ": {name: table}`; or sweep whole schedules: `{name: table, file: rates.csv}`");
        for (Node& value : axis.value.items) {
            Node whole = *table;
            whole.place = value.place;
            if (value.is_mapping())
                std::ranges::copy(value.entries, std::back_inserter(whole.entries));
            else
                whole.entries.push_back({"file", value.place, value});
            fill(whole, "", diagnostics);
            value = std::move(whole);
        }
        axis.key = path_text(path);
    });
}

void fill_rate_tables(Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics) {
    for (Node& item : node.items) fill_rate_tables(item, folder, diagnostics);
    for (Entry& entry : node.entries) fill_rate_tables(entry.value, folder, diagnostics);
    const Node* name = node.is_mapping() ? node.find("name") : nullptr;
    if (name != nullptr && name->is_scalar() && name->text == "table" && node.find("file") != nullptr) fill(node, folder, diagnostics);
}

}  // namespace etude
