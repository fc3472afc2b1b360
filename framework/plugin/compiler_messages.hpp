// framework/plugin/compiler_messages.hpp - what a compiler said about a plugin, told in the author's own lines.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace etude {

/// The errors in `text` (g++'s or clang++'s, in English, without colours), in their order, each with the line and caret the compiler shows:
///   - those in files outside the folders `sdk`, as they are;
///   - of those inside `sdk` the texts of static assertions, placed where the author's code led there (`source` alone where nothing says);
///   - the others inside `sdk`, and at the line of ETUDE_PLUGIN, only when nothing else is there; of the linker the undefined names.
/// Notes, warnings and instantiation backtraces are dropped. When nothing is recognised, `text` itself.
std::string author_messages(std::string_view text, std::string_view source, std::span<const std::string> sdk);

}  // namespace etude
