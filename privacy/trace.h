#pragma once
/// Whose copy leaked: a file against the keys of the contracts that it may have come from. Three
/// kinds of evidence, each with a bound of the probability that chance accuses anybody: pseudonyms
/// of known persons, marks in numbers, canary rows. A contract is named when a bound is below the
/// limit; else the answer is "cannot tell". Nothing here holds or shows a value of the file.
///
/// What it cannot do: it names the contract whose copy it was, not who carried it out of the house.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "base/secret.h"
#include "privacy/canary.h"
#include "privacy/mark_places.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// A field that was delivered as a pseudonym, with the domain of its operation.
struct TokenField {
    std::string field;
    std::string domain{};
};

struct TracePlan {
    std::vector<TokenField> tokens{};
    std::optional<MarkPlan> marks{};
    std::optional<CanaryPlan> canaries{};  ///< each column with its kind
    Cryptography cryptography = Cryptography::kInternational;
    /// A contract is named when chance accuses any innocent with probability 10^-limit at most, all
    /// candidates and kinds of evidence together. 1 to 30.
    int limit = 6;
};

/// Throws: kInvalid trace.plan when there is nothing to look for or the limit is out of range; as
/// check_mark_plan() and check_canary_plan().
void check_trace_plan(const TracePlan& plan);

/// What a leaked table shows, gathered in one pass. Memory grows with the marked rows and the
/// distinct pseudonyms, up to a limit; what is above it is counted and not looked at.
/// Thread: not shared.
class LeakedTable {
public:
    using Fields = std::span<const std::string_view>;

    /// Columns are known by the names of the plan. Throws: as check_trace_plan().
    LeakedTable(const TracePlan& plan, Fields header, ByteView rows_key);

    /// Requires: as many fields as the header.
    void add(Fields fields);

    std::uint64_t rows() const { return rows_; }
    std::uint64_t left_out() const { return left_out_; }
    /// Pseudonyms in any column: the shape tells them, whatever the column is called now.
    const std::unordered_set<std::string>& tokens() const { return tokens_; }
    /// Credit codes in the space of the canaries.
    const std::unordered_set<std::string>& codes() const { return codes_; }
    /// Rows that are named alike count once, by what most of them show: copies of a row are no
    /// evidence of their own. Above 0: more odd numbers than even ones.
    const std::unordered_map<std::uint64_t, std::int32_t>& marks() const { return marks_; }
    /// How many of the plan's identities the file's columns still make.
    std::size_t identities() const { return places_ ? places_->usable() : 0; }

private:
    std::optional<MarkPlaces> places_;
    std::vector<std::string> code_spaces_;
    std::unordered_set<std::string> tokens_;
    std::unordered_set<std::string> codes_;
    std::unordered_map<std::uint64_t, std::int32_t> marks_;
    std::uint64_t rows_ = 0;
    std::uint64_t left_out_ = 0;
};

/// Values of persons whom the exchange knows, as they are in the source.
struct KnownValues {
    TokenField field;
    std::unordered_set<std::string> values{};
};

struct Candidate {
    std::string contract;
    Secret key;  ///< from contract_key(); its marks and canaries are of the same key
};

/// Exponents as in false_accusation.h.
struct HitEvidence {
    std::uint64_t made = 0;  ///< values that the key gave
    std::uint64_t hits = 0;  ///< of them in the file
    int exponent = 0;
};

struct MarkEvidence {
    std::uint64_t looked = 0;
    std::uint64_t agreed = 0;
    std::int64_t z_thousandths = 0;
    int exponent = 0;
};

struct CandidateEvidence {
    std::string contract;
    HitEvidence tokens;
    MarkEvidence marks;
    HitEvidence canaries;
    int exponent = 0;  ///< the best of the three
    bool named = false;
};

struct TraceReport {
    std::uint64_t rows = 0;
    std::uint64_t tokens = 0;    ///< distinct pseudonyms in the file
    std::uint64_t codes = 0;     ///< distinct codes in the canaries' space
    std::uint64_t marks = 0;     ///< distinct marked places in the file
    std::size_t identities = 0;  ///< of the plan, that the file's columns still make
    std::uint64_t left_out = 0;  ///< pseudonyms and places above the limit of memory
    int limit = 0;
    /// All candidates, the surest first.
    std::vector<CandidateEvidence> candidates;

    std::size_t named() const;
};

/// What the marks and canaries of one copy say.
struct CopyEvidence {
    MarkEvidence marks;
    HitEvidence canaries;
};

/// Without the key of the contract, which may be destroyed, canaries that left as pseudonyms are
/// not looked for. `key_of_copy`: from copy_key(). `trials`: how many innocents chance may accuse,
/// in all ways together. Throws: as check_trace_plan().
CopyEvidence weigh_copy(const TracePlan& plan, const LeakedTable& leak,
                        std::optional<ByteView> key_of_contract, ByteView key_of_copy,
                        std::uint64_t trials);

/// Throws: kInvalid trace.candidates when there is none, one twice, or more than a million.
TraceReport trace(const TracePlan& plan, const LeakedTable& leak,
                  std::span<const KnownValues> known, std::span<const Candidate> candidates);

}  // namespace pdx::privacy
