#include "study/document.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "study/rate_table.hpp"
#include "study/sweep_override.hpp"

namespace etude {
namespace {

constexpr std::size_t max_included_files = 100;  // a file may be included twice, by two others: without a bound that multiplies

class Reader {
  public:
    explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    /// The mapping of one file over those that it includes.
    Node mapping_of(const std::filesystem::path& file, std::string content) {
        const auto source = std::make_shared<Source>(Source{file.string(), std::move(content), false});
        const Place start{source, 1, 1};
        Node root = mapping_node(start);
        auto parsed = parse_yaml({source}, diagnostics_);
        if (parsed && parsed->is_null())
            fail(start, "the file is empty", "a study is a mapping: `study: NAME`, `data: ...`");
        else if (parsed && !parsed->is_mapping())
            fail(parsed->place, "a study is a mapping (`study: ...`), not " + kind_name(*parsed));
        if (!parsed || !parsed->is_mapping()) {
            is_whole_ = false;
            return root;
        }
        parsed->place = start;
        fill_rate_tables(*parsed, file.parent_path(), diagnostics_);
        anchor_swept_tables(*parsed, file.parent_path());
        open_.push_back(std::filesystem::weakly_canonical(file));
        if (const Node* include = parsed->find("include")) add_included(file, *include, root);
        open_.pop_back();
        std::erase_if(parsed->entries, [](const Entry& entry) { return entry.key == "include"; });
        merge_over(root, std::move(*parsed));
        return root;
    }

    bool is_whole() const { return is_whole_; }

  private:
    void fail(const Place& place, std::string message, std::string hint = "") {
        diagnostics_.error(place, std::move(message), std::move(hint));
        is_whole_ = false;
    }

    void add_included(const std::filesystem::path& file, const Node& include, Node& root) {
        if (include.is_scalar()) return add_file(file, include, root);
        if (!include.is_list()) return fail(include.place, "include is " + kind_name(include) + ", not a list of files");
        for (const Node& item : include.items) {
            if (item.is_scalar())
                add_file(file, item, root);
            else
                fail(item.place, "include names files; this is " + kind_name(item));
        }
    }

    void add_file(const std::filesystem::path& from, const Node& name, Node& root) {
        const std::filesystem::path file = (from.parent_path() / name.text).lexically_normal();
        if (std::ranges::find(open_, std::filesystem::weakly_canonical(file)) != open_.end())
            return fail(name.place, "'" + name.text + "' includes itself" + (open_.size() > 1 ? " by way of other files" : ""));
        if (++included_ > max_included_files) return fail(name.place, "more than " + std::to_string(max_included_files) + " files are included");
        try {
            merge_over(root, mapping_of(file, read_file(file)));
        } catch (const Error& failure) {
            fail(name.place, std::string("included file ") + failure.what(), "paths are relative to the including file");
        }
    }

    Diagnostics& diagnostics_;
    std::vector<std::filesystem::path> open_;  // the files that lead to the one being read
    std::size_t included_ = 0;
    bool is_whole_ = true;
};

/// `schedule: {name: constant}` is what a study without one has; paths below `schedule` then find its name.
void add_default_schedule(Node& root) {
    const Node* schedule = root.find("schedule");
    if (schedule != nullptr && !schedule->is_null()) return;
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "schedule"; });
    root.entries.push_back({"schedule", root.place, scalar_node("constant", false, root.place)});
}

/// One `path=value`, its value YAML in flow style.
void apply_override(const std::string& argument, Document& document, Diagnostics& diagnostics) {
    const auto source = std::make_shared<Source>(Source{"argument '" + argument + "'", argument, true});
    const Place start{source, 1, 1};
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos)
        return diagnostics.error(start, "not of the form `path=value`", "for example `train.epochs=5` or `sweep.optimizer.lr=[0.1, 0.01]`");
    const Path path = parse_path(std::string_view(argument).substr(0, equals));
    if (path.empty())
        return diagnostics.error(start, "'" + argument.substr(0, equals) + "' is no path", "a path joins keys with dots: `optimizer.lr=0.1`");
    auto value = parse_yaml({source, equals + 1}, diagnostics);
    if (!value) return;
    fill_rate_tables(*value, "", diagnostics);
    if (path.front() == "include") return diagnostics.error(start, "'include' cannot be given on the command line");
    if (path.front() == "sweep") {
        if (path.size() > 1) return replace_axis(document.root, Path(path.begin() + 1, path.end()), std::move(*value), start);
    } else {
        drop_axis(document.root, path);
        fix_inside_axes(document.root, path, *value, start);
    }
    if (const auto problem = assign_at(document.root, path, std::move(*value), start)) diagnostics.error(start, problem->message, problem->hint);
}

void add_files(const std::filesystem::path& file, std::vector<std::filesystem::path>& files) {
    if (files.size() > max_included_files || std::ranges::find(files, file) != files.end()) return;
    files.push_back(file);
    try {
        Diagnostics ignored;  // a broken file is a file, too
        const auto root = parse_yaml({std::make_shared<Source>(Source{file.string(), read_file(file), false})}, ignored);
        const Node* include = root && root->is_mapping() ? root->find("include") : nullptr;
        if (include == nullptr) return;
        for (const Node& name : include->is_list() ? include->items : std::vector<Node>{*include})
            if (name.is_scalar()) add_files((file.parent_path() / name.text).lexically_normal(), files);
    } catch (const Error&) {  // it is not there, or not yet
    }
}

}  // namespace

std::vector<std::filesystem::path> files_of_study(const std::filesystem::path& file) {
    std::vector<std::filesystem::path> files;
    add_files(file.lexically_normal(), files);
    return files;
}

Document read_document(const std::filesystem::path& file, const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
    Document document;
    document.text = read_file(file);
    Reader reader(diagnostics);
    document.root = reader.mapping_of(file, document.text);
    document.is_whole = reader.is_whole();
    add_default_schedule(document.root);
    for (const std::string& argument : overrides) apply_override(argument, document, diagnostics);
    fill_swept_tables(document.root, diagnostics);
    return document;
}

}  // namespace etude
