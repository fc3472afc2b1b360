// framework/base/diagnostics.hpp - user errors with their place in a text, collected and shown all at once.
//
//   study.yaml:5:28: error: beta2 = 1.5 is outside [0, 1)
//     - {name: adamw, beta2: 1.5}
//                            ^
//     hint: ...
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace etude {

/// A text that errors can point into: a study file, an included file, or a command-line argument.
struct Source {
    std::string name;          ///< "study.yaml", or "argument 'seeds=ten'" (then places show no line and column)
    std::string content;       ///< UTF-8
    bool is_argument = false;
};

/// A character of a source. Lines and columns count from 1; columns count characters (code points).
struct Place {
    std::shared_ptr<const Source> source;
    int line = 1, column = 1;
};

/// Raised by `Diagnostics::throw_if_any`: what() is the whole rendered list.
class DiagnosticsError : public Error {
  public:
    using Error::Error;
};

class Diagnostics {
  public:
    void error(const Place& place, std::string message, std::string hint = "");
    void warning(const Place& place, std::string message, std::string hint = "");
    bool has_errors() const;
    /// Every message in the order of file and place, each with its line and a caret. Messages at one place that differ in numbers only are one
    /// (a rule has made many wrong values) and counted in it. Without the closing "2 errors; nothing was run".
    std::string render() const;
    /// Throws DiagnosticsError with render() and the closing line when there is an error.
    void throw_if_any() const;

  private:
    struct Item {
        Place place;
        bool is_error;
        std::string message, hint;
    };
    struct Shown {
        const Item* item;
        std::set<std::string> messages;  ///< all that `item` stands for
    };
    std::vector<Shown> shown() const;
    static std::string rendered(const Shown& shown);
    std::vector<Item> items_;
};

}  // namespace etude
