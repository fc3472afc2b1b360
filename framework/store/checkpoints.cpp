#include "store/checkpoints.hpp"

#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "store/store.hpp"

namespace etude {
namespace {

/// What may change the bits of what follows, beside what the id knows.
std::string makers() {
    const Provenance here = provenance_here();
    return hex(hash_bytes(here.isa + "\n" + here.onednn + "\n" + here.compiler + "\n" + here.etude));
}

std::string beginning(const std::string& id) { return "etude checkpoint " + id + " "; }
std::string first_line(const std::string& id, std::string_view content) { return beginning(id) + makers() + " " + hex(hash_bytes(content)) + "\n"; }

}  // namespace

Checkpoints::Found Checkpoints::find(const std::string& id) const {
    const std::filesystem::path path = file(id);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    const auto not_taken = [&](const std::string& why) {
        return Found{.state = {}, .warning = path.string() + ": " + why + "; the trial begins anew"};
    };
    try {
        const std::string all = read_file(path);
        const std::size_t end = all.find('\n');
        if (end == std::string::npos || !all.starts_with("etude checkpoint ")) return not_taken("is no checkpoint");
        if (!all.starts_with(beginning(id))) return not_taken("is a checkpoint of another trial");
        if (!all.starts_with(beginning(id) + makers() + " "))
            return not_taken("was written with another instruction set, oneDNN, compiler or version");
        const std::string_view content = std::string_view(all).substr(end + 1);
        if (all.substr(0, end + 1) != first_line(id, content)) return not_taken("is damaged");
        return {.state = trial_state_of(content), .warning = ""};
    } catch (const StateMismatch& mismatch) {
        return not_taken(mismatch.what());
    } catch (const Error& error) {
        return {.state = {}, .warning = std::string(error.what()) + "; the trial begins anew"};
    }
}

void Checkpoints::put(const std::string& id, const TrialState& state, Reaching reaching) const {
    std::error_code error;
    std::filesystem::create_directory(folder_, error);  // where it fails, so does the file, which says why
    const std::string content = bytes_of(state);
    const auto write = reaching == Reaching::the_disk ? write_file_to_disk : write_file;
    write(file(id), first_line(id, content) + content);
}

void Checkpoints::remove(const std::string& id) const {
    std::error_code ignored;  // a file that cannot be removed does no harm: its trial is in the store
    std::filesystem::remove(file(id), ignored);
}

void Checkpoints::tidy(const std::set<std::string>& done) const {
    std::error_code ignored;
    std::vector<std::filesystem::path> left_over;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find(".part") != std::string::npos || done.contains(name)) left_over.push_back(entry.path());
    }
    for (const std::filesystem::path& file : left_over) std::filesystem::remove(file, ignored);
    std::filesystem::remove(folder_, ignored);
}

}  // namespace etude
