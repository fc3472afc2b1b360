#include "layers/catalogue.hpp"

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"
#include "layers/layer.hpp"

namespace {

using namespace etude;

std::string names(std::span<const Kind> kinds) {
    std::string list;
    for (const Kind& kind : kinds) list += kind.name + " ";
    return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layer_catalogue)

BOOST_AUTO_TEST_CASE(lists_its_layers_and_losses_in_alphabetical_order) {
    BOOST_TEST(names(layer_kinds()) ==
               "avg_pool batch_norm conv2d dense dropout elu flatten gelu global_avg_pool layer_norm leaky_relu max_pool relu residual sigmoid "
               "softplus swish tanh ");
    BOOST_TEST(names(loss_kinds()) == "binary_cross_entropy huber mean_squared_error softmax_cross_entropy ");
    BOOST_TEST(join({initialisers().data(), initialisers().size()}, " ") ==
               "constant glorot_normal glorot_uniform he_normal he_uniform lecun_normal lecun_uniform orthogonal zeros");
}

BOOST_AUTO_TEST_CASE(does_not_know_what_is_not_there) {
    for (const char* name : {"conv3d", "Dense", ""}) {
        BOOST_TEST(find_layer_kind(name) == nullptr);
        BOOST_TEST(layer_type(name) == nullptr);
    }
    BOOST_TEST(find_loss_kind("mae") == nullptr);
}

BOOST_AUTO_TEST_CASE(dense_has_the_defaults_of_the_design) {
    const Values values = defaults(find_layer_kind("dense")->schema);
    BOOST_TEST(!values.has("units"));
    BOOST_TEST(find_parameter(find_layer_kind("dense")->schema, "units")->required);
    BOOST_TEST(values.word("activation") == "none");
    BOOST_TEST(values.word("init") == "glorot_uniform");
    BOOST_TEST(values.flag("bias"));
}

BOOST_AUTO_TEST_CASE(every_kind_says_what_it_is) {
    for (const auto kinds : {layer_kinds(), loss_kinds()})
        for (const Kind& kind : kinds) {
            BOOST_TEST(kind.summary.ends_with("."), kind.name);
            for (const Parameter& p : kind.schema) BOOST_TEST(p.doc.ends_with("."), kind.name << " " << p.name);
        }
}

BOOST_AUTO_TEST_SUITE_END()
