#pragma once
/// One operation on one value. What cannot be read as the operation needs it becomes empty and is
/// counted, never passed on as it came.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/hmac.h"
#include "base/secret.h"
#include "base/text_buffer.h"
#include "privacy/column_batch.h"
#include "privacy/free_text.h"
#include "privacy/number_token.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// The key of one contract, from the root key. Two contracts share nothing.
Secret contract_key(ByteView root_key, std::string_view contract_id);
/// The key under which persons are counted in all releases of one resource that know a person by
/// the same column.
Secret release_key(ByteView root_key, std::string_view resource_id, std::string_view subject);

/// The tokens of a column whose operation is kToken, of the operation's domain when it has one.
/// Requires: has_number_token() of the column's kind.
NumberToken number_token_of(const PlannedColumn& planned, ByteView key_of_contract,
                            Cryptography cryptography);

/// The spellings of one number (spaces, dashes, full-width digits, lower-case x) are one: `buffer`
/// holds it where the value itself is another. Requires: no spaces at the ends.
std::string_view one_spelling(std::string_view value, std::string& buffer);

/// Whether the text has the shape of a pseudonym of any contract.
bool looks_like_pseudonym(std::string_view text);

enum class Outcome : std::uint8_t { kPassed, kMasked, kEmpty, kUnreadable };
/// How often each, by its number.
using OutcomeCounts = std::array<std::uint64_t, 4>;

/// A planned column, ready for millions of values. Thread: not shared.
class CompiledOperation {
public:
    /// Requires: the operation is not kDrop. `patterns`: as FreeTextFinder.
    CompiledOperation(const PlannedColumn& planned, ByteView key_of_contract,
                      Cryptography cryptography = Cryptography::kInternational,
                      const PatternSet* patterns = nullptr);

    /// `subject` is the value of the column that the operation names as its subject; others do not
    /// look at it. The result is valid until the next call and may be a part of `value`.
    std::string_view apply(std::string_view value, Outcome& outcome, std::string_view subject = {});
    using Values = std::span<const std::string_view>;
    /// The same for many, counted. Requires: as many subjects as values.
    /// Ensures: `out` holds the results alone.
    void apply(Values values, Values subjects, ColumnBatch& out, OutcomeCounts& counts);

    /// How many findings kMaskText replaced so far, by kind.
    const FreeTextCounts& text_counts() const { return text_counts_; }

private:
    Outcome append(std::string_view value, std::string_view subject, TextBuffer& out);
    Outcome mask_text(std::string_view value, TextBuffer& out);
    void keep_first_last(std::string_view value, TextBuffer& out) const;
    void round_number(std::string_view value, TextBuffer& out) const;
    void bound_number(std::string_view value, TextBuffer& out) const;
    void make_age_band(std::string_view value, TextBuffer& out) const;
    void generalise_date(std::string_view value, TextBuffer& out) const;
    void shift_date(std::string_view value, std::string_view subject, TextBuffer& out);
    void make_pseudonym(std::string_view value, TextBuffer& out);
    void make_token(std::string_view value, TextBuffer& out);
    void make_tokens(Values values, ColumnBatch& out, OutcomeCounts& counts);
    void print_decimal(std::int64_t units, TextBuffer& out) const;
    Digest keyed(std::string_view message);

    Operation operation_;
    std::size_t hidden_min_ = 1;
    std::variant<std::monostate, HmacSha256, HmacSm3> key_;
    std::optional<NumberToken> token_;
    std::optional<FreeTextMasker> text_masker_;
    FreeTextCounts text_counts_{};
    TextBuffer out_;
    std::vector<std::string_view> plain_;
    TextArena normal_;  ///< of `plain_`, where a value is written in another way
};

}  // namespace pdx::privacy
