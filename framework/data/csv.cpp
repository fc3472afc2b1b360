// The data set csv: a table of text, one column of which is the target.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/csv_table.hpp"
#include "data/find_files.hpp"
#include "data/row_split.hpp"
#include "data/table_set.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_classes = 1000;

fs::path file_of(const Component& data, const DataPaths& paths) { return find_named_file("csv", "file", data.values.word("file"), paths); }

/// A table whose every cell has been read.
struct CsvNumbers {
    std::vector<std::string> names;  ///< of the features
    TableRows rows;
    TableTargets targets;
};

[[noreturn]] void fail(const fs::path& file, const CsvCell& cell, const std::string& what, const std::string& hint = "") {
    throw Error(fmt::format("{}:{}:{}: {}", file.string(), cell.line, cell.column, what), hint);
}

double number_in(const fs::path& file, const CsvCell& cell, const std::string& column) {
    if (cell.text.empty())
        fail(file, cell, fmt::format("the cell of column '{}' is empty", column), "rows with missing values are to be filled or left out before");
    const auto value = parse_real(cell.text);
    if (!value) fail(file, cell, fmt::format("'{}' in column '{}' is not a number", cell.text, column));
    if (!std::isfinite(static_cast<float>(*value))) fail(file, cell, fmt::format("'{}' in column '{}' is not a finite number", cell.text, column));
    return *value;
}

std::size_t column_named(const fs::path& file, const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw Error(fmt::format("{}: there is no column '{}'", file.string(), name), spelling_hint(name, names));
    return static_cast<std::size_t>(found - names.begin());
}

/// By its name, else by its place, from 1.
std::size_t feature_column(const fs::path& file, const std::vector<std::string>& names, const std::string& word) {
    const auto place = parse_integer(word);
    const bool is_place = place && *place >= 1 && static_cast<std::size_t>(*place) <= names.size() && std::ranges::find(names, word) == names.end();
    return is_place ? static_cast<std::size_t>(*place) - 1 : column_named(file, names, word);
}

/// All but the target, or those that `columns` gives, in its order.
std::vector<std::size_t> feature_columns(const fs::path& file, const std::vector<std::string>& names, std::size_t target, const Values& values) {
    std::vector<std::size_t> features;
    if (!values.has("columns")) {
        for (std::size_t j = 0; j < names.size(); ++j)
            if (j != target) features.push_back(j);
        if (features.empty()) throw Error(file.string() + ": there is no column beside the target", "is `separator` right?");
        return features;
    }
    for (const std::string& word : split(values.word("columns"), ',')) {
        const std::string name(trim(word));
        if (name.empty()) throw Error(file.string() + ": a name among `columns` is empty");
        const std::size_t column = feature_column(file, names, name);
        if (column == target)
            throw Error(fmt::format("{}: column '{}' is the target, so it cannot be among `columns`", file.string(), names[column]));
        if (std::ranges::find(features, column) != features.end())
            throw Error(fmt::format("{}: column '{}' is twice among `columns`", file.string(), names[column]));
        features.push_back(column);
    }
    return features;
}

/// Classes are the distinct values of the column: in the order of their numbers when all are numbers, else of their letters.
TableTargets classes_in(const fs::path& file, const CsvTable& table, std::size_t column) {
    std::map<std::string, std::int32_t> numbers;
    for (const auto& row : table.rows) {
        const CsvCell& cell = row[column];
        if (cell.text.empty()) fail(file, cell, fmt::format("the cell of column '{}' is empty", table.names[column]));
        numbers[cell.text] = 0;
        if (numbers.size() > most_classes)
            fail(file, cell, fmt::format("column '{}' has more than {} different values", table.names[column], most_classes), "`task: regression`?");
    }
    TableTargets targets;
    for (const auto& [name, number] : numbers) targets.class_names.push_back(name);
    if (targets.class_names.size() < 2)
        throw Error(fmt::format("{}: column '{}' has only the value '{}': there is nothing to classify", file.string(), table.names[column],
                                targets.class_names.front()));
    if (std::ranges::all_of(targets.class_names, [](const std::string& name) { return parse_real(name).has_value(); }))
        std::ranges::stable_sort(targets.class_names, {}, [](const std::string& name) { return *parse_real(name); });
    for (std::size_t i = 0; i < targets.class_names.size(); ++i) numbers[targets.class_names[i]] = static_cast<std::int32_t>(i);
    for (const auto& row : table.rows) targets.labels.push_back(numbers.at(row[column].text));
    return targets;
}

TableTargets values_in(const fs::path& file, const CsvTable& table, std::size_t column) {
    TableTargets targets;
    for (const auto& row : table.rows) targets.values.push_back(static_cast<float>(number_in(file, row[column], table.names[column])));
    return targets;
}

char separator_of(const std::string& word) { return word == "comma" ? ',' : word == "semicolon" ? ';' : '\t'; }

CsvNumbers read(const Component& data, const DataPaths& paths) {
    const fs::path file = file_of(data, paths);
    const CsvTable table = read_csv_table(file, separator_of(data.values.word("separator")),
                                          data.values.flag("header") ? CsvHeader::yes : CsvHeader::no);
    const std::size_t target = column_named(file, table.names, data.values.word("target"));
    const std::vector<std::size_t> features = feature_columns(file, table.names, target, data.values);
    CsvNumbers numbers;
    for (const std::size_t j : features) numbers.names.push_back(table.names[j]);
    numbers.rows.shape = {.channels = features.size()};
    for (const auto& row : table.rows)
        for (const std::size_t j : features) numbers.rows.values.push_back(static_cast<float>(number_in(file, row[j], table.names[j])));
    numbers.targets = data.values.word("task") == "classification" ? classes_in(file, table, target) : values_in(file, table, target);
    return numbers;
}

DatasetOutline outline(const Component& data, const DataPaths& paths) {
    const CsvNumbers numbers = read(data, paths);
    return outline_of_table(data.values, numbers.rows.shape, numbers.rows.count(), numbers.targets.class_names.size());
}

std::shared_ptr<const Dataset> load(const Component& data, const DataPaths& paths) {
    const CsvNumbers numbers = read(data, paths);
    auto set = dataset_of_table(data, numbers.rows, numbers.targets);
    set->feature_names = numbers.names;
    set->target_name = data.values.word("target");
    return set;
}

Schema schema() {
    Schema keys = {required(text("file", "", "The file; found from the folder of the study, then from the current folder, --data and ETUDE_DATA.")),
                   required(text("target", "", "The column to predict; without a header columns are called 1, 2, ...")),
                   optional(text("columns", "",
                                 "The features, separated by commas, by name or by place from 1: `crim, rm, 13`; all but the target unless given.")),
                   choice("task", "regression", {"regression", "classification"}, "classification: the classes are the target's distinct values."),
                   flag("header", true, "The first line has the names of the columns."),
                   choice("separator", "comma", {"comma", "semicolon", "tab"}, "What stands between cells."),
                   column_scale_key()};
    std::ranges::move(row_split_schema(), std::back_inserter(keys));
    return keys;
}

}  // namespace

DatasetType csv_type() {
    return {.kind = {.name = "csv",
                     .summary = "A table of numbers in a text file, one column of which is the target.",
                     .source = "RFC 4180",
                     .schema = schema()},
            .outline = outline,
            .load = load,
            .files = [](const Component& data, const DataPaths& paths) { return std::vector<fs::path>{file_of(data, paths)}; }};
}

}  // namespace etude
