#!/usr/bin/python3
"""Opens an exported journal with Optuna (Debian's python3-optuna, 3.1) and says what it finds, one line a trial.

usage: read_optuna.py FILE
"""
import sys
import warnings

warnings.filterwarnings("ignore")
import optuna
from optuna.storages import JournalFileStorage, JournalStorage

optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = JournalStorage(JournalFileStorage(sys.argv[1]))
(summary,) = optuna.get_all_study_summaries(storage=storage)
study = optuna.load_study(study_name=summary.study_name, storage=storage)
print(study.study_name, study.direction.name, sorted(study.user_attrs.items()))
for trial in study.trials:
    trial._validate()
    params = " ".join(f"{k}={v!r}" for k, v in trial.params.items())
    spaces = " ".join(str(d) for d in trial.distributions.values())
    values = " ".join(f"{k}:{v:.9g}" for k, v in trial.intermediate_values.items())
    print(f"{trial.number} {trial.state.name} {trial.value!r} | {params} | {spaces} | {values} | seed {trial.user_attrs['seed']} {trial.user_attrs['status']}")
try:
    print("best", study.best_trial.number)
except ValueError:
    print("best none")
