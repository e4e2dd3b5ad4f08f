#include "ledger/witness.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "base/check.h"
#include "ledger/policy.h"
#include "ledger/signer.h"
#include "ledger/store/cosignature_store.h"
#include "ledger/store/witness_role.h"
#include "ledger/store/witness_store.h"
#include "sql/migrate.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/ledger/support/tree_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

constexpr std::int64_t kNow = 1'772'352'000;  // POSIX seconds

class StillClock final : public Clock {
public:
    Timestamp now() const override { return {kNow * 1'000'000 + 123'456}; }
};

const std::vector<Digest>& leaves() {
    static const std::vector<Digest> all = test::sample_leaves(64);
    return all;
}

Digest root_at(std::size_t size) { return test::naive_root(std::span(leaves()).first(size)); }

Proof proof_between(std::size_t old_size, std::size_t size) {
    if (old_size == 0 || old_size == size) return {};
    return test::naive_consistency(old_size, std::span(leaves()).first(size));
}

std::string note_of(std::uint64_t size, const Digest& root) {
    return sign_checkpoint({std::string(test::kOrigin), size, root, {}}, test::sample_signer());
}

std::string body(std::size_t old_size, std::size_t size) {
    return format_witness_request(
        {old_size, proof_between(old_size, size), note_of(size, root_at(size))});
}

WitnessedLogs sample_logs() {
    return {{std::string(test::kOrigin), {test::sample_signer().verifier()}}};
}

CosignatureSigner sample_witness() {
    return {"witness.example/w1", test::must(SigningKey::from_seed(Bytes(32, 42)))};
}

struct Witness {
    explicit Witness(const std::string& url = "sqlite::memory:")
        : database(sql::open_database(url)),
          keep(database->open()) {
        sql::migrate(*keep, sql::embedded_schema());
        role = std::make_unique<WitnessRole>(*database, sample_witness(), sample_logs(), clock);
    }

    WitnessStatus add(const std::string& request) { return role->add_checkpoint(request).status; }
    WitnessState state() { return WitnessStore(*keep).state(test::kOrigin); }

    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> keep;
    StillClock clock;
    std::unique_ptr<WitnessRole> role;
};

}  // namespace

TEST_CASE("witness request: one text per value", "[ledger][witness]") {
    const WitnessRequest request{7, proof_between(7, 40), note_of(40, root_at(40))};
    const std::string text = format_witness_request(request);
    REQUIRE(text.starts_with("old 7\n"));
    REQUIRE(parse_witness_request(text) == request);
    const std::string note = note_of(1, root_at(1));
    REQUIRE(test::must(parse_witness_request("old 0\n\n" + note)).proof.empty());
    std::string lines;
    for (std::size_t i = 0; i < kProofHashesMax; ++i) lines += to_base64(Digest{}.view()) + '\n';
    REQUIRE(test::must(parse_witness_request("old 1\n" + lines + "\n" + note)).proof.size() == 63);
    for (const std::string& bad :
         {std::string(), std::string("old 0"), std::string("old 0\n"), "old\n\n" + note,
          "old  0\n\n" + note, "old 00\n\n" + note, "old -1\n\n" + note, "old +1\n\n" + note,
          "old 1 \n\n" + note, "old 9223372036854775808\n\n" + note, "Old 0\n\n" + note,
          "old 0\r\n\n" + note, "old 1\nAA==\n\n" + note, "old 1\nnothing\n\n" + note,
          "old 1\n" + lines + to_base64(Digest{}.view()) + "\n\n" + note,
          "old 0\n\n" + std::string(kWitnessRequestBytesMax, 'x')}) {
        INFO(bad.substr(0, 80));
        REQUIRE_FALSE(parse_witness_request(bad).has_value());
    }
    REQUIRE(format_tlog_size(300) == "300\n");
    for (const std::string bad :
         {"", "1", "01\n", "-1\n", "1\n\n", "x\n", "9223372036854775808\n"}) {
        REQUIRE_FALSE(parse_tlog_size(bad).has_value());
    }
    REQUIRE(parse_tlog_size("9223372036854775807\n") == std::uint64_t{INT64_MAX});
}

TEST_CASE("witness: the state decides by the table, every old and new size", "[ledger][witness]") {
    constexpr std::size_t kSizes = 18;
    for (std::size_t known = 0; known < kSizes; ++known) {
        const WitnessState state{known, root_at(known)};
        for (std::size_t old_size = 0; old_size < kSizes; ++old_size) {
            for (std::size_t size = 0; size < kSizes; ++size) {
                const std::string request =
                    old_size <= size
                        ? body(old_size, size)
                        : format_witness_request({old_size, {}, note_of(size, root_at(size))});
                const auto candidate = open_witness_request(request, sample_logs());
                INFO(known << ' ' << old_size << ' ' << size);
                if (old_size > size) {
                    REQUIRE(candidate.status == WitnessStatus::kMalformed);
                    continue;
                }
                REQUIRE(candidate.status == WitnessStatus::kCosigned);
                REQUIRE(judge_witness_request(candidate, state) ==
                        (old_size == known ? WitnessStatus::kCosigned : WitnessStatus::kStale));
            }
        }
    }
}

TEST_CASE("witness: who may not speak is refused before anything is looked up",
          "[ledger][witness]") {
    const auto status = [](const std::string& request) {
        return open_witness_request(request, sample_logs()).status;
    };
    REQUIRE(status("rubbish") == WitnessStatus::kMalformed);
    REQUIRE(status("old 0\n\nno note\n") == WitnessStatus::kMalformed);
    const NoteSigner& signer = test::sample_signer();
    const auto submit = [&](const std::string& text, const NoteSignature& line) {
        return "old 0\n\n" + format_note({text, {line}});
    };
    const std::string no_checkpoint = "origin\nx\n";
    REQUIRE(status(submit(no_checkpoint, signer.sign(no_checkpoint))) == WitnessStatus::kMalformed);
    const NoteSigner stranger("other.example", SigningKey::generate());
    const std::string theirs = format_checkpoint({"other.example", 1, root_at(1), {}});
    REQUIRE(status(submit(theirs, stranger.sign(theirs))) == WitnessStatus::kUnknownLog);
    const std::string ours = format_checkpoint({std::string(test::kOrigin), 1, root_at(1), {}});
    REQUIRE(status(submit(ours, stranger.sign(ours))) == WitnessStatus::kNotSigned);
    const NoteSigner near_miss(std::string(test::kOrigin), SigningKey::generate());
    REQUIRE(status(submit(ours, near_miss.sign(ours))) == WitnessStatus::kNotSigned);
    NoteSignature broken = signer.sign(ours);
    broken.signature[5] ^= 1U;
    REQUIRE(status(submit(ours, broken)) == WitnessStatus::kNotSigned);
    // A good line does not make up for a bad one by the same key; a stranger's line is ignored.
    const auto both = [&](const NoteSignature& extra) {
        return status("old 0\n\n" + format_note({ours, {signer.sign(ours), extra}}));
    };
    REQUIRE(both(broken) == WitnessStatus::kNotSigned);
    REQUIRE(both(stranger.sign(ours)) == WitnessStatus::kCosigned);
    const auto candidate = open_witness_request(
        "old 0\n\n" + format_note({ours, {stranger.sign(ours), signer.sign(ours)}}), sample_logs());
    REQUIRE(candidate.note == format_note({ours, {signer.sign(ours)}}));
}

TEST_CASE("witness: what does not extend the tree is 422", "[ledger][witness]") {
    const WitnessState seven{7, root_at(7)};
    const auto judge = [](const WitnessRequest& request, const WitnessState& state) {
        return judge_witness_request(
            open_witness_request(format_witness_request(request), sample_logs()), state);
    };
    const std::string at7 = note_of(7, root_at(7));
    const std::string at9 = note_of(9, root_at(9));
    REQUIRE(judge({7, {}, at7}, seven) == WitnessStatus::kCosigned);
    REQUIRE(judge({7, {root_at(1)}, at7}, seven) == WitnessStatus::kInconsistent);
    REQUIRE(judge({7, {}, note_of(7, root_at(6))}, seven) == WitnessStatus::kInconsistent);
    REQUIRE(judge({7, {}, at9}, seven) == WitnessStatus::kInconsistent);
    REQUIRE(judge({7, proof_between(7, 9), note_of(9, root_at(8))}, seven) ==
            WitnessStatus::kInconsistent);
    REQUIRE(judge({7, proof_between(7, 9), at9}, {7, root_at(6)}) == WitnessStatus::kInconsistent);
    Proof proof = proof_between(7, 9);
    for (auto& hash : proof) {
        hash.value[0] ^= 1U;
        REQUIRE(judge({7, proof, at9}, seven) == WitnessStatus::kInconsistent);
        hash.value[0] ^= 1U;
    }
    proof.push_back(root_at(1));
    REQUIRE(judge({7, proof, at9}, seven) == WitnessStatus::kInconsistent);
    // From nothing: no proof belongs there, and an empty tree has one root.
    REQUIRE(judge({0, {root_at(1)}, at9}, {}) == WitnessStatus::kInconsistent);
    REQUIRE(judge({0, {}, note_of(0, empty_root())}, {}) == WitnessStatus::kCosigned);
    REQUIRE(judge({0, {}, note_of(0, root_at(1))}, {}) == WitnessStatus::kInconsistent);
    REQUIRE_THROWS_AS(judge_witness_request({}, {}), InvariantViolation);
}

TEST_CASE("witness: its answer verifies, and what it keeps is what it says", "[ledger][witness]") {
    Witness witness;
    REQUIRE_FALSE(witness.role->checkpoint(witness_log_id(test::kOrigin)).has_value());
    const auto answer = witness.role->add_checkpoint(body(0, 5));
    REQUIRE(answer.status == WitnessStatus::kCosigned);
    const auto lines = test::must(parse_note_signatures(answer.body));
    REQUIRE(lines.size() == 1);
    const std::string text = test::must(parse_note(note_of(5, root_at(5)))).text;
    REQUIRE(witness.role->verifier().verify(text, lines[0]));
    REQUIRE(cosignature_time(lines[0].signature) == std::uint64_t{kNow});

    const auto shown = test::must(witness.role->checkpoint(witness_log_id(test::kOrigin)));
    REQUIRE(shown == note_of(5, root_at(5)) + answer.body);
    REQUIRE(witness_log_id("exchange.example/wuxi").size() == 64);
    REQUIRE_FALSE(witness.role->checkpoint("nothing").has_value());

    const auto stale = witness.role->add_checkpoint(body(3, 9));
    REQUIRE(stale.status == WitnessStatus::kStale);
    REQUIRE(stale.body == "5\n");
    REQUIRE(witness.add(body(5, 9)) == WitnessStatus::kCosigned);
    REQUIRE(witness.add(body(9, 9)) == WitnessStatus::kCosigned);
    REQUIRE(witness.add(body(5, 9)) == WitnessStatus::kStale);
    REQUIRE(witness.state() == WitnessState{9, root_at(9)});
}

TEST_CASE("witness: a fork is refused and kept as evidence, once", "[ledger][witness]") {
    Witness witness;
    REQUIRE(witness.add(body(0, 5)) == WitnessStatus::kCosigned);
    const std::string fork = format_witness_request({5, {}, note_of(5, root_at(4))});
    REQUIRE(witness.add(fork) == WitnessStatus::kInconsistent);
    REQUIRE(witness.add(fork) == WitnessStatus::kInconsistent);
    REQUIRE(witness.add(format_witness_request({5, {root_at(2)}, note_of(8, root_at(8))})) ==
            WitnessStatus::kInconsistent);
    const auto evidence = WitnessStore(*witness.keep).evidence(test::kOrigin);
    REQUIRE(evidence.size() == 2);
    for (const WitnessEvidence& one : evidence) {
        REQUIRE(one.known == WitnessState{5, root_at(5)});
        REQUIRE(open_checkpoint(one.note, test::sample_signer().verifier()).status ==
                CheckpointStatus::kVerified);
    }
    REQUIRE(evidence[0].proof.size() + evidence[1].proof.size() == 1);
    // An unsigned forgery is no evidence, and nothing of this moved the state.
    REQUIRE(
        witness.add("old 5\n\n" +
                    format_note({format_checkpoint({std::string(test::kOrigin), 5, root_at(3), {}}),
                                 {{"x", 1, Bytes(64, 1)}}})) == WitnessStatus::kNotSigned);
    REQUIRE(WitnessStore(*witness.keep).evidence(test::kOrigin).size() == 2);
    REQUIRE(witness.state() == WitnessState{5, root_at(5)});
}

TEST_CASE("witness: requests at once cannot roll it back", "[ledger][witness]") {
    // Two roles on one file, as two processes would be, and several threads on each.
    const test::TempFolder folder;
    Witness first("sqlite:" + (folder.path() / "witness.sqlite").string());
    WitnessRole second(*first.database, sample_witness(), sample_logs(), first.clock);
    std::atomic<std::uint64_t> largest{0};
    std::atomic<bool> rolled_back{false};
    const auto run = [&](WitnessRole& role, unsigned seed) {
        std::mt19937 random(seed);
        std::uint64_t old_size = 0;
        for (int round = 0; round < 60; ++round) {
            const std::uint64_t before = largest;
            const std::uint64_t size =
                std::min<std::uint64_t>(old_size + random() % 4, leaves().size());
            const auto answer = role.add_checkpoint(body(old_size, size));
            if (answer.status == WitnessStatus::kStale) {
                old_size = test::must(parse_tlog_size(answer.body));
                continue;
            }
            if (answer.status != WitnessStatus::kCosigned || size < before) rolled_back = true;
            old_size = size;
            for (auto seen = largest.load(); seen < size;) {
                if (largest.compare_exchange_weak(seen, size)) break;
            }
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 6; ++i) {
        threads.emplace_back(run, std::ref(i % 2 == 0 ? *first.role : second), i);
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE_FALSE(rolled_back);
    REQUIRE(first.state() == WitnessState{largest, root_at(largest)});
}

TEST_CASE("witness: what it begins with is in the database file, not in memory only",
          "[ledger][witness]") {
    namespace fs = std::filesystem;
    const test::TempFolder folder;
    const std::string path = folder.file("witness.db");
    const auto size_in_file = [&] {
        const std::string copy = folder.file("copy.db");
        fs::copy_file(path, copy, fs::copy_options::overwrite_existing);
        return WitnessStore(*sql::open_database(copy)->open()).state(test::kOrigin).size;
    };
    Witness witness(path);
    REQUIRE(witness.add(body(0, 5)) == WitnessStatus::kCosigned);
    REQUIRE(size_in_file() == 0);
    WitnessRole next(*witness.database, sample_witness(), sample_logs(), witness.clock);
    REQUIRE(next.add_checkpoint(body(5, 5)).status == WitnessStatus::kCosigned);
    REQUIRE(size_in_file() == 5);
}

TEST_CASE("witness store: the state moves only from where it is", "[ledger][witness]") {
    Witness witness;
    WitnessStore store(*witness.keep);
    const WitnessState three{3, root_at(3)};
    const WitnessState five{5, root_at(5)};
    REQUIRE_FALSE(store.advance("log", three, five, "note"));
    REQUIRE(store.advance("log", {}, three, "note"));
    REQUIRE_FALSE(store.advance("log", {}, five, "note"));
    REQUIRE_FALSE(store.advance("log", {3, root_at(2)}, five, "note"));
    REQUIRE(store.advance("log", three, three, "note 3"));
    REQUIRE(store.advance("log", three, five, "note 5"));
    REQUIRE(store.state("log") == five);
    REQUIRE(store.state("Log") == WitnessState{});
    REQUIRE(store.note_by_id(witness_log_id("log")) == "note 5");
    REQUIRE_THROWS_AS(store.advance("log", five, three, "note"), InvariantViolation);
}

TEST_CASE("cosignature store: lines are added and never changed", "[ledger][witness]") {
    Witness witness;
    CosignatureStore store(*witness.keep, "log");
    const CosignatureSigner a = sample_witness();
    const CosignatureSigner b("witness.example/w2", SigningKey::generate());
    REQUIRE(store.largest_by(a.name(), a.verifier().key_id()) == 0);
    REQUIRE(store.add({5, a.sign("t\n", 10)}));
    REQUIRE_FALSE(store.add({5, a.sign("t\n", 11)}));
    REQUIRE(store.add({5, b.sign("t\n", 12)}));
    REQUIRE(store.add({300, a.sign("t\n", 13)}));
    REQUIRE(store.of(5) == std::vector<NoteSignature>{a.sign("t\n", 10), b.sign("t\n", 12)});
    REQUIRE(store.of(6).empty());
    REQUIRE(store.largest_by(a.name(), a.verifier().key_id()) == 300);
    REQUIRE(store.largest_by(b.name(), b.verifier().key_id()) == 5);
    REQUIRE(store.sizes_above(4) == std::vector<std::uint64_t>{5, 300});
    REQUIRE(store.sizes_above(5) == std::vector<std::uint64_t>{300});
    REQUIRE(store.sizes_below(INT64_MAX) == std::vector<std::uint64_t>{300, 5});
    REQUIRE(CosignatureStore(*witness.keep, "other").of(5).empty());
    REQUIRE_THROWS_AS(store.add({5, {"x", 1, Bytes(3, 1)}}), InvariantViolation);
}
