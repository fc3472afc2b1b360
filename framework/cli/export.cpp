// `etude export`: results for other programs, and a run as one file.
#include <fmt/format.h>

#include <array>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "interchange/export.hpp"
#include "interchange/run_record.hpp"

namespace etude::cli {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
    fs::path folder, out;
    std::string format;
    Places places;
};

void write_text(const fs::path& file, const std::string& text) {
    if (fs::is_directory(file)) throw Error(file.string() + ": is a folder", "`--out` names a file here");
    write_file(file, text);
}

void export_csv(const Store& store, const ExportOptions&, const fs::path& out) { write_text(out, curves_csv(load_results(store))); }
void export_json(const Store& store, const ExportOptions&, const fs::path& out) { write_text(out, results_json(load_results(store))); }
void export_tensorboard(const Store& store, const ExportOptions&, const fs::path& out) { write_tensorboard(load_results(store), out); }
void export_optuna(const Store& store, const ExportOptions&, const fs::path& out) { write_text(out, optuna_journal(load_results(store))); }
void export_record(const Store& store, const ExportOptions& options, const fs::path& out) {
    Registry registry = options.places.registry();
    write_text(out, run_record_json(make_run_record(store, registry, options.places.data_paths(options.folder))));
}

struct Format {
    std::string word, place;  ///< place: below the folder of results
    void (*write)(const Store&, const ExportOptions&, const fs::path&);
};
const std::array<Format, 5> formats{Format{"csv", "curves.csv", export_csv}, Format{"json", "results.json", export_json},
                                    Format{"tensorboard", "tensorboard", export_tensorboard}, Format{"optuna", "optuna.log", export_optuna},
                                    Format{"record", "record.json", export_record}};

const Format& require_format(const std::string& word) {
    std::vector<std::string> words;
    for (const Format& format : formats) {
        if (format.word == word) return format;
        words.push_back(format.word);
    }
    throw Error("there is no format '" + word + "'", spelling_hint(word, words));
}

int export_results(const ExportOptions& options) {
    const Format& format = require_format(options.format);
    const Store store = Store::open(options.folder, Store::Access::read);
    const fs::path out = options.out.empty() ? options.folder / format.place : options.out;
    format.write(store, options, out);
    fmt::print("{}: {}\n", format.word, out.string());
    return success;
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand("export", "Write results for other programs, or a run as one file");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("--to", options->format, "csv (curves in long form), json (everything), tensorboard (event files), optuna (a journal), "
                                                 "record (what `etude reproduce` takes)")
        ->required()->type_name("csv|json|tensorboard|optuna|record");
    command->add_option("--out", options->out, "File, or for tensorboard the folder "
                                               "(default: in DIR curves.csv, results.json, tensorboard, optuna.log, record.json)")
        ->type_name("PATH");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return export_results(*options); }; });
}

}  // namespace etude::cli
