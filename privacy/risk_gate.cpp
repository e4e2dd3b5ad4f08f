#include "privacy/risk_gate.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "privacy/risk.h"

namespace pdx::privacy {
namespace {

bool hides_the_value(OperationKind kind) {
    return kind == OperationKind::kPseudonym || kind == OperationKind::kToken ||
           kind == OperationKind::kRowNumber || kind == OperationKind::kRedact;
}

RiskOptions options_of(const RiskRule& rule, std::span<const PlannedColumn> released,
                       std::span<const std::size_t> sensitive) {
    RiskOptions options;
    options.k = rule.limits.k_min;
    options.subjects = rule.subject.empty() ? Subjects::kRecords : Subjects::kByKey;
    for (const std::size_t i : sensitive) {
        const ColumnClass& column = released[i].column;
        options.sensitive.push_back({column.name, is_quantity(column.kind)});
    }
    return options;
}

}  // namespace

struct RiskGate::State {
    State(const RiskRule& rule, std::span<const PlannedColumn> released, const HashKey& key)
        : limits(rule.limits) {
        for (std::size_t i = 0; i < released.size(); ++i) {
            const PlannedColumn& planned = released[i];
            if (hides_the_value(planned.operation.kind)) continue;
            switch (planned.column.sensitivity) {
                case Sensitivity::kQuasiIdentifier:
                case Sensitivity::kDirectIdentifier: quasi.push_back(i); break;
                case Sensitivity::kSensitive: sensitive.push_back(i); break;
                case Sensitivity::kFreeText:
                case Sensitivity::kUnknown: ++content.unknown_columns; break;
                case Sensitivity::kNonPersonal:
                case Sensitivity::kConfidential: break;
            }
        }
        // Without any, all persons are in one class.
        quasi_values.resize(std::max<std::size_t>(1, quasi.size()));
        sensitive_values.resize(sensitive.size());
        meter.emplace(options_of(rule, released, sensitive), key);
        has_subject = !rule.subject.empty();
    }

    RiskLimits limits;
    TableContent content;
    std::vector<std::size_t> quasi;
    std::vector<std::size_t> sensitive;
    std::vector<std::string_view> quasi_values;
    std::vector<std::string_view> sensitive_values;
    std::optional<RiskMeter> meter;
    bool has_subject = false;
};

RiskGate::RiskGate(const RiskRule& rule, std::span<const PlannedColumn> released,
                   const HashKey& key)
    : state_(std::make_unique<State>(rule, released, key)) {}
RiskGate::~RiskGate() = default;
RiskGate::RiskGate(RiskGate&&) noexcept = default;
RiskGate& RiskGate::operator=(RiskGate&&) noexcept = default;

void RiskGate::add(std::span<const std::string_view> released, std::string_view subject) {
    State& state = *state_;
    for (std::size_t i = 0; i < state.quasi.size(); ++i) {
        state.quasi_values[i] = released[state.quasi[i]];
    }
    for (std::size_t i = 0; i < state.sensitive.size(); ++i) {
        state.sensitive_values[i] = released[state.sensitive[i]];
    }
    state.meter->add(state.quasi_values, subject, state.sensitive_values);
}

ReleaseRisk RiskGate::finish() {
    ReleaseRisk risk;
    risk.report = state_->meter->finish();
    risk.level = deidentification_level(risk.report, state_->content);
    const RiskJudgement judgement = judge(risk.report, state_->content, state_->limits);
    if (judgement.accepted) {
        if (state_->has_subject) risk.sketch = sketch_of(*state_->meter);
        return risk;
    }
    Text reasons;
    ErrorDetail detail;
    for (const RiskReason& one : judgement.reasons) {
        reasons.en += " " + one.text.en;
        reasons.zh += one.text.zh;
        detail.rule += (detail.rule.empty() ? "" : ", ") + one.code;
    }
    throw conflict("delivery.risk",
                   {"Persons could be found again in what would leave:" + reasons.en +
                        " Nothing is delivered; generalise a column, or drop one.",
                    "拟交付数据的重标识风险超出策略限值：" + reasons.zh +
                        "已停止交付，请进一步泛化或删除列。"},
                   std::move(detail));
}

}  // namespace pdx::privacy
