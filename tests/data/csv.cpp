// Tables of text: what is read, how it is split and scaled, and what each kind of broken file is told.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/csv_table.hpp"
#include "data/loading.hpp"
#include "data/row_split.hpp"
#include "data/table.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
using etude::test::gathered;
namespace fs = std::filesystem;

Component csv(std::initializer_list<std::pair<std::string, Value>> given = {}) {
    Component data{"csv", defaults(find_dataset_kind("csv")->schema)};
    data.values.set("file", std::string("t.csv"));
    data.values.set("target", std::string("y"));
    for (const auto& [key, value] : given) data.values.set(key, value);
    return data;
}

/// What loading a table with this content says, its hint behind a bar; the folder's name is left out.
std::string complaint(const test::TemporaryFolder& folder, const std::string& content, const Component& data = csv()) {
    folder.write("t.csv", content);
    std::string text = "no error";
    try {
        load_dataset(data, {{folder.path()}});
    } catch (const Error& e) {
        text = e.what() + (e.hint().empty() ? "" : " | " + e.hint());
    }
    const std::string prefix = folder.path().string() + "/";
    for (std::size_t found = text.find(prefix); found != std::string::npos; found = text.find(prefix)) text.erase(found, prefix.size());
    return text;
}

std::shared_ptr<const Dataset> loaded(const test::TemporaryFolder& folder, const std::string& content, const Component& data) {
    folder.write("t.csv", content);
    return load_dataset(data, {{folder.path()}});
}

const Value in_order = false;
const std::string classification = "classification";

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_tables)

BOOST_AUTO_TEST_CASE(the_target_is_one_column_and_the_others_are_features_in_their_order) {
    const test::TemporaryFolder folder;
    const auto set = loaded(folder, "\xef\xbb\xbf a ,y,\"b, \"\"c\"\"\"\r\n1,10,-2.5\r\n 3e-1 , 20 ,\"4\"\r\n5,30,6\r\n\r\n",
                            csv({{"shuffle", in_order}, {"train", 2.0}}));
    BOOST_TEST((set->shape == SampleShape{2, 1, 1}));
    BOOST_TEST(set->classes == 0u);
    BOOST_TEST(set->feature_names == (std::vector<std::string>{"a", "b, \"c\""}), boost::test_tools::per_element());
    BOOST_TEST(set->target_name == "y");
    BOOST_TEST(gathered(set->train) == (std::vector<float>{1, -2.5f, 0.3f, 4}), boost::test_tools::per_element());
    BOOST_TEST(gathered(set->test) == (std::vector<float>{5, 6}), boost::test_tools::per_element());
    BOOST_TEST(set->train.target(1) == 20.0f);
    BOOST_TEST(set->test.target(0) == 30.0f);
}

BOOST_AUTO_TEST_CASE(columns_names_the_features_by_name_or_place_in_its_order) {
    const test::TemporaryFolder folder;
    const auto columns = [](const char* words) { return csv({{"columns", std::string(words)}, {"shuffle", in_order}, {"train", 1.0}}); };
    const std::string table = "id,a,y,2,c\nfirst,1,10,3,4\nsecond,5,20,7,8\n";
    const auto set = loaded(folder, table, columns("c ,2"));  // a column is called 2
    BOOST_TEST(set->feature_names == (std::vector<std::string>{"c", "2"}), boost::test_tools::per_element());
    BOOST_TEST(gathered(set->train) == (std::vector<float>{4, 3}), boost::test_tools::per_element());
    BOOST_TEST(gathered(set->test) == (std::vector<float>{8, 7}), boost::test_tools::per_element());
    BOOST_TEST(gathered(loaded(folder, table, columns("5,a"))->train) == (std::vector<float>{4, 1}), boost::test_tools::per_element());
    BOOST_TEST(gathered(loaded(folder, table, columns("a"))->train) == std::vector<float>{1}, boost::test_tools::per_element());

    BOOST_TEST(complaint(folder, table, columns("a, d")) == "t.csv: there is no column 'd' | did you mean 'id'?");
    BOOST_TEST(complaint(folder, table, columns("a, 6")) == "t.csv: there is no column '6' | did you mean 'a'?");
    BOOST_TEST(complaint(folder, table, columns("a,")) == "t.csv: a name among `columns` is empty");
    BOOST_TEST(complaint(folder, table, columns("a, y")) == "t.csv: column 'y' is the target, so it cannot be among `columns`");
    BOOST_TEST(complaint(folder, table, columns("a, c, 5")) == "t.csv: column 'c' is twice among `columns`");
    BOOST_TEST(complaint(folder, table, columns("id, a")) == "t.csv:2:1: 'first' in column 'id' is not a number");
}

BOOST_AUTO_TEST_CASE(without_a_header_columns_are_numbers_and_separators_may_differ) {
    const test::TemporaryFolder folder;
    for (const auto& [separator, content] : {std::pair<std::string, std::string>{"semicolon", "1;2;3\n4;5;6"}, {"tab", "1\t2\t3\n4\t5\t6\n"}}) {
        const auto set = loaded(
            folder, content, csv({{"header", false}, {"target", std::string("2")}, {"separator", separator}, {"shuffle", in_order}, {"train", 2.0}}));
        BOOST_TEST(gathered(set->train) == (std::vector<float>{1, 3, 4, 6}), boost::test_tools::per_element());
        BOOST_TEST(set->train.target(1) == 5.0f);
    }
}

BOOST_AUTO_TEST_CASE(classes_are_the_values_of_the_target_in_order) {
    const test::TemporaryFolder folder;
    const auto words = loaded(folder, "x,y\n1,setosa\n2,iris\n3,setosa\n", csv({{"task", classification}, {"shuffle", in_order}, {"train", 3.0}}));
    BOOST_TEST(words->class_names == (std::vector<std::string>{"iris", "setosa"}), boost::test_tools::per_element());
    BOOST_TEST(words->train.label(0) == 1);
    const auto numbers = loaded(folder, "x,y\n1,10\n2,9\n3,-1\n", csv({{"task", classification}, {"shuffle", in_order}, {"train", 3.0}}));
    BOOST_TEST(numbers->class_names == (std::vector<std::string>{"-1", "9", "10"}), boost::test_tools::per_element());
    BOOST_TEST(numbers->train.label(0) == 2);
}

BOOST_AUTO_TEST_CASE(the_split_is_scikit_learns) {
    const struct {
        std::size_t rows;
        double train, test;  // 0: not given
        std::int64_t state;
        std::string name;
    } cases[] = {{506, 0.8, 0, 0, "split_506_0.8_None_0.csv"},
                 {506, 0, 0.2, 42, "split_506_None_0.2_42.csv"},
                 {33, 20, 5, 7, "split_33_20_5_7.csv"},
                 {10, 0.55, 0.33, 4294967295, "split_10_0.55_0.33_4294967295.csv"}};
    for (const auto& [rows, train, test, state, name] : cases) {
        Component data = csv({{"random_state", state}});
        if (train > 0) data.values.set("train", train);
        if (test > 0) data.values.set("test", test);
        const RowSplit split = split_rows(data.values, rows);
        const auto expected = test::table(name);
        const auto as_text = [](const std::vector<std::uint32_t>& list) {
            std::vector<std::string> text;
            for (const std::uint32_t row : list) text.push_back(std::to_string(row));
            return text;
        };
        BOOST_TEST(as_text(split.train) == expected[0], boost::test_tools::per_element());
        BOOST_TEST(as_text(split.test) == expected[1], boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(columns_are_standardised_from_the_training_part_alone) {
    const test::TemporaryFolder folder;
    const auto set = loaded(folder, "a,c,y\n1,7,0\n3,7,0\n100,8,0\n5,9,0\n",
                            csv({{"scale", std::string("standardize")}, {"shuffle", in_order}, {"train", 3.0}, {"validation", 1.0}}));
    BOOST_TEST(gathered(set->train) == (std::vector<float>{-1, 0, 1, 0}), boost::test_tools::per_element());  // mean 2, deviation 1; a constant
    BOOST_TEST(gathered(set->validation) == (std::vector<float>{98, 1}), boost::test_tools::per_element());
    BOOST_TEST(gathered(set->test) == (std::vector<float>{3, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_kind_of_broken_file_has_its_own_message) {
    const test::TemporaryFolder folder;
    const std::string refill = " | rows with missing values are to be filled or left out before";
    const std::pair<std::string, std::string> cases[] = {
        {"x,y\n1,2\n3,4\n", "no error"},
        {"", "t.csv: the file is empty"},
        {"\n  \n", "t.csv: the file is empty"},
        {"x,y\n", "t.csv: a header and no rows"},
        {"x,y\n1,2\n3\n", "t.csv:3:1: 1 cell, the header has 2"},
        {"x,y\n1,2,3\n", "t.csv:2:1: 3 cells, the header has 2"},
        {"x,y\n1,2\n\n3,4\n", "t.csv:3:1: the line is empty"},
        {"x,y\n1,2\n3,abc\n", "t.csv:3:3: 'abc' in column 'y' is not a number"},
        {"x,y\n1,2\n  1.5.2,4\n", "t.csv:3:3: '1.5.2' in column 'x' is not a number"},
        {"x,y\n1,2\n,4\n", "t.csv:3:1: the cell of column 'x' is empty" + refill},
        {"x,y\n1,\n", "t.csv:2:3: the cell of column 'y' is empty" + refill},
        {"x,y\nnan,4\n", "t.csv:2:1: 'nan' in column 'x' is not a finite number"},
        {"x,y\n1,-inf\n", "t.csv:2:3: '-inf' in column 'y' is not a finite number"},
        {"x,y\n1e39,4\n", "t.csv:2:1: '1e39' in column 'x' is not a finite number"},
        {"x,Y\n1,2\n", "t.csv: there is no column 'y' | did you mean 'x'?"},
        {"x;y\n1;2\n", "t.csv: there is no column 'y' | one of: x;y"},
        {"y\n1\n2\n", "t.csv: there is no column beside the target | is `separator` right?"},
        {"x,x,y\n1,2,3\n", "t.csv:1:3: there are two columns 'x'"},
        {"x,,y\n1,2,3\n", "t.csv:1:3: a column without a name"},
        {"x,y\n\"1,2\n", "t.csv:2:1: the quotes are not closed"},
        {"x,y\n\"1\"2,2\n", "t.csv:2:4: text follows the closing quotes"},
        {std::string("x,y\n1,2\0", 8), "t.csv: not a text file: it has a byte 0"},
        {"\xe4\xb8\xad,y\n\"\xe4\xb8\xad\",2\n", "t.csv:2:1: '\xe4\xb8\xad' in column '\xe4\xb8\xad' is not a number"},
        {"\xe4\xb8\xad,y\n\"1\n\",z\n", "t.csv:2:1: '1\n' in column '\xe4\xb8\xad' is not a number"},
        {"x,y\n1,2\n", "none of the 1 rows is left for training | a larger `train`, or a smaller `test`"},
    };
    for (const auto& [content, message] : cases) BOOST_TEST(complaint(folder, content) == message);
}

BOOST_AUTO_TEST_CASE(values_that_do_not_fit_the_table_are_refused) {
    const test::TemporaryFolder folder;
    const std::string table = "x,y\n1,2\n3,2\n5,2\n7,2\n";
    BOOST_TEST(complaint(folder, table, csv({{"train", 5.0}})) == "train = 5 is more than the 4 rows there are");
    BOOST_TEST(complaint(folder, table, csv({{"train", 1.5}})) == "train = 1.5 is neither a share below 1 nor a whole count");
    BOOST_TEST(complaint(folder, table, csv({{"train", 3.0}, {"test", 2.0}})) ==
               "3 rows for training and 2 for the test are more than the 4 rows there are");
    BOOST_TEST(complaint(folder, table, csv({{"train", 3.0}, {"validation", 3.0}})) ==
               "validation = 3 leaves none of the 3 training samples | a smaller share or count");
    BOOST_TEST(complaint(folder, table, csv({{"task", classification}})) == "t.csv: column 'y' has only the value '2': there is nothing to classify");
    std::string many = "x,y\n";
    for (int i = 0; i <= 1000; ++i) many += "1," + std::to_string(i) + ".5\n";
    BOOST_TEST(complaint(folder, many, csv({{"task", classification}})) ==
               "t.csv:1002:3: column 'y' has more than 1000 different values | `task: regression`?");
    BOOST_TEST(complaint(folder, table, csv({{"file", std::string("gone.csv")}})) ==
               "data set 'csv': file = gone.csv is not there; looked in " + folder.path().string() +
                   " | a path from the folder of the study, from the current folder, or from one named with --data or ETUDE_DATA");
}

BOOST_AUTO_TEST_CASE(a_table_cut_at_any_byte_is_read_or_refused_with_an_error) {
    const test::TemporaryFolder folder;
    const std::string whole_table = "\xef\xbb\xbfname,\"b\"\"c\",y\r\n\"1\",2.5e-3,7\r\n-1,\"4\",8\r\n";
    std::size_t read = 0;
    for (std::size_t length = 0; length <= whole_table.size(); ++length)
        read += complaint(folder, whole_table.substr(0, length), csv({{"train", 1.0}, {"test", 0.0}})) == "no error";
    BOOST_TEST(read > 0u);  // rows that are whole
    BOOST_TEST(read < 12u);
}

BOOST_AUTO_TEST_CASE(boston_housing_is_506_rows_of_13_features) {
    const fs::path folder = fs::path(ETUDE_SOURCE_DIR) / "experiments/one_cycle";
    const Component data = csv({{"file", std::string("boston_housing.csv")}, {"target", std::string("medv")}});
    const DatasetOutline outline = outline_dataset(data, {.folders = {}, .beside = {folder}});
    BOOST_TEST(outline.shape.channels == 13u);
    BOOST_TEST(outline.train == 404u);
    BOOST_TEST(outline.test == 102u);
    const auto set = load_dataset(data, {.folders = {}, .beside = {folder}});
    double sum = 0;
    for (const Part* part : {&set->train, &set->test})
        for (std::size_t i = 0; i < part->count(); ++i) sum += part->target(i);
    BOOST_TEST(std::abs(sum / 506 - 22.5328) < 1e-4);  // the mean that the data set is known by
}

BOOST_AUTO_TEST_SUITE_END()
