// The folders of framework/ include in one direction only: this table is that of framework/README.md.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> direct = {
    {"sdk", {}},
    {"base", {}},
    {"tensor", {"base"}},
    {"layers", {"tensor"}},
    {"model", {"layers"}},
    {"data", {"base"}},
    {"plugin", {"base", "sdk"}},
    {"wrappers", {"plugin"}},
    {"train", {"model", "data", "wrappers"}},
    {"study", {"train"}},
    {"store", {"train"}},
    {"sweep", {"study", "store", "statistics"}},
    {"statistics", {"base"}},
    {"report", {"store", "statistics"}},
    {"interchange", {"sweep", "report"}},
    {"cli", {"study", "store", "sweep", "report", "interchange"}},
};

/// Libraries that only some folders may know, by the beginning of the header's name.
const std::map<std::string, std::set<std::string>> libraries = {
    {"oneapi/", {"tensor"}}, {"dnnl", {"tensor"}}, {"boost/dll", {"plugin"}},      {"yaml-cpp/", {"study"}},
    {"tbb/", {"sweep"}},     {"httplib", {"cli"}}, {"sqlite3", {"store"}},         {"zlib", {"data", "report"}},
    {"lzma", {"data"}},      {"CLI/", {"cli"}},    {"boost/math", {"statistics"}}, {"xxhash", {"base"}},
};

/// What `folder` may include: what it names, and what those may.
std::set<std::string> reachable(const std::string& folder) {
    std::set<std::string> all = {folder};
    for (const std::string& next : direct.at(folder)) all.merge(reachable(next));
    return all;
}

std::vector<fs::path> sources_of(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(ETUDE_SOURCE_DIR) / "framework" / folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".hpp" || extension == ".cpp" || extension == ".h") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

std::vector<std::string> includes_of(const fs::path& file) {
    static const std::regex include(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
    std::vector<std::string> names;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (std::smatch match; std::regex_search(line, match, include)) names.push_back(match[1]);
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(house)

BOOST_AUTO_TEST_CASE(every_folder_of_the_framework_is_in_the_table) {
    for (const auto& entry : fs::directory_iterator(fs::path(ETUDE_SOURCE_DIR) / "framework"))
        if (entry.is_directory()) BOOST_TEST(direct.contains(entry.path().filename().string()), entry.path().string());
}

BOOST_AUTO_TEST_CASE(folders_include_in_one_direction) {
    for (const auto& [folder, unused] : direct) {
        const std::set<std::string> allowed = reachable(folder);
        for (const fs::path& file : sources_of(folder))
            for (const std::string& name : includes_of(file)) {
                const std::string from = name.substr(0, name.find('/'));
                if (direct.contains(from)) BOOST_TEST(allowed.contains(from), file.string() << " includes " << name);
            }
    }
}

BOOST_AUTO_TEST_CASE(a_library_is_known_to_its_folder_only) {
    for (const auto& [folder, unused] : direct)
        for (const fs::path& file : sources_of(folder))
            for (const std::string& name : includes_of(file))
                for (const auto& [library, folders] : libraries)
                    if (name.starts_with(library)) BOOST_TEST(folders.contains(folder), file.string() << " includes " << name);
}

BOOST_AUTO_TEST_CASE(one_file_opens_libraries_and_one_knows_the_versions_of_onednn) {
    std::set<std::string> boost_dll, onednn;
    for (const auto& [folder, unused] : direct)
        for (const fs::path& file : sources_of(folder))
            for (const std::string& name : includes_of(file)) {
                if (name.starts_with("boost/dll")) boost_dll.insert(file.stem().string());
                if (name.find("dnnl.hpp") != std::string::npos && name != "tensor/dnnl.hpp") onednn.insert(file.stem().string());
            }
    BOOST_TEST((boost_dll == std::set<std::string>{"library"}));
    BOOST_TEST((onednn == std::set<std::string>{"primitive"}));
}

BOOST_AUTO_TEST_CASE(no_header_reaches_for_the_standard_distributions) {
    static const std::regex banned(R"(std::(\w+_distribution|shuffle|random_device)\b|\brand\(\))");
    for (const auto& [folder, unused] : direct)
        for (const fs::path& file : sources_of(folder)) {
            std::ifstream in(file);
            for (std::string line; std::getline(in, line);)
                BOOST_TEST(!std::regex_search(line.substr(0, line.find("//")), banned), file.string() << ": " << line);
        }
}

BOOST_AUTO_TEST_SUITE_END()
