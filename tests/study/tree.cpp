#include "study/tree.hpp"

#include <boost/test/unit_test.hpp>

#include "study/path.hpp"

namespace {

using namespace etude;

struct Parsed {
    std::optional<Node> node;
    std::string errors;
};

Parsed parse(std::string yaml) {
    Diagnostics diagnostics;
    Parsed parsed;
    parsed.node = parse_yaml({std::make_shared<Source>(Source{"t.yaml", std::move(yaml), false})}, diagnostics);
    parsed.errors = diagnostics.render();
    return parsed;
}

std::string place_of(const Node& node) { return std::to_string(node.place.line) + ":" + std::to_string(node.place.column); }

}  // namespace

BOOST_AUTO_TEST_SUITE(study_tree)

BOOST_AUTO_TEST_CASE(places_count_characters_from_one_also_behind_chinese_text) {
    const Parsed parsed = parse("# 注释\n学习率: {初值: 1, b: [二, 3]}\n");
    BOOST_REQUIRE(parsed.errors.empty());
    const Node& mapping = *parsed.node->find("学习率");
    BOOST_TEST(place_of(mapping) == "2:6");
    BOOST_TEST(place_of(*mapping.find("初值")) == "2:11");
    BOOST_TEST(place_of(mapping.find("b")->items[1]) == "2:21");
}

BOOST_AUTO_TEST_CASE(places_hold_behind_a_byte_order_mark_and_with_carriage_returns) {
    const Parsed parsed = parse(
        "\xEF\xBB\xBF"
        "a: 1\r\nbc: {d: 2}\r\n");
    BOOST_REQUIRE(parsed.errors.empty());
    BOOST_TEST(place_of(*parsed.node->find("bc")->find("d")) == "2:9");
    BOOST_TEST(flow_text(*parsed.node) == "{a: 1, bc: {d: 2}}");
}

BOOST_AUTO_TEST_CASE(a_quoted_scalar_stays_text_and_a_missing_value_is_placed_at_its_key) {
    const Parsed parsed = parse("a: \"1\"\nb:\nc: ~\n");
    BOOST_TEST(parsed.node->find("a")->quoted);
    BOOST_TEST(parsed.node->find("b")->is_null());
    BOOST_TEST(place_of(*parsed.node->find("b")) == "2:1");
    BOOST_TEST(place_of(*parsed.node->find("c")) == "3:4");
    BOOST_TEST(flow_text(*parsed.node) == "{a: \"1\", b: null, c: null}");
}

BOOST_AUTO_TEST_CASE(anchors_aliases_and_merge_keys_work) {
    const Parsed parsed = parse("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{z: 1}, *a], x: 9}\nd: *a\n");
    BOOST_REQUIRE(parsed.errors.empty());
    BOOST_TEST(flow_text(*parsed.node->find("b")) == "{\"y\": 3, x: 1}");
    BOOST_TEST(same_meaning(*parsed.node->find("c"), *parse("{x: 9, z: 1, y: 2}").node));
    BOOST_TEST(same_meaning(*parsed.node->find("d"), *parsed.node->find("a")));
}

BOOST_AUTO_TEST_CASE(a_file_beyond_four_mebibytes_is_refused) {
    const Parsed parsed = parse("a: " + std::string(max_yaml_bytes, 'x'));
    BOOST_TEST(!parsed.node.has_value());
    BOOST_TEST(parsed.errors == "t.yaml:1:1: error: larger than 4 MiB (4194307 bytes)\n");
}

BOOST_AUTO_TEST_CASE(sixty_four_levels_are_not_too_deep_and_sixty_five_are) {
    BOOST_TEST(parse(std::string(64, '[') + std::string(64, ']')).errors.empty());
    const std::string text = std::string(65, '[') + std::string(65, ']');
    BOOST_TEST(parse(text).errors == "t.yaml:1:65: error: nested more than 64 levels deep\n  " + text + "\n  " + std::string(64, ' ') + "^\n");
}

BOOST_AUTO_TEST_CASE(levels_of_aliases_count_too) {
    std::string text = "a0: &a0 [1]\n";
    for (int i = 1; i <= 70; ++i) text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    BOOST_TEST(parse(text).errors.find("error: nested more than 64 levels deep") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(numbers_of_one_value_have_one_text_whatever_their_form) {
    BOOST_TEST(same_meaning(*parse("[1, 1.0, 1e0, -0.0]").node, *parse("[1e0, 1, +1, 0]").node));
    BOOST_TEST(!same_meaning(*parse("[1]").node, *parse("['1']").node));
    BOOST_TEST(same_meaning(*parse("{a: 1, b: 2}").node, *parse("{b: 2.0, a: 1}").node));
}

BOOST_AUTO_TEST_CASE(what_flow_text_writes_reads_back) {
    const Node node = *parse("{a: \"x, y\", b: 'it''s', c: \"tab\\there\", \"d e\": [true, \"true\", null, .inf, '#'], f: \"[\"}").node;
    BOOST_TEST(same_meaning(node, node_from_text(flow_text(node))));
}

BOOST_AUTO_TEST_CASE(a_path_is_assigned_through_bare_names_lists_and_what_is_not_there_yet) {
    Node root = *parse("loss: mean_squared_error\nmodel: [flatten, {dense: {units: 3}}]\n").node;
    const auto assign = [&](const char* path, const char* value) { return assign_at(root, parse_path(path), node_from_text(value), {}); };
    BOOST_TEST(!assign("loss.scale", "2").has_value());
    BOOST_TEST(!assign("model.1.dense.units", "7").has_value());
    BOOST_TEST(!assign("schedule.warmup.length", "{epochs: 5}").has_value());
    BOOST_TEST(flow_text(root) ==
               "{loss: {name: mean_squared_error, scale: 2}, model: [flatten, {dense: {units: 7}}], schedule: {warmup: {length: {epochs: 5}}}}");
    BOOST_TEST(assign("model.2.dense", "1")->message == "'model.2.dense': 'model' has no place '2'");
    BOOST_TEST(assign("model.1.dense.units.x", "1")->message == "'model.1.dense.units.x': 'model.1.dense.units' is a number and has no keys");
}

BOOST_AUTO_TEST_SUITE_END()
