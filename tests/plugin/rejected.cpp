// Every way of being broken gets its own reason, and costs one line of a list, not the list.
#include <elf.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <fstream>
#include <map>

#include "base/files.hpp"
#include "fixtures.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// Reasons by file name.
std::map<std::string, std::string> reasons(Registry registry) {
    registry.all(PluginKind::optimizer);
    std::map<std::string, std::string> found;
    for (const RejectedFile& rejected : registry.rejected()) found[rejected.file.filename().string()] = rejected.reason;
    return found;
}

std::string reason_of_bytes(const std::string& bytes) {
    const TemporaryFolder folder;
    folder.write("plain.so", bytes);
    const auto found = reasons(Registry::scan({folder.path()}));
    return found.empty() ? "not rejected" : found.begin()->second;
}

std::string good_bytes() { return read_file(fixture_folder("good") / "plain.so"); }

template <class T>
T read_at(const std::string& bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}
template <class T>
void write_at(std::string& bytes, std::size_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

std::string after_patch(std::size_t offset, std::uint64_t value, std::size_t size) {
    std::string bytes = good_bytes();
    std::memcpy(bytes.data() + offset, &value, size);
    return reason_of_bytes(bytes);
}

const std::vector<std::pair<std::string, std::string>> zoo{
    {"no_table", "it exports no `etude_plugin`: end the source with ETUDE_PLUGIN(...)"},
    {"table_is_a_function", "`etude_plugin` is not a constant but a function: export the table itself"},
    {"table_is_an_int", "`etude_plugin` has 4 bytes: it is no plugin table"},
    {"undefined_symbol", "it cannot be opened: undefined symbol: etude_zoo_nobody_defines_this"},
    {"wrong_magic", "`etude_plugin` begins with 0xdeadbeef, not with 0x44555445: it is no plugin table"},
    {"other_major", "built for plugin ABI 2.x; this framework speaks 1.x: build it again"},
    {"newer_minor", "built for plugin ABI 1.7; this framework speaks 1.1: update it, or build the plugin with -DETUDE_ABI_MINOR=1"},
    {"short_table", "its table is too short: 40 bytes, plugin ABI 1.1 has 176"},
    {"long_table", "its table says 4096 bytes and has 176"},
    {"unknown_kind", "kind = 3 is neither an optimizer (1) nor a schedule (2)"},
    {"no_functions", "an optimizer without its functions: `optimizer` is null"},
    {"both_kinds", "both an optimizer and a schedule: a plugin is one of them"},
    {"BadName", "plugin 'BadName' is not snake_case: a small letter, then small letters, digits and _, at most 64"},
    {"other_file_name", "the file is 'other_file_name.so' and the plugin 'its_own_name': a file is named after its plugin"},
    {"null_name", "a plugin has no name (null)"},
    {"null_summary", "its summary is null"},
    {"null_create", "`create` is null"},
    {"huge_self", "its configuration takes 70000 bytes, at most 65536 are allowed"},
    {"negative_lr", "lr = -0.1 is outside [0, inf)"},
    {"schedule_with_lr", "a schedule with a base rate: lr = 0.1"},
    {"too_many_params", "65 parameters, at most 64 are allowed"},
    {"null_params", "2 parameters and no array of them (null)"},
    {"narrow_params", "a parameter of 16 bytes, at least 72 are needed"},
    {"bad_parameter_name", "parameter 'beta-1' is not snake_case: a small letter, then small letters, digits and _, at most 64"},
    {"null_parameter_name", "a parameter has no name (null)"},
    {"duplicate_parameter", "parameter 'end' is declared twice"},
    {"reserved_key", "parameter 'warmup' has a name that is reserved for the framework"},
    {"reserved_optimizer_key", "parameter 'clip' has a name that is reserved for the framework"},
    {"null_doc", "parameter 'end' has no doc (null)"},
    {"unknown_type", "parameter 'end' has type 99, which this framework does not know"},
    {"unknown_flag", "parameter 'end' has a flag that this framework does not know: 0x100000"},
    {"rate_of_length", "parameter 'end' is a rate and neither a real nor a list of reals"},
    {"span_of_optimizer", "parameter 'horizon' is a span and no length of a schedule"},
    {"increasing_number", "parameter 'end' is increasing and no list"},
    {"names_a_file", "parameter 'file' names a file, which this framework cannot read for a plugin yet"},
    {"empty_range", "parameter 'end' has an empty range: from 1 to 0"},
    {"default_outside", "a default: beta = 1.5 is outside [0, 1]"},
    {"default_nan", "a default: beta = nan is outside [0, 1]"},
    {"flag_of_two", "a default: nesterov = 2 is neither 0 nor 1"},
    {"unknown_length_unit", "a default: size: unit 9 of a length is none of 0 to 3"},
    {"null_list", "a default: values: a list of 3 that is null"},
    {"choice_without_words", "choice 'mode' has no words"},
    {"choice_default", "a default: fires = 2 is none of its 2 words"},
    {"choice_word_twice", "choice 'fires' has the word 'at' twice"},
    {"relative_to_later", "parameter 'start' is a multiple of 'max', which is not declared before it"},
    {"relative_to_other_type", "parameter 'start' is a multiple of 'up', which has another type"},
    {"required_with_default", "parameter 'start' is required and has a default, a multiple of 'lr'"},
    {"two_spans", "parameter 'down' is a second span"},
    {"ratio_collision", "parameter 'end_ratio' collides with the ratio of the rate 'end'"},
    {"preset_outside", "preset 'keras': beta = 1.5 is outside [0, 1]"},
    {"duplicate_preset", "preset 'keras' is declared twice"},
    {"preset_of_time", "preset 'keras' sets unit, ends or after and belongs to no schedule"},
    {"preset_unknown_unit", "preset 'keras' sets a unit, ends or after that does not exist: 9, 0, 0"},
    {"huge_scalar", "scalar 'history' has 5000 elements, at most 4096 are allowed"},
    {"duplicate_scalar", "scalar 'best' is declared twice"},
    {"null_step", "`step` for the baseline is null"},
    {"short_optimizer", "its optimizer struct is too short: 16 bytes instead of 64"},
    {"elementwise_and_global", "its optimizer is both elementwise and global"},
    {"probes_without_end", "it probes, and max_probes = 0 is outside [1, 10000]"},
    {"unknown_probe_flag", "its optimizer has a probe flag that this framework does not know: 0x2"},
    {"unknown_optimizer_flag", "its optimizer has a flag that this framework does not know: 0x40"},
    {"null_slots", "its list of slots is null: write an empty one"},
    {"too_many_slots", "more than 16 slots"},
    {"duplicate_slot", "slot 'm' is declared twice"},
    {"null_factor", "`factor` is null"},
    {"short_schedule", "its schedule struct is too short: 8 bytes instead of 24"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rejected_plugins)

BOOST_AUTO_TEST_CASE(every_broken_plugin_has_its_own_reason) {
    auto found = reasons(Registry::scan({fixture_folder("zoo")}));
    for (const auto& [name, reason] : zoo) {
        BOOST_TEST_CONTEXT(name) BOOST_TEST(found[name + ".so"] == reason);
        found.erase(name + ".so");
    }
    for (const auto& [file, reason] : found) BOOST_ERROR(file + " is rejected unexpectedly: " + reason);
}

BOOST_AUTO_TEST_CASE(broken_plugins_do_not_hide_good_ones) {
    Registry registry = Registry::scan({fixture_folder("zoo"), fixture_folder("good")});
    std::vector<std::string> names;
    for (const Plugin* plugin : registry.all(PluginKind::schedule)) names.push_back(plugin->description.name);
    const std::vector<std::string> expected{"factor_infinite", "factor_nan",     "factor_negative", "factor_throws", "factor_zero_first",
                                            "half_cosine",     "observe_throws", "plain",           "spy",           "watcher"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rejected_plugin_that_is_asked_for_is_an_error_with_its_file) {
    Registry registry = Registry::scan({fixture_folder("zoo")});
    const std::string file = (fixture_folder("zoo") / "default_outside.so").string();
    BOOST_TEST(message_of([&] { registry.require(PluginKind::schedule, "default_outside"); }) == file + ": a default: beta = 1.5 is outside [0, 1]");
    BOOST_TEST(message_of([&] { registry.find(PluginKind::schedule, "default_outside"); }) == file + ": a default: beta = 1.5 is outside [0, 1]");
}

BOOST_AUTO_TEST_CASE(files_that_are_no_libraries) {
    BOOST_TEST(reason_of_bytes("") == "an empty file");
    BOOST_TEST(reason_of_bytes("abc") == "not an ELF file");
    BOOST_TEST(reason_of_bytes("#!/bin/sh\necho this is a script, which is longer than an ELF header would be, I think\n") == "not an ELF file");
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "folder.so");
    std::filesystem::create_symlink("nowhere.so", folder.path() / "dangling.so");
    auto found = reasons(Registry::scan({folder.path()}));
    BOOST_TEST(found["folder.so"] == "not a file");
    BOOST_TEST(found["dangling.so"] == "cannot be read: no such file");
}

BOOST_AUTO_TEST_CASE(libraries_for_other_machines) {
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_machine), EM_AARCH64, 2) == "built for another machine: aarch64, this is x86-64");
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_machine), 4242, 2) == "built for another machine: ELF machine 4242, this is x86-64");
    BOOST_TEST(after_patch(EI_CLASS, ELFCLASS32, 1) == "built for another machine: it is not a 64-bit library");
    BOOST_TEST(after_patch(EI_DATA, ELFDATA2MSB, 1) == "built for another machine: it is not little-endian");
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_type), ET_REL, 2) ==
               "not a shared library (an object file or a program): build it with -shared -fPIC");
}

BOOST_AUTO_TEST_CASE(truncated_libraries_are_refused_before_they_are_opened) {
    const std::string bytes = good_bytes();
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    const std::size_t headers_end = header.e_phoff + header.e_phnum * sizeof(Elf64_Phdr);
    BOOST_TEST(reason_of_bytes(bytes.substr(0, 40)) == "truncated: 40 bytes, the header alone has 64");
    BOOST_TEST(reason_of_bytes(bytes.substr(0, 100)) == "truncated: 100 bytes, the program headers end at " + std::to_string(headers_end));
    std::size_t first_end = 0;  // of the first segment that does not fit into 3000 bytes
    for (std::size_t i = 0; i < header.e_phnum && first_end <= 3000; ++i) {
        const auto segment = read_at<Elf64_Phdr>(bytes, header.e_phoff + i * sizeof(Elf64_Phdr));
        if (segment.p_type == PT_LOAD || segment.p_type == PT_DYNAMIC) first_end = segment.p_offset + segment.p_filesz;
    }
    BOOST_TEST(reason_of_bytes(bytes.substr(0, 3000)) == "truncated: 3000 bytes, a segment ends at " + std::to_string(first_end));
    const std::string size = std::to_string(bytes.size() - 1);
    BOOST_TEST(reason_of_bytes(bytes.substr(0, bytes.size() - 1)) ==
               "truncated: " + size + " bytes, the section headers end at " + std::to_string(bytes.size()));
    for (std::size_t length = 0; length < bytes.size(); length += 509)  // no length at all may be opened, let alone crash
        BOOST_TEST(reason_of_bytes(bytes.substr(0, length)) != "not rejected");
}

BOOST_AUTO_TEST_CASE(damaged_headers_are_refused) {
    const std::string size = std::to_string(good_bytes().size());
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_phoff), 0xFFFFFFFFFFFFFF00, 8) ==
               "truncated: " + size + " bytes, the program headers end beyond all files");
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_phnum), 0, 2) == "damaged: it has no segments to load");
    BOOST_TEST(after_patch(offsetof(Elf64_Ehdr, e_phentsize), 7, 2) == "damaged: program headers of 7 bytes");
    std::string bytes = good_bytes();
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    const std::size_t first = header.e_phoff;
    BOOST_REQUIRE(read_at<Elf64_Phdr>(bytes, first).p_type == static_cast<Elf64_Word>(PT_LOAD));
    std::string shrunk = bytes, wild = bytes;
    write_at<Elf64_Xword>(shrunk, first + offsetof(Elf64_Phdr, p_memsz), 1);
    BOOST_TEST(reason_of_bytes(shrunk) == "damaged: a segment is larger in the file than in memory");
    write_at<Elf64_Xword>(wild, first + offsetof(Elf64_Phdr, p_filesz), ~0ull);
    write_at<Elf64_Off>(wild, first + offsetof(Elf64_Phdr, p_offset), 4096);
    BOOST_TEST(reason_of_bytes(wild) == "truncated: " + size + " bytes, a segment ends beyond all files");
}

BOOST_AUTO_TEST_SUITE_END()
