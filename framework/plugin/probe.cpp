#include "plugin/probe.hpp"

#include <elf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

namespace etude {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t our_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t our_machine = EM_AARCH64;
#else
#error "which machine's plugins does this host load?"
#endif

std::string machine_name(std::uint16_t machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_386:
            return "x86";
        case EM_AARCH64:
            return "aarch64";
        case EM_ARM:
            return "arm";
        case EM_RISCV:
            return "risc-v";
        case EM_PPC64:
            return "ppc64";
        case EM_S390:
            return "s390";
        default:
            return "ELF machine " + std::to_string(machine);
    }
}

std::optional<std::string> identity_problem(const Elf64_Ehdr& header) {
    if (header.e_ident[EI_CLASS] != ELFCLASS64) return "built for another machine: it is not a 64-bit library";
    if (header.e_ident[EI_DATA] != ELFDATA2LSB) return "built for another machine: it is not little-endian";
    if (header.e_machine != our_machine)
        return "built for another machine: " + machine_name(header.e_machine) + ", this is " + machine_name(our_machine);
    if (header.e_type != ET_DYN) return "not a shared library (an object file or a program): build it with -shared -fPIC";
    return std::nullopt;
}

/// Does [offset, offset + count) lie inside a file of `size` bytes? Written so that nothing overflows.
bool lies_inside(std::uint64_t offset, std::uint64_t count, std::uint64_t size) { return offset <= size && count <= size - offset; }

std::string end_of(std::uint64_t offset, std::uint64_t count) {
    if (count > std::numeric_limits<std::uint64_t>::max() - offset) return "beyond all files";
    return "at " + std::to_string(offset + count);
}

std::optional<std::string> segment_problem(const std::vector<Elf64_Phdr>& segments, std::uint64_t size) {
    bool loads = false, is_dynamic = false;
    for (const Elf64_Phdr& segment : segments) {
        if (segment.p_type != PT_LOAD && segment.p_type != PT_DYNAMIC) continue;
        (segment.p_type == PT_LOAD ? loads : is_dynamic) = true;
        if (!lies_inside(segment.p_offset, segment.p_filesz, size))
            return "truncated: " + std::to_string(size) + " bytes, a segment ends " + end_of(segment.p_offset, segment.p_filesz);
        if (segment.p_type == PT_LOAD && segment.p_filesz > segment.p_memsz) return "damaged: a segment is larger in the file than in memory";
    }
    if (!loads || !is_dynamic) return "damaged: it has no segments to load";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> probe_library(const std::filesystem::path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (error && status.type() != std::filesystem::file_type::not_found) return "cannot be read: " + error.message();
    if (status.type() == std::filesystem::file_type::not_found) return "cannot be read: no such file";
    if (!std::filesystem::is_regular_file(status)) return "not a file";
    const std::uint64_t size = std::filesystem::file_size(file, error);
    if (error) return "cannot be read: " + error.message();
    if (size == 0) return "an empty file";
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::string("cannot be read: ") + std::strerror(errno);

    Elf64_Ehdr header{};
    in.read(reinterpret_cast<char*>(&header), sizeof header);
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got < SELFMAG || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "not an ELF file";
    if (got < sizeof header) return "truncated: " + std::to_string(size) + " bytes, the header alone has " + std::to_string(sizeof header);
    if (auto problem = identity_problem(header)) return problem;

    if (header.e_phentsize != sizeof(Elf64_Phdr)) return "damaged: program headers of " + std::to_string(header.e_phentsize) + " bytes";
    const std::uint64_t table_size = std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
    if (!lies_inside(header.e_phoff, table_size, size))
        return "truncated: " + std::to_string(size) + " bytes, the program headers end " + end_of(header.e_phoff, table_size);
    std::vector<Elf64_Phdr> segments(header.e_phnum);
    in.seekg(static_cast<std::streamoff>(header.e_phoff));
    if (!in.read(reinterpret_cast<char*>(segments.data()), static_cast<std::streamsize>(table_size))) return "cannot be read: its program headers";
    if (auto problem = segment_problem(segments, size)) return problem;

    // The loader does not read section headers; they come last, so that their absence betrays a file that was not written to its end.
    const std::uint64_t sections_size = std::uint64_t{header.e_shnum} * header.e_shentsize;
    if (header.e_shoff != 0 && !lies_inside(header.e_shoff, sections_size, size))
        return "truncated: " + std::to_string(size) + " bytes, the section headers end " + end_of(header.e_shoff, sections_size);
    return std::nullopt;
}

}  // namespace etude
