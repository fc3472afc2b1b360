#include "train/trial.hpp"

namespace etude {

const Schema& train_schema() {
    static const Schema schema{
        required(integer("epochs", 0, closed(1, 1e6), "Passes over the training part.")),
        required(integer("batch", 0, closed(1, 1e9), "Samples in an update.")),
        flag("drop_last", false, "Leave out the last, smaller batch of an epoch."),
    };
    return schema;
}

}  // namespace etude
