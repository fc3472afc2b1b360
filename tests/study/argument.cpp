#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

std::string schedule_refusal(const std::string& spec) {
    Registry registry = plugins();
    try {
        read_schedule_argument(spec, 0.1, registry);
    } catch (const DiagnosticsError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(study_argument)

BOOST_AUTO_TEST_CASE(words_and_a_mapping_say_the_same) {
    Registry registry = plugins();
    const ScheduleSpec words = read_schedule_argument("cosine  end_ratio=0.1 warmup={length: {epochs: 5}, from: 0.01} unit=epoch", 0.3, registry);
    const ScheduleSpec mapping =
        read_schedule_argument("{name: cosine, end: 0.03, unit: epoch, warmup: {from: 1e-2, length: {epochs: 5}}}", 0.3, registry);
    BOOST_TEST((words == mapping));
    BOOST_TEST((read_schedule_argument("constant", 1, registry) == read_schedule_argument(" {name: constant} ", 1, registry)));
}

BOOST_AUTO_TEST_CASE(a_schedule_that_watches_is_told_the_test_loss_unless_it_says_otherwise) {
    Registry registry = plugins();
    BOOST_TEST(read_schedule_argument("plateau", 1, registry).monitor->metric == "test_loss");
    BOOST_TEST(read_schedule_argument("plateau monitor=validation_rmse", 1, registry).monitor->metric == "validation_rmse");
    BOOST_TEST(read_schedule_argument("plateau monitor={every: {updates: 3}}", 1, registry).monitor->every_updates == 3u);
}

BOOST_AUTO_TEST_CASE(an_optimizer_and_a_data_set_can_be_named_so_too) {
    Registry registry = plugins();
    const OptimizerSpec optimizer = read_optimizer_argument("adam preset=keras2 lr=1e-2 clip={value: 3}", registry);
    BOOST_TEST(optimizer.lr == 0.01);
    BOOST_TEST(optimizer.clip->limit == 3.0);
    BOOST_TEST(read_data_argument("blobs").values.integer("samples") == read_data_argument("{name: blobs}").values.integer("samples"));
}

BOOST_AUTO_TEST_CASE(errors_show_the_argument_with_a_caret) {
    BOOST_TEST(schedule_refusal("cosine unit=epochs x") ==
               "argument 'cosine unit=epochs x': error: 'x' is not of the form `param=value`\n"
               "  cosine unit=epochs x\n"
               "                     ^\n"
               "  hint: `NAME param=value param=value`, or `{name: NAME, param: value}`\n"
               "1 error; nothing was run");
    BOOST_TEST(schedule_refusal("cosine unit=epochs end=-1") ==
               "argument 'cosine unit=epochs end=-1': error: unit: 'epochs' is not one of update, epoch, epoch_frac, fraction\n"
               "  cosine unit=epochs end=-1\n"
               "              ^\n"
               "  hint: did you mean 'epoch'?\n"
               "argument 'cosine unit=epochs end=-1': error: end = -1 is outside [0, inf)\n"
               "  cosine unit=epochs end=-1\n"
               "                         ^\n"
               "2 errors; nothing was run");
    BOOST_TEST(schedule_refusal("cosin") ==
               "argument 'cosin': error: there is no schedule 'cosin'\n  cosin\n  ^\n  hint: did you mean 'cosine'?\n1 error; nothing was run");
    BOOST_TEST(
        schedule_refusal("{name: cosine, end: 1") ==
        "argument '{name: cosine, end: 1': error: a mapping '{' is never closed by '}'\n  {name: cosine, end: 1\n  ^\n1 error; nothing was run");
    BOOST_TEST(
        schedule_refusal(" ") ==
        "argument ' ': error: nothing is named\n   \n  ^\n  hint: `NAME param=value`, or `{name: NAME, param: value}`\n1 error; nothing was run");
}

BOOST_AUTO_TEST_SUITE_END()
