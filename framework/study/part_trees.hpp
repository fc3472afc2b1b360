// framework/study/part_trees.hpp - one part of a study ("optimizer") as the assignments of a sweep make it.
//
// Most assignments leave most parts alone, so a tree is made once for the choices that touch its part and known by a number; whoever
// reads values out of it remembers them by that number. That is why ten thousand trials are checked as fast as the few parts they are made of.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/grid.hpp"

namespace etude {

struct PartTree {
    struct Problem {
        Place place;
        PathProblem problem;
    };
    Node root;                   ///< a mapping that holds the part alone, or nothing
    const Node* part = nullptr;  ///< inside `root`; nullptr when the study has no such part
    Place place;                 ///< for what is wrong with the part as a whole: the swept value that touches it, else its first character
    std::vector<std::pair<Path, Place>> touched;  ///< by swept values, in the order in which they land
    std::vector<Problem> problems;                ///< of paths that do not fit

    /// Where the part has the key; the whole of it where it has not, or where a sweep touches it.
    const Place& place_of_key(std::string_view key) const;
};

class PartTrees {
  public:
    /// `root` and `grid` outlive it.
    PartTrees(std::string name, const Node& root, const Grid& grid);
    PartTrees(const PartTrees&) = delete;
    PartTrees& operator=(const PartTrees&) = delete;

    const std::string& name() const { return name_; }
    /// Numbers count from 0 in the order in which trees are first asked for.
    std::size_t number_of(const Assignment& assignment);
    const PartTree& tree(std::size_t number) const { return *trees_[number]; }
    bool is_swept() const;

  private:
    std::unique_ptr<PartTree> make(const Assignment& assignment) const;

    std::string name_;
    const Node& root_;
    std::vector<std::vector<std::pair<std::size_t, const Track*>>> tracks_;  // of each block: those that touch this part
    std::map<std::vector<std::size_t>, std::size_t> numbers_;                // choices -> number
    std::vector<std::unique_ptr<PartTree>> trees_;
};

}  // namespace etude
