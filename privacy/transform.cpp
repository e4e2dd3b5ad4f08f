#include "privacy/transform.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/text_buffer.h"
#include "privacy/column_batch.h"
#include "privacy/compiled_operation.h"
#include "privacy/guard.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kBatchRows = 256;
constexpr std::size_t kBatchBytes = std::size_t{128} << 10U;

std::vector<PlannedColumn> delivered(const std::vector<PlannedColumn>& plan) {
    std::vector<PlannedColumn> columns;
    for (const PlannedColumn& planned : plan) {
        if (planned.operation.kind != OperationKind::kDrop) columns.push_back(planned);
    }
    return columns;
}

/// Stands for a value that nobody reads: empty where operations take the value for empty.
std::string_view presence_of(std::string_view value) {
    return value.find_first_not_of(' ') == std::string_view::npos ? std::string_view() : "x";
}

void add_counts(ColumnReport& column, const OutcomeCounts& counts) {
    const auto of = [&counts](Outcome one) { return counts.at(static_cast<std::size_t>(one)); };
    column.passed += of(Outcome::kPassed);
    column.masked += of(Outcome::kMasked);
    column.empty += of(Outcome::kEmpty);
    column.unreadable += of(Outcome::kUnreadable);
}

}  // namespace

struct Masker::State {
    struct NeededColumn {
        std::size_t column = 0;
        bool is_read = true;  ///< false: its operation asks no more than that there is a value
    };
    struct OutputColumn {
        std::size_t input = 0;
        std::size_t subject = 0;  ///< the input column that says whose value it is, or itself
        CompiledOperation operation;
        ColumnBatch masked{};
    };

    State(const Policy& policy, const std::vector<ColumnClass>& classes, ByteView key, Sink to,
          const MaskerOptions& options)
        : plan(plan_columns(after_steps(policy, options.steps), classes)),
          guard(delivered(plan), options.patterns),
          sink(std::move(to)),
          writer(options.format, [this](std::string_view block) { write(block); }) {
        report.policy_digest = policy_hash(policy);
        report.profile = policy.profile;
        report.steps = options.steps;
        for (std::size_t i = 0; i < plan.size(); ++i) {
            const PlannedColumn& planned = plan[i];
            ColumnReport column;
            column.name = planned.column.name;
            column.kind = planned.column.kind;
            column.sensitivity = planned.column.sensitivity;
            column.confidence_basis_points = planned.column.confidence_basis_points;
            column.operation = planned.operation;
            column.replaced = planned.replaced;
            report.columns.push_back(std::move(column));
            if (planned.operation.kind != OperationKind::kDrop) {
                if (planned.operation.kind == OperationKind::kRowNumber) {
                    numbers.emplace_back(outputs.size());
                }
                outputs.push_back(
                    {i, index_of(planned.operation.subject).value_or(i),
                     CompiledOperation(planned, key, policy.cryptography, options.patterns)});
            }
        }
        fields.resize(outputs.size());
        if (options.order) {
            shuffler.emplace(options.order->key, options.order->size, *options.order->spill);
        }
        if (policy.risk) {
            subject_column = index_of(policy.risk->subject);
            const Secret own = derive_key(key, "pdx/privacy/risk/v1");
            const ByteView counting = options.risk_key.empty() ? own.view() : options.risk_key;
            gate.emplace(*policy.risk, delivered(plan),
                         HashKey::from_bytes(counting.first(HashKey::kSize)));
        }
        prepare_copy(policy, options);
        inputs.resize(plan.size());
        for (std::size_t i = 0; i < plan.size(); ++i) {
            const OperationKind operation = plan[i].operation.kind;
            const bool is_subject =
                subject_column == i ||
                std::any_of(outputs.begin(), outputs.end(), [i](const OutputColumn& one) {
                    return one.subject == i && one.input != i;
                });
            if (operation == OperationKind::kDrop && !is_subject) continue;
            needed.push_back({i, is_subject || operation != OperationKind::kRedact});
        }
    }

    void prepare_copy(const Policy& policy, const MaskerOptions& options) {
        PDX_CHECK((!policy.marks && !policy.canaries) || options.copy);
        if (policy.marks) {
            check_mark_plan(*policy.marks, plan);
            std::vector<std::string_view> names;
            names.reserve(outputs.size());
            for (const OutputColumn& one : outputs) names.push_back(plan[one.input].column.name);
            marker.emplace(*policy.marks, names, options.copy->rows, options.copy->copy);
        }
        if (policy.canaries) {
            PDX_CHECK(shuffler.has_value());  // else they would stand at the end
            canaries = make_canaries(fit_canaries(*policy.canaries, plan), options.copy->copy);
        }
    }

    std::optional<std::size_t> index_of(const std::string& name) const {
        const auto found = std::find_if(
            plan.begin(), plan.end(),
            [&name](const PlannedColumn& planned) { return planned.column.name == name; });
        if (found == plan.end()) return std::nullopt;
        return static_cast<std::size_t>(found - plan.begin());
    }

    void write(std::string_view block) {
        hash.update(block);
        report.bytes_out += block.size();
        sink(block);
    }

    void header(const CsvRecord& record) {
        bool same = record.fields.size() == plan.size();
        for (std::size_t i = 0; same && i < plan.size(); ++i) {
            same = record.fields[i] == plan[i].column.name;
        }
        if (!same) {
            throw conflict(
                "delivery.columns_changed",
                {"The columns are not those that were classified.", "数据列与已分类的列不一致。"});
        }
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            fields[i] = record.fields[outputs[i].input];
        }
        writer.write(fields);
        header_seen = true;
    }

    void row(const CsvRecord& record) {
        PDX_CHECK(header_seen && record.fields.size() == plan.size());
        ++report.rows_in;
        if (waiting == 0) first_record = record.number;
        wait(record.fields);
    }

    /// Rows wait until there are enough of them to be masked column by column.
    template <typename Fields>
    void wait(const Fields& row) {
        ++waiting;
        for (const auto& [i, is_read] : needed) {
            inputs[i].push_back(is_read ? arena.keep(row[i]) : presence_of(row[i]));
        }
        if (waiting >= kBatchRows || arena.bytes() >= kBatchBytes) mask_waiting();
    }

    /// Masked and guarded like everybody, and neither counted nor measured.
    void add_canaries() {
        mask_waiting();
        is_canary = true;
        first_record = report.rows_in + 1;
        for (const auto& row : canaries) wait(row);
        mask_waiting();
        report.canaries = canaries.size();
    }

    void mask_waiting() {
        if (waiting == 0) return;
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            OutputColumn& output = outputs[i];
            OutcomeCounts counts{};
            output.operation.apply(inputs[output.input], inputs[output.subject], output.masked,
                                   counts);
            if (!is_canary) add_counts(report.columns[output.input], counts);
            guard.check(i, output.masked, first_record);
        }
        for (std::size_t row = 0; row < waiting; ++row) release(row);
        for (const NeededColumn& one : needed) inputs[one.column].clear();
        arena.clear();
        waiting = 0;
    }

    void release(std::size_t row) {
        for (std::size_t i = 0; i < outputs.size(); ++i) fields[i] = outputs[i].masked[row];
        if (gate && !is_canary) {
            gate->add(fields, subject_column ? inputs[*subject_column][row] : std::string_view());
        }
        if (marker) marker->mark(fields);
        if (shuffler) {
            shuffler->add(fields);
        } else {
            write_row(fields);
        }
    }

    void write_row(std::span<const std::string_view> row) {
        if (numbers.empty()) {
            writer.write(row);
        } else {
            numbered.assign(row.begin(), row.end());
            for (RowNumbers& number : numbers) number.renumber(written, numbered);
            writer.write(numbered);
        }
        ++written;
    }

    std::vector<PlannedColumn> plan;
    std::vector<OutputColumn> outputs;
    /// Values of all columns, in `arena`; only those in `needed` are filled.
    std::vector<std::vector<std::string_view>> inputs;
    TextArena arena;
    std::vector<NeededColumn> needed;
    std::size_t waiting = 0;  ///< rows
    std::uint64_t first_record = 0;
    OutputGuard guard;
    Sink sink;
    Sha256 hash;
    TableWriter writer;
    MaskReport report;
    std::vector<RowNumbers> numbers;
    std::vector<std::string_view> numbered;
    std::optional<RowShuffler> shuffler;
    std::optional<RiskGate> gate;
    std::optional<RowMarker> marker;
    std::vector<std::vector<std::string>> canaries;
    bool is_canary = false;     ///< the rows that wait
    std::uint64_t written = 0;  ///< rows
    std::optional<std::size_t> subject_column;
    std::vector<std::string_view> fields;
    bool header_seen = false;
    bool closed = false;
};

Masker::Masker(const Policy& policy, const std::vector<ColumnClass>& classes,
               ByteView key_of_contract, Sink sink, const MaskerOptions& options)
    : state_(std::make_unique<State>(policy, classes, key_of_contract, std::move(sink), options)) {}
Masker::~Masker() = default;
Masker::Masker(Masker&&) noexcept = default;
Masker& Masker::operator=(Masker&&) noexcept = default;

void Masker::add(const CsvRecord& record) {
    PDX_CHECK(!state_->closed);
    state_->closed = true;  // an exception below leaves it closed: finish() is out of reach
    if (record.number == 0) {
        state_->header(record);
    } else {
        state_->row(record);
    }
    state_->closed = false;
}

MaskReport Masker::finish() {
    PDX_CHECK(!state_->closed && state_->header_seen);
    state_->closed = true;
    state_->mask_waiting();
    for (const State::OutputColumn& output : state_->outputs) {
        state_->report.columns[output.input].found = output.operation.text_counts();
    }
    if (state_->gate) state_->report.risk = state_->gate->finish();
    state_->add_canaries();
    if (state_->shuffler) {
        state_->shuffler->finish(
            [this](std::uint64_t, RowShuffler::Fields fields) { state_->write_row(fields); });
    }
    state_->writer.finish();
    state_->report.rows_out = state_->written - state_->report.canaries;
    if (state_->marker) state_->report.marks = state_->marker->report();
    state_->report.output_digest = state_->hash.finish();
    return std::move(state_->report);
}

}  // namespace pdx::privacy
