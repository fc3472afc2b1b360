// framework/report/site.hpp - a study's page and what it links to, as they are now: what `etude serve` gives to a browser.
//
// Threads: one thread at a time.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/findings.hpp"
#include "report/plot.hpp"

namespace etude {

class Site {
  public:
    /// Throws Error when there are no results in `folder`.
    explicit Site(std::filesystem::path folder);

    struct Asset {
        std::string type;  ///< of its content: "text/csv; charset=utf-8"
        std::string body;
    };
    /// "/": the page, drawn anew when the store has changed. "/version": names what the store now holds. The tables, figures and YAML files that the
    /// page links to, as they were when it was drawn. Nothing for any other path. Throws Error when the store cannot be read now.
    std::optional<Asset> find(const std::string& path);

  private:
    struct Drawn {
        std::string version;
        Findings findings;
        std::vector<Figure> figures;
        std::vector<std::string> svgs;
    };
    void refresh();

    std::filesystem::path folder_;
    std::optional<Drawn> drawn_;
};

}  // namespace etude
