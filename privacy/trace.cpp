#include "privacy/trace.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/error.h"
#include "privacy/compiled_operation.h"
#include "privacy/false_accusation.h"

namespace pdx::privacy {
namespace {

/// Each, of distinct ones.
constexpr std::size_t kTraceEntriesMax = 4'000'000;
constexpr std::size_t kCandidatesMax = 1'000'000;
constexpr std::uint64_t kKindsOfEvidence = 3;
/// 26 characters of 32, 2^130.
constexpr int kTokenSpace = 39;
/// 8 characters of 31, 31^8.
constexpr int kCodeSpace = 11;

CompiledOperation pseudonym_maker(const TracePlan& plan, const TokenField& field,
                                  ByteView key_of_contract) {
    PlannedColumn planned;
    planned.column.name = field.field;
    planned.operation = Operation::pseudonym(field.domain);
    return CompiledOperation(planned, key_of_contract, plan.cryptography);
}

/// Distinct hits, because two fields of one domain have the same pseudonyms.
class TokenHits {
public:
    explicit TokenHits(const LeakedTable& leak) : leak_(leak) {}

    void look(CompiledOperation& maker, std::string_view value) {
        Outcome outcome = Outcome::kEmpty;
        const std::string token(maker.apply(value, outcome));
        if (outcome != Outcome::kMasked) return;
        ++made_;
        if (leak_.tokens().contains(token)) hits_.insert(token);
    }
    HitEvidence evidence(std::uint64_t trials) const {
        return {
            made_, hits_.size(),
            coincidence_exponent(kTokenSpace, leak_.tokens().size(), made_, hits_.size(), trials)};
    }

private:
    const LeakedTable& leak_;
    std::uint64_t made_ = 0;
    std::unordered_set<std::string> hits_;
};

HitEvidence weigh_tokens(const TracePlan& plan, const LeakedTable& leak,
                         std::span<const KnownValues> known, ByteView key, std::uint64_t trials) {
    TokenHits hits(leak);
    if (leak.tokens().empty()) return hits.evidence(trials);
    for (const KnownValues& one : known) {
        CompiledOperation maker = pseudonym_maker(plan, one.field, key);
        for (const std::string& value : one.values) hits.look(maker, value);
    }
    return hits.evidence(trials);
}

MarkEvidence weigh_marks(const LeakedTable& leak, ByteView key, std::uint64_t trials) {
    MarkEvidence evidence;
    const MarkBits bits(key);
    for (const auto& [identity, balance] : leak.marks()) {
        if (balance == 0) continue;
        ++evidence.looked;
        if (bits.odd(identity) == (balance > 0)) ++evidence.agreed;
    }
    evidence.z_thousandths = agreement_z_thousandths(evidence.looked, evidence.agreed);
    evidence.exponent = agreement_exponent(evidence.looked, evidence.agreed, trials);
    return evidence;
}

/// Canaries leave as pseudonyms or, credit codes, as they are; both are looked for.
HitEvidence weigh_canaries(const TracePlan& plan, const LeakedTable& leak,
                           std::optional<ByteView> key_of_contract, ByteView key_of_copy,
                           std::uint64_t trials) {
    if (!plan.canaries) return {};
    const auto rows = make_canaries(*plan.canaries, key_of_copy);
    TokenHits tokens(leak);
    std::uint64_t codes_made = 0;
    std::set<std::string> codes;
    for (std::size_t i = 0; i < plan.canaries->columns.size(); ++i) {
        const CanaryColumn& column = plan.canaries->columns[i];
        for (const TokenField& field : plan.tokens) {
            if (field.field != column.name || !key_of_contract) continue;
            CompiledOperation maker = pseudonym_maker(plan, field, *key_of_contract);
            for (const auto& row : rows) tokens.look(maker, row[i]);
        }
        if (column.kind != Kind::kUscc) continue;
        for (const auto& row : rows) {
            ++codes_made;
            if (leak.codes().contains(row[i])) codes.insert(row[i]);
        }
    }
    HitEvidence evidence = tokens.evidence(trials);
    evidence.made += codes_made;
    evidence.hits += codes.size();
    evidence.exponent = std::max(
        evidence.exponent,
        coincidence_exponent(kCodeSpace, leak.codes().size(), codes_made, codes.size(), trials));
    return evidence;
}

void check_candidates(std::span<const Candidate> candidates) {
    std::set<std::string_view> names;
    for (const Candidate& one : candidates) names.insert(one.contract);
    if (candidates.empty() || names.size() != candidates.size() ||
        candidates.size() > kCandidatesMax) {
        throw invalid("trace.candidates",
                      {"There must be 1 to 1,000,000 candidate contracts, each once.",
                       "候选协议须为 1 至 1,000,000 个，且不得重复。"});
    }
}

}  // namespace

void check_trace_plan(const TracePlan& plan) {
    if ((plan.tokens.empty() && !plan.marks && !plan.canaries) || plan.limit < 1 ||
        plan.limit > 30) {
        throw invalid("trace.plan",
                      {"There is nothing to look for: name pseudonymised fields, marks or "
                       "canaries, and a limit of 1 to 30.",
                       "没有可查找的内容：请指明假名字段、标记或诱饵行，以及 1 至 30 的界限。"});
    }
    if (plan.marks) check_mark_plan(*plan.marks);
    if (plan.canaries) check_canary_plan(*plan.canaries);
}

LeakedTable::LeakedTable(const TracePlan& plan, Fields header, ByteView rows_key) {
    check_trace_plan(plan);
    if (plan.marks) places_.emplace(*plan.marks, header, rows_key);
    if (!plan.canaries) return;
    for (const CanaryColumn& column : plan.canaries->columns) {
        if (column.kind == Kind::kUscc) code_spaces_.push_back(column.space);
    }
}

void LeakedTable::add(Fields fields) {
    ++rows_;
    const auto keep = [this](std::unordered_set<std::string>& set, std::string_view text) {
        if (set.size() < kTraceEntriesMax) {
            set.emplace(text);
        } else {
            ++left_out_;
        }
    };
    for (const std::string_view field : fields) {
        const std::string_view text = trimmed(field);
        if (looks_like_pseudonym(text)) keep(tokens_, text);
        if (text.size() != 18) continue;
        for (const std::string& space : code_spaces_) {
            if (text.starts_with(space)) keep(codes_, text);
        }
    }
    if (!places_) return;
    for (const MarkPlace& place : places_->of(fields)) {
        const auto found = marks_.find(place.identity);
        if (found == marks_.end() && marks_.size() >= kTraceEntriesMax) {
            ++left_out_;
            continue;
        }
        std::int32_t& balance = found == marks_.end() ? marks_[place.identity] : found->second;
        const std::int32_t vote = (place.steps & 1) != 0 ? 1 : -1;
        if (balance != INT32_MAX && balance != -INT32_MAX) balance += vote;
    }
}

std::size_t TraceReport::named() const {
    return static_cast<std::size_t>(
        std::count_if(candidates.begin(), candidates.end(),
                      [](const CandidateEvidence& one) { return one.named; }));
}

CopyEvidence weigh_copy(const TracePlan& plan, const LeakedTable& leak,
                        std::optional<ByteView> key_of_contract, ByteView key_of_copy,
                        std::uint64_t trials) {
    check_trace_plan(plan);
    return {weigh_marks(leak, key_of_copy, trials),
            weigh_canaries(plan, leak, key_of_contract, key_of_copy, trials)};
}

TraceReport trace(const TracePlan& plan, const LeakedTable& leak,
                  std::span<const KnownValues> known, std::span<const Candidate> candidates) {
    check_trace_plan(plan);
    check_candidates(candidates);
    TraceReport report;
    report.rows = leak.rows();
    report.tokens = leak.tokens().size();
    report.codes = leak.codes().size();
    report.marks = leak.marks().size();
    report.identities = leak.identities();
    report.left_out = leak.left_out();
    report.limit = plan.limit;
    // Each candidate may be accused in three ways, and none of all of them by chance.
    const std::uint64_t trials = candidates.size() * kKindsOfEvidence;
    for (const Candidate& candidate : candidates) {
        CandidateEvidence evidence;
        evidence.contract = candidate.contract;
        const ByteView key = candidate.key.view();
        evidence.tokens = weigh_tokens(plan, leak, known, key, trials);
        const CopyEvidence copy = weigh_copy(plan, leak, key, key, trials);
        evidence.marks = copy.marks;
        evidence.canaries = copy.canaries;
        evidence.exponent = std::max(
            {evidence.tokens.exponent, evidence.marks.exponent, evidence.canaries.exponent});
        evidence.named = evidence.exponent >= plan.limit;
        report.candidates.push_back(std::move(evidence));
    }
    std::stable_sort(report.candidates.begin(), report.candidates.end(),
                     [](const CandidateEvidence& a, const CandidateEvidence& b) {
                         return a.exponent > b.exponent;
                     });
    return report;
}

}  // namespace pdx::privacy
