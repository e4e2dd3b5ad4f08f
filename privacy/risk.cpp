#include "privacy/risk.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "privacy/person_key.h"
#include "privacy/sensitive_counts.h"

namespace pdx::privacy {
namespace {

/// Records whose slots are on their way from memory while others are hashed.
constexpr std::size_t kWaiting = 64;

}  // namespace

struct RiskMeter::State {
    State(RiskOptions chosen, const HashKey& hash_key)
        : options(std::move(chosen)),
          key(hash_key),
          budget(options.memory_bytes_max),
          classes(options.subjects, budget) {
        PDX_CHECK(options.k >= 1);
        for (const SensitiveColumn& column : options.sensitive) {
            sensitive.emplace_back(column, options.subjects, budget);
        }
    }

    /// Records that are persons and have no sensitive value can wait.
    void count(std::uint64_t class_hash) {
        classes.prefetch(class_hash);
        waiting.at(waiting_count++) = class_hash;
        if (waiting_count == kWaiting) count_waiting();
        closed = false;
    }
    void count_waiting() {
        for (std::size_t i = 0; i < waiting_count; ++i) classes.add(waiting.at(i), 0);
        waiting_count = 0;
    }
    /// An exception before the end of the record leaves the meter closed.
    void open(std::size_t columns) {
        PDX_CHECK(!closed && columns > 0 && (width == 0 || width == columns));
        width = columns;
        closed = true;
    }

    RiskOptions options;
    HashKey key;
    MemoryBudget budget;
    ClassCounts classes;
    std::vector<SensitiveCounts> sensitive;
    std::array<std::uint64_t, kWaiting> waiting{};
    std::size_t waiting_count = 0;
    std::size_t width = 0;
    std::string spelling;  ///< buffer of person_of()
    bool closed = false;
};

RiskMeter::RiskMeter(RiskOptions options, const HashKey& key)
    : state_(std::make_unique<State>(std::move(options), key)) {}
RiskMeter::~RiskMeter() = default;
RiskMeter::RiskMeter(RiskMeter&&) noexcept = default;
RiskMeter& RiskMeter::operator=(RiskMeter&&) noexcept = default;

void RiskMeter::add(std::span<const std::string_view> quasi, std::string_view subject,
                    std::span<const std::string_view> sensitive) {
    State& state = *state_;
    state.open(quasi.size());
    PDX_CHECK(sensitive.size() == state.sensitive.size());
    TupleHash hash(state.key);
    for (const std::string_view value : quasi) hash.add_text(value);
    const std::uint64_t class_hash = hash.finish();
    const bool by_key = state.options.subjects == Subjects::kByKey;
    if (!by_key && sensitive.empty()) return state.count(class_hash);
    std::uint64_t person = 0;
    if (by_key) {
        TupleHash subject_hash(state.key);
        subject_hash.add_text(person_of(subject, state.spelling));
        person = subject_hash.finish();
    }
    const ClassCounts::Place place = state.classes.add(class_hash, person);
    for (std::size_t i = 0; i < sensitive.size(); ++i) {
        state.sensitive[i].add(sensitive[i], place, state.key);
    }
    state.closed = false;
}

void RiskMeter::add_codes(std::span<const std::uint32_t> quasi) {
    State& state = *state_;
    state.open(quasi.size());
    PDX_CHECK(state.options.subjects == Subjects::kRecords && state.sensitive.empty());
    TupleHash hash(state.key);
    std::size_t i = 0;
    for (; i + 1 < quasi.size(); i += 2) {
        hash.add_word(std::uint64_t{quasi[i]} << 32U | quasi[i + 1]);
    }
    if (i < quasi.size()) hash.add_word(quasi[i]);
    state.count(hash.finish());
}

RiskReport RiskMeter::finish() {
    State& state = *state_;
    PDX_CHECK(!state.closed);
    state.closed = true;
    state.count_waiting();
    RiskReport report = state.classes.report(state.options.k, state.options.population_min);
    for (SensitiveCounts& column : state.sensitive) report.sensitive.push_back(column.finish());
    return report;
}

std::vector<ClassCounts::Member> RiskMeter::members() const { return state_->classes.members(); }

std::uint64_t RiskMeter::key_tag() const {
    TupleHash hash(state_->key);
    hash.add_text("pdx risk sketch");
    return hash.finish();
}

}  // namespace pdx::privacy
