#include "train/trial.hpp"

namespace etude {

const Schema& train_schema() {
    static const Schema schema{
        required(integer("epochs", 0, closed(1, 1e6), "Passes over the training part.")),
        required(integer("batch", 0, closed(1, 1e9), "Samples in an update.")),
        flag("drop_last", false, "Leave out the last, smaller batch of an epoch."),
        integer("threads", 1, closed(1, 1024), "Threads for one trial, for a single large network; part of the trial's identity."),
        integer("checkpoint", 0, closed(0, 1e6),
                "Epochs after which a trial's state is saved each time, so that a killed run goes on from there; 0: never."),
    };
    return schema;
}

}  // namespace etude
