#include "store/store.hpp"

#include <bit>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "store/database.hpp"
#include "store/lock.hpp"
#include "store/plan_json.hpp"
#include "store/runs.hpp"
#include "store/schema.hpp"
#include "store/used_plugins.hpp"

namespace etude {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are little-endian");

/// Makes the folder where it is absent.
void require_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (std::filesystem::is_directory(folder)) return;
    if (std::filesystem::exists(folder)) throw Error(folder.string() + ": is no folder", "choose another with `--out`");
    throw Error(folder.string() + ": cannot be made: " + error.message(), "choose another folder with `--out`");
}

Database open_database(const std::filesystem::path& folder, Store::Access access) {
    const std::filesystem::path file = folder / "etude.sqlite";
    if (access == Store::Access::read && !std::filesystem::exists(file))
        throw Error(folder.string() + ": holds no results",
                    "there is no etude.sqlite in it; `etude run STUDY.yaml --out " + folder.string() + "` makes one");
    const auto mode = access == Store::Access::write ? Database::Access::write : Database::Access::read;
    Database database(file, mode);
    if (mode == Database::Access::write) {
        // WAL with synchronous = NORMAL: a commit is a write without waiting for the disk, some 50 microseconds instead of milliseconds. After
        // kill -9 nothing is lost; after a power failure the last trials may be, which the next run simply does again. It never damages the file.
        // Turning an empty file into a WAL database needs no disk to wait for (30 ms on a busy one); on a file that is one already it does nothing.
        database.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    }
    require_schema(database, mode);
    return database;
}

}  // namespace

struct Store::Impl {
    Impl(const std::filesystem::path& where, Access access)
        : folder(where), lock(access == Access::write ? std::make_unique<FolderLock>(where) : nullptr),
          database(open_database(where, access)), version(database.pragma("user_version")) {}

    /// `sql` is a literal; each is prepared once.
    Statement& statement(std::string_view sql) {
        const auto found = statements.find(sql);
        return found != statements.end() ? found->second : statements.emplace(sql, database.prepare(sql)).first->second;
    }

    std::string study();
    std::set<std::string> ids(std::string_view sql);
    void require_study(const std::string& name, Access access);
    std::int64_t provenance_number(const Provenance& provenance);
    std::int64_t put_trial(const StoredTrial& trial);
    void put_curves(std::int64_t number, const Record& record);
    void put_decision(std::int64_t number, const DecisionMap& map);
    void put_landscape(std::int64_t number, const Landscape& landscape);
    Provenance provenance(std::int64_t number);
    std::vector<Curve> curves(std::int64_t number);
    std::vector<std::pair<std::string, double>> counts_as(std::int64_t number);
    std::optional<DecisionMap> decision(std::int64_t number);
    std::optional<Landscape> landscape(std::int64_t number);

    std::filesystem::path folder;
    std::unique_ptr<FolderLock> lock;  // before the database: released after it is closed
    Database database;
    std::int64_t version;  // of its tables
    std::map<std::string_view, Statement> statements;
    std::map<std::int64_t, Provenance> provenances;
};

std::string Store::Impl::study() {
    Statement find = database.prepare("SELECT value FROM meta WHERE key = 'study'");
    return find.step() ? find.text(0) : "";
}

void Store::Impl::require_study(const std::string& name, Access access) {
    if (name.empty()) return;
    const std::string held = study();
    if (held == name) return;
    if (!held.empty())
        throw Error(folder.string() + ": holds results of the study '" + held + "', not of '" + name + "'", "choose another folder with `--out`");
    if (access == Access::write) database.prepare("INSERT INTO meta VALUES ('study', ?)").bind(0, name).run();
}

std::int64_t Store::Impl::provenance_number(const Provenance& p) {
    const auto bind = [&](Statement& s) -> Statement& {
        return s.bind(0, p.host).bind(1, p.cpu).bind(2, p.isa).bind(3, p.onednn).bind(4, p.compiler).bind(5, p.etude);
    };
    Statement& find = statement(
        "SELECT number FROM provenance WHERE host = ? AND cpu = ? AND isa = ? AND onednn = ? AND compiler = ? AND etude = ?");
    const std::int64_t known = bind(find).step() ? find.integer(0) : 0;
    find.reset();
    if (known != 0) return known;
    bind(statement("INSERT INTO provenance (host, cpu, isa, onednn, compiler, etude) VALUES (?, ?, ?, ?, ?, ?)")).run();
    return database.last_row();
}

std::int64_t Store::Impl::put_trial(const StoredTrial& trial) {
    const Record& record = trial.record;
    statement("DELETE FROM trial WHERE id = ?").bind(0, trial.id).run();
    Statement& insert = statement(
        "INSERT INTO trial (id, seed, status, message, epochs, updates, diverged_at, last_lr, wall_seconds, epoch_lr, update_lr, resolved, "
        "provenance, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(0, trial.id).bind(1, std::bit_cast<std::int64_t>(trial.seed)).bind(2, status_word(record.status)).bind(3, record.message);
    insert.bind(4, static_cast<std::int64_t>(record.epochs)).bind(5, static_cast<std::int64_t>(record.updates));
    if (record.diverged_at) insert.bind(6, static_cast<std::int64_t>(*record.diverged_at));
    else insert.bind_null(6);
    insert.bind(7, record.last_lr).bind(8, record.wall_seconds).bind_values(9, record.epoch_lr).bind_values(10, record.update_lr);
    insert.bind(11, trial.resolved).bind(12, provenance_number(trial.provenance)).bind(13, trial.provenance.finished_at).run();
    return database.last_row();
}

void Store::Impl::put_curves(std::int64_t number, const Record& record) {
    Statement& curve = statement("INSERT INTO curve (trial, place, metric, final, epochs) VALUES (?, ?, ?, ?, ?)");
    std::int64_t place = 0;
    for (const Curve& c : record.curves) curve.bind(0, number).bind(1, place++).bind(2, c.metric).bind(3, c.final).bind_values(4, c.values).run();
    Statement& counts = statement("INSERT INTO counts_as (trial, place, metric, value) VALUES (?, ?, ?, ?)");
    place = 0;
    for (const auto& [metric, value] : record.counts_as) counts.bind(0, number).bind(1, place++).bind(2, metric).bind(3, value).run();
}

void Store::Impl::put_decision(std::int64_t number, const DecisionMap& map) {
    const auto runs = to_runs(map.classes);
    Statement& insert = statement("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(0, number).bind(1, map.x_min).bind(2, map.x_max).bind(3, map.y_min).bind(4, map.y_max);
    insert.bind(5, static_cast<std::int64_t>(map.columns)).bind(6, static_cast<std::int64_t>(map.rows));
    insert.bind_values(7, runs).bind(8, map.samples).run();
}

void Store::Impl::put_landscape(std::int64_t number, const Landscape& landscape) {
    const LandscapeSpec& spec = landscape.spec;
    Statement& insert = statement("INSERT INTO landscape VALUES (?, ?, ?, ?, ?)");
    insert.bind(0, number).bind(1, static_cast<std::int64_t>(spec.dimensions)).bind(2, static_cast<std::int64_t>(spec.points)).bind(3, spec.span);
    insert.bind_values(4, landscape.losses).run();
}

Provenance Store::Impl::provenance(std::int64_t number) {
    if (const auto known = provenances.find(number); known != provenances.end()) return known->second;
    Statement find = database.prepare("SELECT host, cpu, isa, onednn, compiler, etude FROM provenance WHERE number = ?");
    if (!find.bind(0, number).step()) return {};
    return provenances[number] = {find.text(0), find.text(1), find.text(2), find.text(3), find.text(4), find.text(5), ""};
}

std::vector<Curve> Store::Impl::curves(std::int64_t number) {
    Statement& find = statement("SELECT metric, final, epochs FROM curve WHERE trial = ? ORDER BY place");
    std::vector<Curve> all;
    for (find.bind(0, number); find.step();) all.push_back({find.text(0), find.values<float>(2), find.real(1)});
    find.reset();
    return all;
}

std::vector<std::pair<std::string, double>> Store::Impl::counts_as(std::int64_t number) {
    Statement& find = statement("SELECT metric, value FROM counts_as WHERE trial = ? ORDER BY place");
    std::vector<std::pair<std::string, double>> all;
    for (find.bind(0, number); find.step();) all.emplace_back(find.text(0), find.real(1));
    find.reset();
    return all;
}

std::optional<DecisionMap> Store::Impl::decision(std::int64_t number) {
    Statement& find = statement("SELECT x_min, x_max, y_min, y_max, columns, rows, classes, samples FROM decision WHERE trial = ?");
    std::optional<DecisionMap> map;
    if (find.bind(0, number).step()) {
        map = DecisionMap{find.real(0), find.real(1), find.real(2), find.real(3), static_cast<std::size_t>(find.integer(4)),
                          static_cast<std::size_t>(find.integer(5)), from_runs(find.values<std::uint8_t>(6)), find.text(7)};
        if (map->classes.size() != map->columns * map->rows)
            throw Error(database.file().string() + ": is damaged: a decision map of " + std::to_string(map->classes.size()) + " cells");
    }
    find.reset();
    return map;
}

std::optional<Landscape> Store::Impl::landscape(std::int64_t number) {
    if (version < 2) return std::nullopt;  // only read: it stays as an older etude wrote it
    Statement& find = statement("SELECT dimensions, points, span, losses FROM landscape WHERE trial = ?");
    std::optional<Landscape> found;
    if (find.bind(0, number).step()) {
        found = Landscape{{static_cast<std::size_t>(find.integer(0)), static_cast<std::size_t>(find.integer(1)), find.real(2)},
                          find.values<double>(3)};
        if (found->losses.size() != found->spec.size())
            throw Error(database.file().string() + ": is damaged: a landscape of " + std::to_string(found->losses.size()) + " losses");
    }
    find.reset();
    return found;
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::filesystem::path& folder, Access access, const std::string& study) {
    if (access == Access::write) require_folder(folder);
    auto impl = std::make_unique<Impl>(folder, access);
    impl->require_study(study, access);
    return Store(std::move(impl));
}

const std::filesystem::path& Store::folder() const { return impl_->folder; }

std::set<std::string> Store::Impl::ids(std::string_view sql) {
    Statement& find = statement(sql);
    std::set<std::string> all;
    while (find.step()) all.insert(find.text(0));
    find.reset();
    return all;
}

std::set<std::string> Store::ids() const { return impl_->ids("SELECT id FROM trial WHERE status IN ('completed', 'diverged')"); }
std::set<std::string> Store::pruned_ids() const { return impl_->ids("SELECT id FROM trial WHERE status = 'pruned'"); }

void Store::put(const StoredTrial& trial) {
    Transaction transaction(impl_->database);
    const std::int64_t number = impl_->put_trial(trial);
    impl_->put_curves(number, trial.record);
    if (trial.record.decision) impl_->put_decision(number, *trial.record.decision);
    if (trial.record.landscape) impl_->put_landscape(number, *trial.record.landscape);
    transaction.commit();
}

std::optional<StoredTrial> Store::find(const std::string& id) const {
    Statement& find = impl_->statement(
        "SELECT number, seed, status, message, epochs, updates, diverged_at, last_lr, wall_seconds, epoch_lr, update_lr, resolved, provenance, "
        "finished_at FROM trial WHERE id = ?");
    if (!find.bind(0, id).step()) {
        find.reset();
        return std::nullopt;
    }
    const std::int64_t number = find.integer(0);
    const auto status = status_from_word(find.text(2));
    if (!status) throw Error(impl_->database.file().string() + ": is damaged: trial " + id + " has the status '" + find.text(2) + "'");
    StoredTrial trial{id, std::bit_cast<std::uint64_t>(find.integer(1)), find.text(11), {}, impl_->provenance(find.integer(12))};
    trial.provenance.finished_at = find.text(13);
    Record& record = trial.record;
    record.status = *status;
    record.message = find.text(3);
    record.epochs = static_cast<std::uint64_t>(find.integer(4));
    record.updates = static_cast<std::uint64_t>(find.integer(5));
    if (!find.is_null(6)) record.diverged_at = static_cast<std::uint64_t>(find.integer(6));
    record.last_lr = find.real(7);
    record.wall_seconds = find.real(8);
    record.epoch_lr = find.values<double>(9);
    record.update_lr = find.values<double>(10);
    find.reset();
    record.curves = impl_->curves(number);
    record.counts_as = impl_->counts_as(number);
    record.decision = impl_->decision(number);
    record.landscape = impl_->landscape(number);
    return trial;
}

void Store::put_samples(const std::string& name, const Samples& samples) {
    Statement& insert = impl_->statement("INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?)");
    insert.bind(0, name).bind_values(1, samples.x).bind_values(2, samples.y).bind_values(3, samples.labels).run();
}

std::optional<Samples> Store::samples(const std::string& name) const {
    Statement find = impl_->database.prepare("SELECT x, y, labels FROM samples WHERE name = ?");
    if (!find.bind(0, name).step()) return std::nullopt;
    return Samples{find.values<float>(0), find.values<float>(1), find.values<std::int32_t>(2)};
}

void Store::put_plan(const Plan& plan) {
    const std::string json = plan_to_json(plan);
    Transaction transaction(impl_->database);
    impl_->require_study(plan.study, Access::write);
    impl_->database.prepare("INSERT OR REPLACE INTO plan VALUES (1, ?)").bind(0, json).run();
    transaction.commit();
}

std::string Store::version() const {
    Statement trials = impl_->database.prepare("SELECT count(*), max(number), total(wall_seconds) FROM trial");
    Statement plan = impl_->database.prepare("SELECT json FROM plan");
    std::string text = trials.step() ? std::to_string(trials.integer(0)) + " " + std::to_string(trials.integer(1)) + " " + number(trials.real(2))
                                     : "";
    if (plan.step()) text += plan.text(0);
    return hex(hash_bytes(text));
}

Plan Store::plan() const {
    Statement find = impl_->database.prepare("SELECT json FROM plan");
    if (!find.step())
        throw Error(impl_->folder.string() + ": holds no plan", "`etude run` on the study and this folder stores one");
    try {
        return plan_from_json(find.text(0));
    } catch (const Error& error) {
        throw Error(impl_->database.file().string() + ": " + error.what(), "`etude run` on the study and this folder stores a new plan");
    }
}

void Store::put_used_plugins(const std::vector<UsedPlugin>& plugins) {
    impl_->database.prepare("INSERT OR REPLACE INTO meta VALUES ('plugins', ?)").bind(0, used_plugins_to_json(plugins)).run();
}

std::vector<UsedPlugin> Store::used_plugins() const {
    Statement find = impl_->database.prepare("SELECT value FROM meta WHERE key = 'plugins'");
    if (!find.step()) return {};
    try {
        return used_plugins_from_json(find.text(0));
    } catch (const Error& error) {
        throw Error(impl_->database.file().string() + ": " + error.what());
    }
}

}  // namespace etude
