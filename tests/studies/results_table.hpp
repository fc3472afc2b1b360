// tests/studies/results_table.hpp - trials.csv as a table, for comparison with published numbers.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace etude::test {

/// RFC 4180 without line breaks inside fields.
inline std::vector<std::string> csv_fields(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') fields.back() += line[++i];
        else if (line[i] == '"') quoted = !quoted;
        else if (line[i] == ',' && !quoted) fields.emplace_back();
        else fields.back() += line[i];
    }
    return fields;
}

struct Moments {
    std::size_t n = 0;
    double mean = 0, std = 0;
    double sem() const { return n > 1 ? std / std::sqrt(static_cast<double>(n)) : 0; }
};

class ResultsTable {
  public:
    explicit ResultsTable(const std::string& file) {
        std::ifstream in(file);
        std::string line;
        if (!std::getline(in, line)) throw std::runtime_error("no table: " + file);
        header_ = csv_fields(line);
        while (std::getline(in, line)) rows_.push_back(csv_fields(line));
    }
    std::size_t size() const { return rows_.size(); }

    /// Of `metric` over the rows in which every `column=value` of `where` (separated by blanks) holds; empty values are left out.
    Moments of(const std::string& metric, const std::string& where) const {
        std::vector<double> values;
        for (const auto& row : rows_)
            if (matches(row, where) && !row[column(metric)].empty()) values.push_back(std::stod(row[column(metric)]));
        Moments moments{.n = values.size()};
        for (const double v : values) moments.mean += v / static_cast<double>(values.size());
        for (const double v : values) moments.std += (v - moments.mean) * (v - moments.mean);
        moments.std = values.size() > 1 ? std::sqrt(moments.std / static_cast<double>(values.size() - 1)) : 0;
        if (moments.std < 1e-12 * std::abs(moments.mean)) moments.std = 0;  // equal values, but for the rounding of their mean
        return moments;
    }

  private:
    std::size_t column(const std::string& name) const {
        for (std::size_t i = 0; i < header_.size(); ++i)
            if (header_[i] == name) return i;
        throw std::runtime_error("no column '" + name + "'");
    }
    bool matches(const std::vector<std::string>& row, const std::string& where) const {
        return std::ranges::all_of(conditions_of(where), [&](const Condition& c) { return same(row[column(c.first)], c.second); });
    }
    using Condition = std::pair<std::string, std::string>;
    /// A word without "=" goes on with the value before it: "{epochs: 5}".
    static std::vector<Condition> conditions_of(const std::string& where) {
        std::vector<Condition> conditions;
        std::istringstream words(where);
        for (std::string word; words >> word;) {
            const std::size_t equals = word.find('=');
            if (equals != std::string::npos) conditions.emplace_back(word.substr(0, equals), word.substr(equals + 1));
            else if (conditions.empty()) throw std::runtime_error("not column=value: '" + where + "'");
            else conditions.back().second += " " + word;
        }
        return conditions;
    }
    /// The same text or the same number: 0.0001 is 1e-4.
    static bool same(const std::string& a, const std::string& b) {
        const auto x = parse_real(a), y = parse_real(b);
        return x && y ? *x == *y : a == b;
    }

    std::vector<std::string> header_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace etude::test
