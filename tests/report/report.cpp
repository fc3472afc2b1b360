#include "report/report.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "report/figures.hpp"
#include "report/plot.hpp"
#include "report/svg.hpp"
#include "report/synthetic.hpp"
#include "report/xml.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::Synthetic;
using test::TemporaryFolder;
using test::xml_problem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A small study, with its folder, to be reported on.
struct Study {
    explicit Study(const Synthetic& shape) : plan(test::synthetic_plan(shape)), store(Store::open(folder.path(), Store::Access::write)) {
        test::fill(store, shape, plan);
    }
    std::string page() { return read_file(write_report(store).page); }

    TemporaryFolder folder;
    Plan plan;
    Store store;
};

Synthetic small() { return {{1, 0.1, 0.01}, 4, 10, true}; }

std::vector<std::string> names_of(const std::vector<Figure>& figures) {
    std::vector<std::string> names;
    for (const Figure& figure : figures) names.push_back(figure.name);
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_report_is_a_page_and_figures_that_are_well_formed_and_titled) {
    Study study(small());
    const ReportFiles files = write_report(study.store);
    BOOST_TEST(files.page == study.folder.path() / "report.html");
    std::vector<std::string> names;
    for (const auto& figure : files.figures) {
        names.push_back(figure.filename());
        const std::string svg = read_file(figure);
        BOOST_TEST(xml_problem(svg) == "", figure);
        BOOST_TEST(has(svg, "DejaVu Sans, Noto Sans CJK SC, sans-serif"));
    }
    const std::vector<std::string> expected{"score-optimizer-lr.svg", "loss.svg", "accuracy.svg", "rates.svg", "decision.svg"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
    const std::string accuracy = read_file(files.figures[2]);
    for (const char* words :
         {">Accuracy over training<", ">lr = 1 (1 of 4 diverged)<", ">lr = 0.01<", ">epoch<", ">accuracy<", ">training<", ">test<"})
        BOOST_TEST(has(accuracy, words), words);
    BOOST_TEST(has(read_file(files.figures[4]), "data:image/png;base64,"));
}

BOOST_AUTO_TEST_CASE(the_same_results_give_the_same_figures) {
    Study first(small()), second(small());
    const ReportFiles a = write_report(first.store), b = write_report(second.store);
    for (std::size_t i = 0; i < a.figures.size(); ++i) BOOST_TEST(read_file(a.figures[i]) == read_file(b.figures[i]), a.figures[i]);
}

BOOST_AUTO_TEST_CASE(figures_of_an_earlier_plan_are_removed) {
    Study study(small());
    study.folder.write("figures/score-old-axis.svg", "old");
    write_report(study.store);
    BOOST_TEST(!std::filesystem::exists(study.folder.path() / "figures/score-old-axis.svg"));
}

BOOST_AUTO_TEST_CASE(the_page_answers_the_question_and_says_how_to_reproduce_it) {
    Study study(small());
    const std::string page = study.page();
    for (const char* words : {"Which learning rates let a small MLP learn at all?", "is best: final test accuracy", "95 % interval",
                              "Chosen on the test set: expect somewhat worse on new data.", "1 of 12 trials diverged", "etude run study.yaml",
                              "<th class=\"number\">optimizer.lr</th>", "Imaginary CPU 3000", "optimizer: {name: sgd, lr: ",
                              "prefers-color-scheme: dark"})
        BOOST_TEST(has(page, words), words);
}

BOOST_AUTO_TEST_CASE(the_page_loads_nothing) {
    Study study(small());
    const std::string page = study.page();
    BOOST_TEST(!std::regex_search(page, std::regex("(src|href)\\s*=\\s*[\"']?\\s*(https?:|//)")));
    BOOST_TEST(!std::regex_search(page, std::regex("url\\(|@import|<script[^>]*src|<link")));
}

BOOST_AUTO_TEST_CASE(ids_in_the_page_are_unique) {
    Study study(small());
    const std::string page = study.page();
    const std::regex id("\\sid=[\"']([^\"']+)[\"']");
    std::set<std::string> seen;
    for (auto it = std::sregex_iterator(page.begin(), page.end(), id); it != std::sregex_iterator(); ++it)
        BOOST_TEST(seen.insert((*it)[1]).second, (*it)[1].str());
    BOOST_TEST(seen.size() > 5U);
}

BOOST_AUTO_TEST_CASE(chinese_and_markup_in_names_arrive_as_written) {
    const Synthetic shape = small();
    Study study(shape);
    study.plan.question = "学习率 <b>太大</b> & \"too large\"?";
    study.plan.configurations[0].label = "率 = 1 <'x'> _{a}^2 \\n";
    study.plan.warnings = {"<script>alert(1)</script>"};
    study.store.put_plan(study.plan);
    const ReportFiles files = write_report(study.store);
    const std::string page = read_file(files.page), accuracy = read_file(files.figures[2]);
    BOOST_TEST(has(page, "学习率 &lt;b&gt;太大&lt;/b&gt; &amp; &quot;too large&quot;?"));
    BOOST_TEST(!has(page, "<script>alert"));
    BOOST_TEST(xml_problem(accuracy) == "");
    BOOST_TEST(has(accuracy, "率 = 1 &lt;'x'> _{a}^2 \\n (1 of 4 diverged)"));
}

BOOST_AUTO_TEST_CASE(mixed_provenance_failures_and_missing_trials_are_said) {
    Study study(small());
    StoredTrial moved = *study.store.find(study.plan.trials[5].id);
    moved.provenance.onednn = "3.7.2";
    study.store.put(moved);
    StoredTrial broken = *study.store.find(study.plan.trials[6].id);
    broken.record = {};
    broken.record.status = Status::failed;
    broken.record.message = "kernel is larger than the <input>";
    study.store.put(broken);
    study.plan.trials.push_back({"ffffffffffffffff", 9, 0});
    study.store.put_plan(study.plan);
    const std::string page = study.page();
    for (const char* words : {"Results of different oneDNN versions are mixed: 2.6.3; 3.7.2.", "1 of 13 trials failed and count nowhere",
                              "kernel is larger than the &lt;input&gt;", "1 of 13 trials are not done"})
        BOOST_TEST(has(page, words), words);
}

BOOST_AUTO_TEST_CASE(a_best_value_at_the_edge_of_its_grid_is_said) {
    Study study({{0.1, 1e-5, 1e-6}, 3, 20, false});
    BOOST_TEST(has(study.page(), "The best optimizer.lr = 0.1 is the largest that was tried: a better one may lie beyond"));
}

BOOST_AUTO_TEST_CASE(many_configurations_get_the_best_and_the_worst_panels) {
    Synthetic shape{{}, 1, 3, false};
    for (int i = 0; i < 30; ++i) shape.rates.push_back(std::pow(10, -0.2 * i));
    Study study(shape);
    const auto figures = curve_figures(load_results(study.store));
    BOOST_TEST_REQUIRE(figures.size() == 2U);
    BOOST_TEST(figures[0].panels.size() == 24U);
    BOOST_TEST(figures[0].title == "Loss over training: the best and worst 12 of 30");
}

BOOST_AUTO_TEST_CASE(a_study_without_sweep_or_results_has_a_report_too) {
    Synthetic one{{0.01}, 1, 1, false};
    Study study(one);
    study.plan.columns.clear();
    study.plan.configurations[0].cells.clear();
    study.plan.configurations[0].label.clear();
    study.store.put_plan(study.plan);
    BOOST_TEST(has(study.page(), "one seed, so nothing is known of its spread"));
    study.plan.trials[0].id = "0000000000000000";
    study.store.put_plan(study.plan);
    BOOST_TEST(has(study.page(), "No trial is done yet, so there is no answer."));
}

BOOST_AUTO_TEST_CASE(an_axis_is_logarithmic_over_decades_and_even_when_zero_is_among_them) {
    const auto axis_of = [](const std::vector<std::string>& cells) {
        Plan plan;
        plan.columns = {"schedule.k"}, plan.metrics = {"test_accuracy"};
        const TemporaryFolder folder;
        Store store = Store::open(folder.path(), Store::Access::write);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            plan.configurations.push_back({{cells[i]}, "k = " + cells[i], ""});
            plan.trials.push_back({cells[i], 0, i});
            Record record;
            record.curves = {{"test_accuracy", {0.5F}, 0.5}};
            record.epochs = 1;
            store.put({cells[i], 0, "", record, {}});
        }
        store.put_plan(plan);
        return score_figures(load_results(store)).front().panels.front().x;
    };
    BOOST_TEST(axis_of({"0.1", "0.01", "0.001"}).log);
    BOOST_TEST(!axis_of({"2", "5", "10", "15"}).log);
    BOOST_TEST(!axis_of({"0", "0.0001", "0.1"}).log);
    BOOST_TEST(axis_of({"0", "0.0001", "0.1"}).label == "schedule.k (evenly spaced)");
    BOOST_TEST(axis_of({"0", "0.9", "0.99"}).label == "schedule.k (evenly spaced)");
    BOOST_TEST(axis_of({"0", "0.5", "0.9"}).label == "schedule.k");
}

BOOST_AUTO_TEST_CASE(columns_that_only_move_together_have_no_figure_of_their_own) {
    Plan plan;
    plan.columns = {"optimizer.lr", "schedule.end"}, plan.metrics = {"test_accuracy"};
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    for (const std::string rate : {"1", "0.1", "0.01"}) {
        plan.trials.push_back({"trial " + rate, 0, plan.configurations.size()});
        plan.configurations.push_back({{rate, rate + "1"}, rate, ""});
        Record record;
        record.curves = {{"test_accuracy", {0.5F}, 0.5}};
        record.epochs = 1;
        store.put({"trial " + rate, 0, "", record, {}});
    }
    store.put_plan(plan);
    const auto figures = score_figures(load_results(store));
    BOOST_REQUIRE(figures.size() == 1);
    BOOST_TEST(figures.front().name == "scores");
}

BOOST_AUTO_TEST_CASE(tick_labels_are_round_and_short) {
    const auto texts = [](double low, double high, bool log) {
        std::vector<std::string> words;
        for (const auto& tic : axis_over("x", {low, high}, log).tics) words.push_back(tic.second);
        return words;
    };
    using Words = std::vector<std::string>;
    BOOST_TEST(texts(0, 20000, false) == (Words{"0", "5000", "10000", "15000", "20000"}), boost::test_tools::per_element());
    BOOST_TEST(texts(0.31, 0.82, false) == (Words{"0.3", "0.4", "0.5", "0.6", "0.7", "0.8"}), boost::test_tools::per_element());
    const Words decades{"10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"};
    BOOST_TEST(texts(1e-7, 1, true) == decades, boost::test_tools::per_element());
    BOOST_TEST(texts(0.01, 10, true) == (Words{"0.01", "0.1", "1", "10"}), boost::test_tools::per_element());
    BOOST_TEST(texts(0.1, 1, true) == (Words{"0.1", "0.2", "0.5", "1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(epochs_are_whole) {
    const auto texts = [](double last, bool from_zero) {
        std::string all;
        for (const auto& [at, text] : epoch_axis(last, from_zero).tics) all += text + " ";
        return all;
    };
    BOOST_TEST(texts(3, false) == "1 2 3 ");
    BOOST_TEST(texts(3, true) == "0 1 2 3 ");
    BOOST_TEST(texts(15, false) == "0 5 10 15 ");
    BOOST_TEST(texts(30, false) == "0 5 10 15 20 25 30 ");
    BOOST_TEST(texts(200, false) == "0 50 100 150 200 ");
    BOOST_TEST(texts(10000, false) == "0 2000 4000 6000 8000 10000 ");
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_between_characters) {
    BOOST_TEST(shortened("abcdef", 6) == "abcdef");
    BOOST_TEST(shortened("abcdefg", 6) == "abcde…");
    BOOST_TEST(shortened("学习率的预热", 6) == "学习…");
}

BOOST_AUTO_TEST_CASE(the_rate_of_every_update_is_drawn_where_it_was_recorded) {
    Synthetic shape{{0.1, 0.01}, 1, 2, false};
    Study study(shape);
    StoredTrial trial = *study.store.find(study.plan.trials[0].id);
    trial.record.updates = 4;
    trial.record.update_lr = {0.1, 0.2, 0.3, 0.4};
    study.store.put(trial);
    const auto figures = rate_figures(load_results(study.store));
    BOOST_TEST((names_of(figures) == std::vector<std::string>{"rates"}));
    const Series& line = figures[0].panels[0].series.at(0);
    BOOST_TEST(line.x == (std::vector<double>{0, 0.5, 1, 1.5}), boost::test_tools::per_element());
    BOOST_TEST(line.y == trial.record.update_lr, boost::test_tools::per_element());
    study.plan.columns = {"schedule.k"};
    study.store.put_plan(study.plan);
    BOOST_TEST((names_of(rate_figures(load_results(study.store))) == std::vector<std::string>{"rates", "rates-together"}));
}

BOOST_AUTO_TEST_CASE(a_rate_between_zeros_gets_a_point) {
    Synthetic shape{{0.1, 0.01}, 1, 2, false};
    Study study(shape);
    StoredTrial trial = *study.store.find(study.plan.trials[0].id);
    trial.record.epoch_lr = {0.1, 0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    const auto form = [&] {
        study.store.put(trial);
        return rate_figures(load_results(study.store)).at(0).panels.at(0).series.at(0).form;
    };
    BOOST_TEST((form() == Series::Form::line_and_points));
    trial.record.epoch_lr[1] = 0.05;
    BOOST_TEST((form() == Series::Form::line));
}

BOOST_AUTO_TEST_CASE(without_gnuplot_the_error_says_what_to_install) {
    const TemporaryFolder empty;
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", empty.path().c_str(), 1);
    BOOST_CHECK_EXCEPTION(line_chart_svg("t", "x", "y", {{"a", {0, 1}, {1, 2}}}), Error, [](const Error& error) {
        return std::string(error.what()) == "gnuplot: not found on PATH; it draws the figures" && error.hint() == "apt-get install gnuplot-nox";
    });
    ::setenv("PATH", path.c_str(), 1);
}

BOOST_AUTO_TEST_CASE(a_line_chart_has_title_labels_and_names) {
    const std::vector<NamedCurve> curves{{"cosine", {0, 1, 2}, {1, 0.5, 0}}, {"step 'x'", {0, 1, 2}, {1, 1, 0.1}}};
    const std::string svg = line_chart_svg("余弦 & step", "update", "learning rate", curves, true);
    BOOST_TEST(xml_problem(svg) == "");
    for (const char* words : {">余弦 &amp; step<", ">update<", ">learning rate<", ">cosine<", ">step 'x'<"}) BOOST_TEST(has(svg, words), words);
    BOOST_TEST(xml_problem(line_chart_svg("empty", "x", "y", {})) == "");
}

BOOST_AUTO_TEST_CASE(data_sets_are_drawn_as_scatter_contact_sheet_or_histograms) {
    const auto part = [](std::size_t count, std::size_t features, bool classes) {
        Part made;
        made.count_ = count, made.features_ = features;
        auto values = std::make_shared<AlignedBuffer<float>>(count * features);
        for (std::size_t i = 0; i < count * features; ++i) (*values)[i] = static_cast<float>(i % 7);
        for (std::size_t i = 0; i < count; ++i) {
            if (classes) made.labels_.push_back(static_cast<std::int32_t>(i % 2));
            else made.targets_.push_back(static_cast<float>(i));
        }
        made.values_ = values;
        return made;
    };
    const auto drawn = [&](const SampleShape& shape, std::size_t classes, bool image) {
        const bool labelled = classes > 0;
        Dataset dataset{"数据 & data", shape, classes, image, {"coat", "<bag>"}, {}, {}, {}, {}, {}};
        dataset.train = part(10, shape.size(), labelled), dataset.test = part(4, shape.size(), labelled);
        const std::string svg = dataset_svg(dataset);
        BOOST_TEST(xml_problem(svg) == "");
        BOOST_TEST(has(svg, "数据 &amp; data"));
        BOOST_TEST(has(svg, "10 for training, 4 for test"));
        return svg;
    };
    const std::string scatter = drawn({2, 1, 1}, 2, false);
    for (const char* words : {">training<", ">test<", ">x1<", ">coat<"}) BOOST_TEST(has(scatter, words), words);
    const std::string sheet = drawn({1, 3, 3}, 2, true);
    for (const char* words : {"data:image/png;base64,iVBORw0KGgo", ">coat<", ">&lt;bag&gt;<"}) BOOST_TEST(has(sheet, words), words);
    const std::string histograms = drawn({5, 1, 1}, 0, false);
    for (const char* words : {">target<", ">x5<", ">samples<"}) BOOST_TEST(has(histograms, words), words);
}

BOOST_AUTO_TEST_SUITE_END()
